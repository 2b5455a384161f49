"""Parts of texts, without the tuple that `str.partition` makes of them."""


def before(text: str, separator: str) -> str:
    """What stands before the first separator; all of it without one."""
    at = text.find(separator)
    return text if at < 0 else text[:at]


def behind(text: str, separator: str) -> str:
    """What stands behind the first separator; nothing without one."""
    at = text.find(separator)
    return "" if at < 0 else text[at + len(separator) :]
