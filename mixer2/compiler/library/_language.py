"""What rewritten source calls (frontend/lowering.py). Never imported by authors."""


def with_cause(exception: object, cause: object) -> BaseException:
    """`exception`, made from a class if need be, with its `__cause__` set."""
    raise NotImplementedError


def find_text(text: str, texts: list[str]) -> int:
    """Where `text` is among `texts`; -1 when it is not."""
    raise NotImplementedError


def exact_int(value: int) -> int:
    """The value, which the compiler does not take for a constant."""
    raise NotImplementedError
