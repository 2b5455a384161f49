"""Times between two points: `datetime.timedelta`, whole microseconds in an int."""

from typing import Final

from . import _math
from ._calendar import two_digits

# In microseconds.
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


class timedelta:  # noqa: N801 - CPython's name
    """A time between two points."""

    def __init__(
        self,
        days: int | float = 0,
        seconds: int | float = 0,
        microseconds: int | float = 0,
        milliseconds: int | float = 0,
        minutes: int | float = 0,
        hours: int | float = 0,
        weeks: int | float = 0,
    ) -> None:
        total = microseconds_of(days, DAY) + microseconds_of(seconds, SECOND)
        total += microseconds_of(microseconds, 1) + microseconds_of(milliseconds, 1000)
        total += microseconds_of(minutes, MINUTE) + microseconds_of(hours, HOUR)
        self._total = total + microseconds_of(weeks, 7 * DAY)

    @property
    def days(self) -> int:
        """Whole days, negative before 0."""
        return self._total // DAY

    @property
    def seconds(self) -> int:
        """Seconds of the day."""
        return self._total % DAY // SECOND

    @property
    def microseconds(self) -> int:
        """Microseconds of the second."""
        return self._total % SECOND

    def total_seconds(self) -> float:
        """All of it in seconds."""
        return self._total / SECOND

    def __add__(self, other: "timedelta") -> "timedelta":
        return of_microseconds(self._total + other._total)

    def __sub__(self, other: "timedelta") -> "timedelta":
        return of_microseconds(self._total - other._total)

    def __mul__(self, factor: int) -> "timedelta":
        return of_microseconds(self._total * factor)

    def __neg__(self) -> "timedelta":
        return of_microseconds(-self._total)

    def __abs__(self) -> "timedelta":
        return of_microseconds(abs(self._total))

    def __bool__(self) -> bool:
        return self._total != 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, timedelta) and self._total == other._total

    def __hash__(self) -> int:
        return hash(self._total)

    def __lt__(self, other: "timedelta") -> bool:
        return self._total < other._total

    def __le__(self, other: "timedelta") -> bool:
        return self._total <= other._total

    def __gt__(self, other: "timedelta") -> bool:
        return self._total > other._total

    def __ge__(self, other: "timedelta") -> bool:
        return self._total >= other._total

    def __str__(self) -> str:
        seconds = self.seconds
        minute = two_digits(seconds // 60 % 60)
        text = f"{seconds // 3600}:{minute}:{two_digits(seconds % 60)}"
        if self.microseconds:
            text += "." + str(self.microseconds + SECOND)[1:]
        days = self.days
        if days:
            text = f"{days} day{'' if abs(days) == 1 else 's'}, {text}"
        return text

    def __repr__(self) -> str:
        parts: list[str] = []
        if self.days:
            parts.append(f"days={self.days}")
        if self.seconds:
            parts.append(f"seconds={self.seconds}")
        if self.microseconds:
            parts.append(f"microseconds={self.microseconds}")
        return f"datetime.timedelta({', '.join(parts) or '0'})"


def microseconds_of(value: int | float, unit: int) -> int:
    """A value in a unit of so many microseconds, rounded to even."""
    if isinstance(value, int):
        return value * unit
    whole = int(value)
    return whole * unit + int(_math.nearest((value - whole) * unit))


def of_microseconds(total: int) -> timedelta:
    """A timedelta of so many microseconds."""
    found = timedelta()
    found._total = total
    return found
