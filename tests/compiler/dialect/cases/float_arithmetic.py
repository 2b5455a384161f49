import math


def main() -> None:
    vals = [
        0.1 + 0.2,
        1e16,
        1e15,
        123456789012345680.0,
        1e-5,
        0.0001,
        5e-324,
        1.7976931348623157e308,
        -0.0,
        float("nan"),
        float("inf"),
        -float("inf"),
        1.0,
        100.0,
        2.5,
        1e22,
        1e23,
        1 / 3,
    ]
    for v in vals:
        print(v, repr(v), str(v), f"{v}", f"{v:.3f}", f"{v:e}", f"{v:g}", v == v, bool(v))
    print(
        round(0.5),
        round(1.5),
        round(2.5),
        round(-0.5),
        round(2.675, 2),
        round(1234.5678, -2),
        round(5.015, 2),
        round(1e16 + 1),
        type(round(2.0, 1)).__name__,
        round(12345, -2),
        round(15, -1),
        round(25, -1),
    )
    print(
        7.5 // 2,
        -7.5 // 2,
        7.5 % 2,
        -7.5 % 2,
        7.5 % -2,
        divmod(-7.5, 2.0),
        1e308 * 10,
        0.0 / 1.0,
        -0.0 + 0.0,
        5 // -2,
        -5 // 2,
        5 % -3,
        -5 % 3,
        divmod(-7, 2),
        divmod(7, -2),
    )
    print(
        2**0.5,
        2.0**3,
        (-8.0) ** 2,
        4**-1,
        0**0,
        2**61,
        (-2) ** 3,
        10.0**-2,
        (1.5).is_integer(),
        (2.0).is_integer(),
        (0.75).as_integer_ratio(),
        1,
    )
    print(
        int(2.9),
        int(-2.9),
        math.floor(-2.5),
        math.ceil(-2.5),
        math.trunc(2.7),
        int(1e15),
        float(2**53 + 1),
        float(10**18),
        3 == 3.0,
        hash(3) == hash(3.0),
        hash(2.5) == hash(2.5),
        1e18 == 10**18,
    )
    print(
        math.isclose(0.1 + 0.2, 0.3),
        max(1.0, float("nan")),
        min([3.5, 1.25]),
        sum([0.1] * 10),
        abs(-2.5),
        -(-2.5),
        +2.5,
        1_000.5,
        0x10,
        0b11,
        0o17,
    )
    print(
        1 < 2.5 < 3,
        1 == 1.0,
        True + 1.5,
        True + True,
        10 / 4,
        10 / 5,
        -7 / 2,
        1e300 * 1e10 == float("inf"),
        float("1e400"),
        float("-Infinity"),
        float("  nan "),
    )
    for text in (
        "1.",
        ".5",
        "1e5",
        "1E+5",
        "0x10",
        "1__0",
        "1_0",
        "",
        " ",
        "1 2",
        "+-1",
        "infinity",
        "1e",
        "\u0661.5",
    ):
        try:
            print(text, float(text))
        except ValueError as e:
            print(e)
