# A difference that does not show here: CPython makes OSError(2, "gone") a FileNotFoundError.
def main() -> None:
    try:
        raise OSError("gone")
    except OSError as error:
        print(error, repr(error), error.args)
    print(OSError(98765, "no such number"), isinstance(OSError(2, "gone"), OSError))
