"""Days of the Gregorian calendar, counted from 1 for 0001-01-01, as `datetime.toordinal` does."""

from typing import Final

DAY_NAMES: Final = "MonTueWedThuFriSatSun"
MONTH_NAMES: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"

# Days of a year before each month, in three digits.
_BEFORE_MONTH: Final = "000031059090120151181212243273304334"
_DAYS_IN_400_YEARS: Final = 146_097
_DAYS_IN_100_YEARS: Final = 36_524
_DAYS_IN_4_YEARS: Final = 1_461


def is_leap(year: int) -> bool:
    """Whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Days of a month from 1 to 12."""
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def days_before_month(year: int, month: int) -> int:
    """Days of a year before a month from 1 to 12."""
    days = 0
    for digit in _BEFORE_MONTH[3 * month - 3 : 3 * month]:
        days = days * 10 + ord(digit) - ord("0")
    return days + 1 if month > 2 and is_leap(year) else days


def ordinal(year: int, month: int, day: int) -> int:
    """The number of a day."""
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    return days + days_before_month(year, month) + day


def date_of(number: int) -> tuple[int, int, int]:
    """Year, month and day of a number."""
    days = number - 1
    year = days // _DAYS_IN_400_YEARS * 400 + 1
    days %= _DAYS_IN_400_YEARS
    centuries = min(days // _DAYS_IN_100_YEARS, 3)
    days -= centuries * _DAYS_IN_100_YEARS
    cycles = days // _DAYS_IN_4_YEARS
    days %= _DAYS_IN_4_YEARS
    years = min(days // 365, 3)
    days -= years * 365
    year += centuries * 100 + cycles * 4 + years
    month = min(days // 29 + 1, 12)
    while days_before_month(year, month) > days:
        month -= 1
    return year, month, days - days_before_month(year, month) + 1


def two_digits(value: int) -> str:
    """An int from 0 to 99."""
    return f"0{value}" if value < 10 else str(value)
