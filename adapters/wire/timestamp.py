"""Times as texts."""

from typing import Final

_NS_PER_MS: Final = 1_000_000
_MS_PER_DAY: Final = 86_400_000

# Days of 400 years, of which each era has the same; it begins on the first of March of year 0.
_DAYS_PER_ERA: Final = 146_097
_DAYS_TO_1970: Final = 719_468


def rfc3339(ns: int) -> str:
    """A time in UTC with milliseconds, `2026-02-03T04:05:06.789Z`.

    Args:
        ns: Nanoseconds since 1970, not below 0.

    Source: RFC 3339; the calendar as in H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    """
    ms = ns // _NS_PER_MS
    days = ms // _MS_PER_DAY + _DAYS_TO_1970
    era = days // _DAYS_PER_ERA
    day_of_era = days - era * _DAYS_PER_ERA
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + era * 400 + (1 if month <= 2 else 0)
    in_day = ms % _MS_PER_DAY
    seconds = in_day // 1_000
    clock = f"{_two(seconds // 3_600)}:{_two(seconds // 60 % 60)}:{_two(seconds % 60)}"
    milliseconds = str(1_000 + in_day % 1_000)[1:]
    return f"{year}-{_two(month)}-{_two(day)}T{clock}.{milliseconds}Z"


def _two(number: int) -> str:
    """A number below 100 in two digits. A format specification would bring all of them along."""
    return str(100 + number)[1:]
