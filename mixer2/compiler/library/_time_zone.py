"""Fixed distances from UTC: `datetime.timezone`."""

from typing import ClassVar, Final

from ._calendar import two_digits
from ._time_difference import DAY, HOUR, MINUTE, SECOND, of_microseconds, timedelta


class timezone:  # noqa: N801 - CPython's name
    """A fixed distance from UTC."""

    utc: ClassVar["timezone"]

    def __init__(self, offset: timedelta, name: str | None = None) -> None:
        if not -DAY < offset._total < DAY:
            raise ValueError(
                "offset must be a timedelta strictly between -timedelta(hours=24) and "
                f"timedelta(hours=24), not {offset!r}."
            )
        self._offset = offset._total
        self._name = name

    def utcoffset(self, dt: object) -> timedelta:
        """The distance."""
        return of_microseconds(self._offset)

    def tzname(self, dt: object) -> str:
        """The name."""
        if self._name is not None:
            return self._name
        return f"UTC{offset_text(self._offset)}" if self._offset else "UTC"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, timezone) and self._offset == other._offset

    def __hash__(self) -> int:
        return hash(self._offset)

    def __str__(self) -> str:
        return self.tzname(None)

    def __repr__(self) -> str:
        if self._name is not None:
            return f"datetime.timezone({self.utcoffset(None)!r}, {self._name!r})"
        if self._offset == 0:
            return "datetime.timezone.utc"
        return f"datetime.timezone({self.utcoffset(None)!r})"


def offset_text(offset: int) -> str:
    """A distance from UTC in microseconds, as +hh:mm."""
    sign = "-" if offset < 0 else "+"
    size = abs(offset)
    text = f"{sign}{two_digits(size // HOUR)}:{two_digits(size // MINUTE % 60)}"
    if size % MINUTE:
        text += ":" + two_digits(size // SECOND % 60)
    if size % SECOND:
        text += "." + str(size % SECOND + SECOND)[1:]
    return text


class _Utc(timezone):
    """UTC, made without the code that makes others: every program that imports this has it."""

    def __init__(self) -> None:
        self._offset = 0
        self._name = None


timezone.utc = _Utc()
UTC: Final = timezone.utc
