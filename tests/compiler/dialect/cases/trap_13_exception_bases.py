class Mine(RuntimeError):
    pass
class Mine2(OSError):
    pass
class Mine3(ZeroDivisionError):
    pass
class Mine4(TypeError):
    pass
def main() -> None:
    for e in (Mine("a"), Mine2("b"), Mine3("c"), Mine4("d")):
        try:
            raise e
        except (RuntimeError, OSError, ArithmeticError, TypeError) as c:
            print(repr(c), type(c).__name__)
