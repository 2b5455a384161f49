"""Time that stands still until the test moves it."""

import heapq
from collections.abc import Callable
from itertools import count
from typing import Final

NANOSECONDS: Final = 1_000_000_000
START: Final = 1_700_000_000 * NANOSECONDS
"""Where every clock begins: 2023-11-14 22:13:20 UTC."""


class Timer:
    """One thing that will happen; `cancel` prevents it."""

    __slots__ = ("action", "due")

    def __init__(self, due: int, action: Callable[[], None]) -> None:
        self.due = due
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Let it not happen."""
        self.action = None


class Clock:
    """Wall and monotonic clock of the proxy, in nanoseconds since 1970.

    Args:
        now: Where it stands at first.
    """

    def __init__(self, now: int = START) -> None:
        self._now = now
        self._timers: list[tuple[int, int, Timer]] = []
        self._order = count()

    def now_ns(self) -> int:
        """What `proxy_get_current_time_nanoseconds` answers."""
        return self._now

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Call `action` once the clock has moved on by `seconds`."""
        timer = Timer(self._now + round(seconds * NANOSECONDS), action)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        return timer

    def advance(self, seconds: float, settle: Callable[[], None]) -> None:
        """Move on, and let everything due happen at its own time and in its order.

        Args:
            seconds: How far.
            settle: Lets happen what follows at once, such as answers; before what is due later.
        """
        if seconds < 0:
            raise ValueError(f"a clock does not go back: {seconds} s")
        end = self._now + round(seconds * NANOSECONDS)
        while self._timers and self._timers[0][0] <= end:
            due, _, timer = heapq.heappop(self._timers)
            self._now = max(self._now, due)
            if timer.action is not None:
                timer.action()
                settle()
        self._now = end
