"""Counters, and the memory that holds those of one server for development."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

_CLEAN_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Demand:
    """What is wanted of one counter.

    Attributes:
        key: Name of the counter.
        limit: Requests in a window.
        window: Length of the window, seconds.
        amount: Requests that are wanted.
    """

    key: str
    limit: int
    window: int
    amount: int


@dataclass(frozen=True, slots=True)
class Level:
    """A counter after a demand.

    Attributes:
        remaining: Requests left in the window.
        reset_ms: Milliseconds until the window ends, at least 1.
        short: Whether this counter had too little.
    """

    remaining: int
    reset_ms: int
    short: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What a demand got.

    Attributes:
        granted: Requests that were counted, on every counter that is limited by them.
        levels: Of the counters, in the order of the demands.
    """

    granted: int
    levels: tuple[Level, ...]


class Store(Protocol):
    """Counters that are changed by one step at a time, whoever asks."""

    async def take(self, demands: Sequence[Demand], *, partial: bool) -> Taken:
        """Count requests on all counters, or on none.

        Args:
            demands: At least one, with different keys.
            partial: Whether as many as are left everywhere are taken when the amount is not; then
                all demands want the same amount.

        Raises:
            StoreUnavailable: the counters cannot be reached.
        """

    async def ping(self) -> None:
        """Look whether the counters can be reached.

        Raises:
            StoreUnavailable: they cannot.
        """

    async def close(self) -> None:
        """Let go of connections."""


class MemoryStore:
    """Counters in this process: they are gone when it ends, and no other server sees them.

    Args:
        clock: Gives seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        # Start of the window, its end, and requests counted, by key.
        self._counters: dict[str, tuple[int, int, int]] = {}
        self._takes = 0

    async def take(self, demands: Sequence[Demand], *, partial: bool) -> Taken:
        """Count; see `Store`. There is no await inside, so nothing comes between."""
        now = self._clock()
        self._clean(now)
        used = [self._used(demand, int(now)) for demand in demands]
        room = [max(0, one.limit - count) for one, count in zip(demands, used, strict=True)]
        granted = demands[0].amount
        if partial:
            granted = min(granted, *room)
        elif any(one.amount > left for one, left in zip(demands, room, strict=True)):
            granted = 0
        levels: list[Level] = []
        for demand, left, count in zip(demands, room, used, strict=True):
            start = int(now) - int(now) % demand.window
            charged = (granted if partial else demand.amount) if granted else 0
            self._counters[demand.key] = (start, start + demand.window, count + charged)
            reset_ms = max(1, round((start + demand.window - now) * 1000))
            levels.append(Level(left - charged, reset_ms, demand.amount > left))
        return Taken(granted, tuple(levels))

    async def ping(self) -> None:
        """They are here."""

    async def close(self) -> None:
        """Nothing is to be let go of."""

    def _used(self, demand: Demand, now: int) -> int:
        start, _, count = self._counters.get(demand.key, (0, 0, 0))
        return count if start == now - now % demand.window else 0

    def _clean(self, now: float) -> None:
        """Drop windows that are over, every so often: keys come from clients."""
        self._takes += 1
        if self._takes % _CLEAN_EVERY == 0:
            self._counters = {key: one for key, one in self._counters.items() if one[1] > now}
