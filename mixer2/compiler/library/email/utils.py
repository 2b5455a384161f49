"""Dates of mails and HTTP for compiled filters: what `import email.utils` means in profile aot.

Source: RFC 9110, section 5.6.7 (three formats), and RFC 5322, section 3.3.
"""

from typing import Final

from .. import _bytes
from .._calendar import DAY_NAMES, MONTH_NAMES, two_digits
from ..datetime import datetime, timedelta, timezone
from ..time import time

_ZONES: Final = "UT UTC GMT Z "


def format_datetime(dt: datetime, usegmt: bool = False) -> str:
    """The date as mails have it, and with `usegmt` HTTP.

    Raises:
        ValueError: `usegmt`, and the time zone is not UTC.
    """
    zone = "-0000"
    if usegmt:
        if dt.tzinfo is None or dt.tzinfo != timezone.utc:
            raise ValueError("usegmt option requires a UTC datetime")
        zone = "GMT"
    elif dt.tzinfo is not None:
        zone = dt.strftime("%z")
    weekday = dt.weekday()
    month = dt.month
    day_name = DAY_NAMES[3 * weekday : 3 * weekday + 3]
    month_name = MONTH_NAMES[3 * month - 3 : 3 * month]
    clock = f"{two_digits(dt.hour)}:{two_digits(dt.minute)}:{two_digits(dt.second)}"
    year = str(10_000 + dt.year)[1:]
    return f"{day_name}, {two_digits(dt.day)} {month_name} {year} {clock} {zone}"


def formatdate(timeval: float | None = None, localtime: bool = False, usegmt: bool = False) -> str:
    """The date of so many seconds after 1970; None: of this moment.

    Raises:
        ValueError: `localtime`, which a filter has not.
    """
    if localtime:
        raise ValueError("a filter has no local time")
    moment = datetime.fromtimestamp(time() if timeval is None else timeval, timezone.utc)
    text = format_datetime(moment, usegmt=True)
    return text if usegmt else text.replace("GMT", "-0000")


def parsedate_to_datetime(data: str) -> datetime:
    """The point that a date of a mail or of HTTP says; without a time zone where it is unknown.

    Raises:
        ValueError: it is none.
    """
    found = _parsed(data)
    if found is None:
        raise ValueError(f'Invalid date value or format "{data}"')
    return found


def _parsed(data: str) -> datetime | None:
    words = data.replace(",", ", ").split()
    if words and (words[0].endswith(",") or words[0][:3].title() in _names(DAY_NAMES)):
        words = words[1:]
    if len(words) >= 4 and words[0][:3].title() in _names(MONTH_NAMES):
        # asctime: Nov 6 08:49:37 1994
        words = [words[1], words[0], words[3], words[2]]
    elif words and words[0].count("-") == 2:
        # RFC 850: 06-Nov-94
        words = words[0].split("-") + words[1:]
    if len(words) not in (4, 5):
        return None
    day = _bytes.decimal(words[0])
    month = MONTH_NAMES.find(words[1][:3].title())
    year = _bytes.decimal(words[2])
    clock = [_bytes.decimal(part) for part in words[3].split(":")]
    if min(day, month, year) < 0 or month % 3 or len(clock) not in (2, 3) or min(clock) < 0:
        return None
    if year < 100:
        year += 1900 if year > 68 else 2000
    zone = _zone(words[4]) if len(words) == 5 else None
    second = clock[2] if len(clock) == 3 else 0
    return datetime(year, month // 3 + 1, day, clock[0], clock[1], second, 0, zone)


def _names(names: str) -> list[str]:
    return [names[i : i + 3] for i in range(0, len(names), 3)]


def _zone(word: str) -> timezone | None:
    """The time zone of a word; None for -0000, which says that it is unknown, and unknown words."""
    if f"{word.upper()} " in _ZONES:
        return timezone.utc
    digits = _bytes.decimal(word[1:])
    if word[0] not in "+-" or len(word) != 5 or digits < 0:
        return None
    if digits == 0 and word[0] == "-":
        return None
    offset = timedelta(hours=digits // 100, minutes=digits % 100)
    return timezone(-offset if word[0] == "-" else offset)
