class AppError(Exception):
    pass


def chained(none: bool) -> None:
    try:
        raise ValueError("low")
    except ValueError as low:
        if none:
            raise AppError("high") from None
        raise AppError("high") from low


def main() -> None:
    for none in (True, False):
        try:
            chained(none)
        except AppError as error:
            print(repr(error.__cause__), repr(error.__context__), error.__suppress_context__)
