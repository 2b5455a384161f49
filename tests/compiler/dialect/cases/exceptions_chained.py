class AppError(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code


class Sub(AppError):
    def __str__(self) -> str:
        return f"Sub<{self.code}>"


def f(n: int) -> int:
    try:
        if n == 0:
            raise Sub(1, "x")
        if n == 1:
            raise KeyError("k")
        return 10 // (n - 2)
    except KeyError as error:
        raise AppError(2, "y") from error
    except ZeroDivisionError:
        raise ValueError("zero")
    finally:
        print("finally", n)


def main() -> None:
    for i in range(4):
        try:
            print(f(i))
        except Exception as e:
            print(
                type(e).__name__,
                str(e),
                repr(e),
                e.args,
                repr(e.__cause__),
                repr(e.__context__),
                e.__suppress_context__,
            )
            if isinstance(e, AppError):
                print(e.code)
    try:
        try:
            raise ValueError("a")
        except ValueError:
            raise TypeError("b") from None
    except TypeError as e:
        print(repr(e.__context__), e.__cause__, e.__suppress_context__)
    try:
        try:
            raise ValueError("a")
        finally:
            raise KeyError("in finally")
    except KeyError as e:
        print(repr(e), repr(e.__context__))
