# A difference that does not show here: CPython makes a complex number of (-2.0) ** 0.5.
def main() -> None:
    base = float(len("ab"))
    print((base * 2) ** 0.5, (-base) ** 2.0)
