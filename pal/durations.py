"""Durations as people write them: `200ms`, `1.5s`, `1h30m`.

Source: Go, `time.ParseDuration`, which CEL's `duration()` follows; without signs, and without
units below the microsecond but `ns`.
"""

from typing import Final

_UNITS: Final = ["ns", "us", "ms", "s", "m", "h"]
_UNITS_NS: Final = [1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000, 3_600_000_000_000]
_DIGITS: Final = "0123456789"
_MOST_DIGITS: Final = 9
_MOST_FRACTION_DIGITS: Final = 6
_ZEROS: Final = "000000"
_MILLION: Final = 1_000_000
_LONGEST_NS: Final = 2**60

NOT_A_DURATION: Final = -1


def parse(text: str) -> int:
    """Nanoseconds; NOT_A_DURATION for what is none, longer than 36 years, or of over 6 decimals."""
    at = 0
    total = 0
    if text == "0":
        return 0
    if not text:
        return NOT_A_DURATION
    while at < len(text):
        start = at
        while at < len(text) and text[at] in _DIGITS:
            at += 1
        whole = text[start:at]
        fraction = ""
        if at < len(text) and text[at] == ".":
            start = at + 1
            at = start
            while at < len(text) and text[at] in _DIGITS:
                at += 1
            fraction = text[start:at]
        start = at
        while at < len(text) and text[at] not in _DIGITS and text[at] != ".":
            at += 1
        unit = text[start:at]
        unit_ns = _unit_ns(unit)
        if unit_ns == 0 or not (whole or fraction):
            return NOT_A_DURATION
        if len(whole) > _MOST_DIGITS or len(fraction) > _MOST_FRACTION_DIGITS:
            return NOT_A_DURATION
        number = int(whole or "0")
        if number > _LONGEST_NS // unit_ns:
            return NOT_A_DURATION
        total += number * unit_ns
        if fraction:
            total += int((fraction + _ZEROS)[:_MOST_FRACTION_DIGITS]) * unit_ns // _MILLION
        if total > _LONGEST_NS:
            return NOT_A_DURATION
    return total


def _unit_ns(unit: str) -> int:
    """Nanoseconds of a unit; 0 when there is none of that name."""
    for index in range(len(_UNITS)):
        if _UNITS[index] == unit:
            return _UNITS_NS[index]
    return 0
