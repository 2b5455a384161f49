class AppError(Exception):
    """Base."""


class CodeError(AppError):
    def __init__(self, code: int, text: str = "none") -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text

    def describe(self) -> str:
        return f"<{self.code} {self.text}>"


class Shown(AppError):
    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return f"shown {self.name}"


class Plain(ValueError):
    pass


class NotFound(KeyError):
    pass


def cause() -> None:
    try:
        try:
            raise ValueError("low")
        except ValueError as low:
            raise AppError("high") from low
    except AppError as error:
        print(repr(error.__cause__), repr(error.__context__), error.__suppress_context__)


def cause_none() -> None:
    try:
        try:
            raise ValueError("low")
        except ValueError:
            raise AppError("high") from None
    except AppError as error:
        print(repr(error.__cause__), repr(error.__context__), error.__suppress_context__)


def cause_class() -> None:
    try:
        raise AppError from KeyError
    except AppError as error:
        print(repr(error), repr(error.__cause__))


def main() -> None:
    try:
        raise CodeError(404, "nope")
    except AppError as error:
        print(error, repr(error), error.args, type(error).__name__)
        if isinstance(error, CodeError):
            print(error.code, error.text, error.describe())
    try:
        raise CodeError(code=1)
    except CodeError as coded:
        print(coded, coded.code)
    try:
        raise Shown("s")
    except AppError as error:
        print(error, str(error), repr(error), error.args)
    try:
        raise Plain
    except ValueError as plain:
        print(repr(plain), str(plain) == "")
    try:
        raise Plain("a", 1)
    except ValueError as plain:
        print(repr(plain), plain)
    try:
        raise NotFound("key")
    except LookupError as missing:
        print(missing, repr(missing))
    cause()
    cause_none()
    cause_class()
    kept = AppError("kept")
    for _ in range(2):
        try:
            raise kept
        except AppError as caught:
            print(caught is kept)
    print(isinstance(kept, Exception), issubclass(CodeError, AppError))
    try:
        raise RuntimeError("r")
    except Exception as e:
        print(f"{e!r} {e}")
    for kind in (ValueError, KeyError, AppError):
        try:
            raise kind("dyn")
        except Exception as e:
            print(repr(e))
    empty: dict[str, int] = {}
    try:
        print(empty["x"])
    except KeyError as e:
        print(repr(e), e, e.args)
