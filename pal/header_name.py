"""Names of headers: tokens of ASCII characters, whose case does not matter (RFC 9110, section 5.1).

In profile aot these are functions of the run-time (build/runtime/names.c).
"""

from typing import Final

_CHARACTERS: Final = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def lower(name: str) -> str:
    """The name as the proxy has it, with ASCII letters in lower case."""
    # The letters of bytes are those of ASCII.
    return name.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def is_valid(name: str) -> bool:
    """Whether a header can have this name: one or more characters of tokens."""
    return name != "" and all(character in _CHARACTERS for character in name)
