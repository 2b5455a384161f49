"""Decimal digits as the proxy and JSON write them."""

from typing import Final

_MOST_DIGITS: Final = 18


def leading_int(text: str) -> int:
    """The int that `text` starts with, of at most 18 digits; 0 when it starts with none.

    `int()` also takes spaces, underscores and the digits of all scripts, and is 2 KB larger. In
    profile aot this is a function of the run-time (build/runtime/digits.c).
    """
    sign = 1
    if text.startswith("-"):
        sign = -1
        text = text[1:]
    value = 0
    for digit in text[:_MOST_DIGITS]:
        if not "0" <= digit <= "9":
            break
        value = value * 10 + ord(digit) - ord("0")
    return sign * value
