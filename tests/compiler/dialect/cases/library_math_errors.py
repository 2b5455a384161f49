import time, math


def main() -> None:
    print(
        math.floor(2.5),
        math.sqrt(2),
        math.log(10),
        math.isqrt(17),
        math.gcd(12, 18),
        math.inf,
        math.pi,
        math.pow(2, 0.5),
        math.fmod(-7, 3),
        math.copysign(1.0, -0.0),
        math.exp(1),
        math.log2(8),
        math.log10(1000),
        math.degrees(math.pi),
        math.ceil(-0.5),
        math.trunc(-2.7),
    )
    for f in (-1.0, 0.0, float("nan"), float("inf")):
        for name in ("sqrt", "log", "floor", "ceil"):
            try:
                if name == "sqrt":
                    print(math.sqrt(f))
                elif name == "log":
                    print(math.log(f))
                elif name == "floor":
                    print(math.floor(f))
                else:
                    print(math.ceil(f))
            except (ValueError, OverflowError) as e:
                print(type(e).__name__, e)
    try:
        print(math.exp(1000))
    except OverflowError as e:
        print(e)
