"""Reading ISO 8601, as `datetime.fromisoformat` of CPython 3.11 does; without weeks."""

from typing import Final

from . import _bytes

_SECOND: Final = 1_000_000


class IsoFields:
    """What a text says; a date alone is its midnight."""

    def __init__(self) -> None:
        self.year = 0
        self.month = 0
        self.day = 0
        self.hour = 0
        self.minute = 0
        self.second = 0
        self.microsecond = 0
        self.has_zone = False
        self.offset = 0


def parse_iso(text: str) -> IsoFields:
    """Read a date, and a time and a distance from UTC (in microseconds) if there are some.

    Raises:
        ValueError: it is not ISO 8601, or names a week.
    """
    fields = IsoFields()
    if not _date_and_time(text, fields):
        raise ValueError(f"Invalid isoformat string: {text!r}")
    return fields


def _date_and_time(text: str, fields: IsoFields) -> bool:
    if len(text) < 8:
        return False
    fields.year = _bytes.decimal(text[:4])
    separated = text[4] == "-"
    if separated and (len(text) < 10 or text[7] != "-"):
        return False
    fields.month = _bytes.decimal(text[5:7] if separated else text[4:6])
    fields.day = _bytes.decimal(text[8:10] if separated else text[6:8])
    if min(fields.year, fields.month, fields.day) < 0:
        return False
    rest = text[10:] if separated else text[8:]
    return not rest or (len(rest) > 1 and _time_and_zone(rest[1:], fields))


def _time_and_zone(text: str, fields: IsoFields) -> bool:
    at = 0
    while at < len(text) and text[at] not in "+-Z":
        at += 1
    values = _times(text[:at])
    if values is None:
        return False
    fields.hour, fields.minute, fields.second, fields.microsecond = values
    if at == len(text):
        return True
    fields.has_zone = True
    if text[at] == "Z":
        return at + 1 == len(text)
    distance = _times(text[at + 1 :])
    if distance is None:
        return False
    hours, minutes, seconds, microseconds = distance
    offset = ((hours * 60 + minutes) * 60 + seconds) * _SECOND + microseconds
    fields.offset = -offset if text[at] == "-" else offset
    return True


def _times(text: str) -> tuple[int, int, int, int] | None:
    """Hours, minutes, seconds and microseconds of hh[[:]mm[[:]ss[.ffffff]]]."""
    place = 0
    values = [0, 0, 0]
    has_colons = text[2:3] == ":"
    for index in range(3):
        values[index] = _bytes.decimal(text[place : place + 2])
        if values[index] < 0 or len(text) < place + 2:
            return None
        place += 2
        if place == len(text):
            return values[0], values[1], values[2], 0
        if index < 2 and has_colons:
            if text[place] != ":":
                return None
            place += 1
    if text[place] not in ".,":
        return None
    fraction = text[place + 1 :]
    if not fraction or fraction.strip("0123456789"):
        return None
    return values[0], values[1], values[2], _bytes.decimal((fraction + "00000")[:6])
