"""Writing points in time by a format, as C's strftime in English."""

from typing import Final

from ._calendar import DAY_NAMES, MONTH_NAMES, days_before_month, two_digits

_DAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_MONTHS: Final = (
    "January February March April May June July August September October November December"
)
_SECOND: Final = 1_000_000


def formatted(
    text: str, date: tuple[int, int, int], time: int, weekday: int, offset: str, zone: str
) -> str:
    """The text that a format makes of a point.

    Args:
        text: The format.
        date: Year, month, day.
        time: Microseconds of the day.
        weekday: 0 for Monday.
        offset: Distance from UTC, as +hhmm; "" without a time zone.
        zone: Its name; "" without a time zone.

    Raises:
        ValueError: the format has a directive that the dialect lacks.
    """
    parts: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character != "%" or at == len(text):
            parts.append(character)
            continue
        letter = text[at]
        at += 1
        if letter == "z":
            parts.append(offset)
        elif letter == "Z":
            parts.append(zone)
        elif letter in "HMSfIpT":
            parts.append(_time_part(letter, time))
        else:
            parts.append(_date_part(letter, date, weekday))
    return "".join(parts)


def _time_part(letter: str, time: int) -> str:
    seconds = time // _SECOND
    hour = seconds // 3600
    if letter == "H":
        return two_digits(hour)
    if letter == "M":
        return two_digits(seconds // 60 % 60)
    if letter == "S":
        return two_digits(seconds % 60)
    if letter == "I":
        return two_digits((hour + 11) % 12 + 1)
    if letter == "p":
        return "AM" if hour < 12 else "PM"
    if letter == "f":
        return str(time % _SECOND + _SECOND)[1:]
    return f"{two_digits(hour)}:{two_digits(seconds // 60 % 60)}:{two_digits(seconds % 60)}"


def _date_part(letter: str, date: tuple[int, int, int], weekday: int) -> str:
    year, month, day = date
    if letter == "Y":
        return str(year)
    if letter == "m":
        return two_digits(month)
    if letter == "d":
        return two_digits(day)
    if letter == "e":
        return f" {day}" if day < 10 else str(day)
    if letter == "y":
        return two_digits(year % 100)
    if letter == "j":
        return str(1000 + days_before_month(year, month) + day)[1:]
    if letter == "a":
        return DAY_NAMES[3 * weekday : 3 * weekday + 3]
    if letter == "b":
        return MONTH_NAMES[3 * month - 3 : 3 * month]
    if letter == "A":
        return _DAYS.split(" ")[weekday]
    if letter == "B":
        return _MONTHS.split(" ")[month - 1]
    if letter == "F":
        return f"{year}-{two_digits(month)}-{two_digits(day)}"
    if letter == "u":
        return str(weekday + 1)
    if letter == "w":
        return str((weekday + 1) % 7)
    if letter == "%":
        return "%"
    raise ValueError(f"strftime has no %{letter} in the dialect")
