"""Points in time for compiled filters: what `import datetime` means in profile aot.

`datetime`, `timedelta` and `timezone`, all of whole microseconds in an int: a timedelta ends at 146
centuries. A filter has no local time, so that `now` and `fromtimestamp` need a time zone, and a
datetime without one has no timestamp.
"""

from typing import Final, overload

from pal import hostcalls

from ._calendar import date_of, days_in_month, ordinal, two_digits
from ._iso_format import parse_iso
from ._time_difference import DAY, HOUR, MINUTE, SECOND, microseconds_of, of_microseconds
from ._time_difference import timedelta as timedelta
from ._time_format import formatted
from ._time_zone import UTC as UTC
from ._time_zone import offset_text
from ._time_zone import timezone as timezone

MINYEAR: Final = 1
MAXYEAR: Final = 9999

# In microseconds from a day before 0001-01-01.
_EPOCH: Final = 719_163 * DAY
_END: Final = 3_652_060 * DAY


class datetime:  # noqa: N801 - CPython's name
    """A point in time."""

    def __init__(
        self,
        year: int,
        month: int,
        day: int,
        hour: int = 0,
        minute: int = 0,
        second: int = 0,
        microsecond: int = 0,
        tzinfo: timezone | None = None,
    ) -> None:
        if not MINYEAR <= year <= MAXYEAR:
            raise ValueError(f"year {year} is out of range")
        if not 1 <= month <= 12:
            raise ValueError("month must be in 1..12")
        if not 1 <= day <= days_in_month(year, month):
            raise ValueError("day is out of range for month")
        if not 0 <= hour <= 23:
            raise ValueError("hour must be in 0..23")
        if not 0 <= minute <= 59:
            raise ValueError("minute must be in 0..59")
        if not 0 <= second <= 59:
            raise ValueError("second must be in 0..59")
        if not 0 <= microsecond <= 999_999:
            raise ValueError("microsecond must be in 0..999999")
        local = ordinal(year, month, day) * DAY + hour * HOUR + minute * MINUTE
        # Microseconds of the local time, counted from a day before 0001-01-01.
        self._local = local + second * SECOND + microsecond
        self.tzinfo = tzinfo

    @staticmethod
    def now(tz: timezone) -> "datetime":
        """This moment, by the proxy's clock."""
        return _of_utc(hostcalls.get_current_time_nanoseconds() // 1000 + _EPOCH, tz)

    @staticmethod
    def fromtimestamp(timestamp: int | float, tz: timezone) -> "datetime":
        """So many seconds after 1970."""
        return _of_utc(microseconds_of(timestamp, SECOND) + _EPOCH, tz)

    @staticmethod
    def fromisoformat(date_string: str, /) -> "datetime":
        """The point that a text of ISO 8601 says, RFC 3339 among them.

        Raises:
            ValueError: it is none, or names a week.
        """
        fields = parse_iso(date_string)
        zone: timezone | None = None
        if fields.has_zone:
            zone = timezone(of_microseconds(fields.offset)) if fields.offset else timezone.utc
        return datetime(
            fields.year,
            fields.month,
            fields.day,
            fields.hour,
            fields.minute,
            fields.second,
            fields.microsecond,
            zone,
        )

    @property
    def year(self) -> int:
        """The year."""
        return date_of(self._local // DAY)[0]

    @property
    def month(self) -> int:
        """The month, from 1."""
        return date_of(self._local // DAY)[1]

    @property
    def day(self) -> int:
        """The day of the month, from 1."""
        return date_of(self._local // DAY)[2]

    @property
    def hour(self) -> int:
        """The hour."""
        return self._local % DAY // HOUR

    @property
    def minute(self) -> int:
        """The minute."""
        return self._local % HOUR // MINUTE

    @property
    def second(self) -> int:
        """The second."""
        return self._local % MINUTE // SECOND

    @property
    def microsecond(self) -> int:
        """The microsecond."""
        return self._local % SECOND

    def toordinal(self) -> int:
        """The number of the day, 1 for 0001-01-01."""
        return self._local // DAY

    def weekday(self) -> int:
        """The day of the week, 0 for Monday."""
        return (self._local // DAY + 6) % 7

    def isoweekday(self) -> int:
        """The day of the week, 1 for Monday."""
        return self.weekday() + 1

    def utcoffset(self) -> timedelta | None:
        """The time zone's distance from UTC."""
        return None if self.tzinfo is None else self.tzinfo.utcoffset(self)

    def tzname(self) -> str | None:
        """The time zone's name."""
        return None if self.tzinfo is None else self.tzinfo.tzname(self)

    def timestamp(self) -> float:
        """Seconds since 1970.

        Raises:
            ValueError: it has no time zone.
        """
        if self.tzinfo is None:
            raise ValueError("a filter has no local time: give the datetime a time zone")
        return (self._utc() - _EPOCH) / SECOND

    def astimezone(self, tz: timezone) -> "datetime":
        """The same point in another time zone.

        Raises:
            ValueError: it has no time zone.
        """
        if self.tzinfo is None:
            raise ValueError("a filter has no local time: give the datetime a time zone")
        return _of_utc(self._utc(), tz)

    def replace(
        self,
        year: int | None = None,
        month: int | None = None,
        day: int | None = None,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        microsecond: int | None = None,
        tzinfo: timezone | None = None,
    ) -> "datetime":
        """This with other parts; a time zone can be changed, not taken away."""
        return datetime(
            self.year if year is None else year,
            self.month if month is None else month,
            self.day if day is None else day,
            self.hour if hour is None else hour,
            self.minute if minute is None else minute,
            self.second if second is None else second,
            self.microsecond if microsecond is None else microsecond,
            self.tzinfo if tzinfo is None else tzinfo,
        )

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """The text of ISO 8601, which is RFC 3339's when there is a time zone.

        Args:
            sep: Between date and time.
            timespec: "auto", "hours", "minutes", "seconds", "milliseconds" or "microseconds".
        """
        year, month, day = date_of(self._local // DAY)
        date = f"{str(10_000 + year)[1:]}-{two_digits(month)}-{two_digits(day)}"
        return f"{date}{sep}{self._time_text(timespec)}{self._offset_text()}"

    def _time_text(self, timespec: str) -> str:
        text = two_digits(self.hour)
        fraction = self.microsecond
        if timespec == "hours":
            return text
        text += ":" + two_digits(self.minute)
        if timespec == "minutes":
            return text
        text += ":" + two_digits(self.second)
        digits = str(fraction + SECOND)[1:]
        if timespec == "microseconds" or (timespec == "auto" and fraction):
            return f"{text}.{digits}"
        if timespec == "milliseconds":
            return f"{text}.{digits[:3]}"
        if timespec in ("auto", "seconds"):
            return text
        raise ValueError("Unknown timespec value")

    def _offset_text(self) -> str:
        return "" if self.tzinfo is None else offset_text(self.tzinfo._offset)

    def strftime(self, format: str) -> str:  # noqa: A002
        """The text that a format makes of it.

        Raises:
            ValueError: the format has a directive that the dialect lacks.
        """
        zone = self.tzinfo
        date = date_of(self._local // DAY)
        offset = self._offset_text().replace(":", "")
        name = "" if zone is None else zone.tzname(self)
        return formatted(format, date, self._local % DAY, self.weekday(), offset, name)

    def __str__(self) -> str:
        return self.isoformat(" ")

    def __repr__(self) -> str:
        year, month, day = date_of(self._local // DAY)
        text = f"{year}, {month}, {day}, {self.hour}, {self.minute}"
        if self.second or self.microsecond:
            text += f", {self.second}"
        if self.microsecond:
            text += f", {self.microsecond}"
        if self.tzinfo is not None:
            text += f", tzinfo={self.tzinfo!r}"
        return f"datetime.datetime({text})"

    def __add__(self, other: timedelta) -> "datetime":
        return _of_local(self._local + other._total, self.tzinfo)

    @overload
    def __sub__(self, other: "datetime") -> timedelta: ...
    @overload
    def __sub__(self, other: timedelta) -> "datetime": ...
    def __sub__(self, other: "datetime | timedelta") -> "datetime | timedelta":
        if isinstance(other, timedelta):
            return _of_local(self._local - other._total, self.tzinfo)
        if (self.tzinfo is None) != (other.tzinfo is None):
            raise TypeError("can't subtract offset-naive and offset-aware datetimes")
        return of_microseconds(self._utc() - other._utc())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, datetime) or (self.tzinfo is None) != (other.tzinfo is None):
            return False
        return self._utc() == other._utc()

    def __hash__(self) -> int:
        return hash(self._utc())

    def __lt__(self, other: "datetime") -> bool:
        return self._comparable(other) < other._utc()

    def __le__(self, other: "datetime") -> bool:
        return self._comparable(other) <= other._utc()

    def __gt__(self, other: "datetime") -> bool:
        return self._comparable(other) > other._utc()

    def __ge__(self, other: "datetime") -> bool:
        return self._comparable(other) >= other._utc()

    def _comparable(self, other: "datetime") -> int:
        if (self.tzinfo is None) != (other.tzinfo is None):
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return self._utc()

    def _utc(self) -> int:
        """Microseconds as `_local`, of UTC when there is a time zone."""
        return self._local if self.tzinfo is None else self._local - self.tzinfo._offset


def _of_utc(utc: int, zone: timezone) -> datetime:
    return _of_local(utc + zone._offset, zone)


def _of_local(local: int, zone: timezone | None) -> datetime:
    if not DAY <= local < _END:
        raise OverflowError("date value out of range")
    found = datetime(1, 1, 1, tzinfo=zone)
    found._local = local
    return found
