"""How much one client may ask for, so that none disturbs the others."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a server.

    Args:
        streams: Open at the same time, of all clients; one more is RESOURCE_EXHAUSTED.
        streams_per_node: Of one node id. An Envoy that asks for each type by itself has five, and
            twice as many while it connects anew.
        streams_per_connection: HTTP/2 keeps further ones waiting at the client.
        silence: Seconds within which a stream must make its first request.
        requests_per_second: What is read of one stream in the long run; more waits at the client.
        burst: Requests of one stream that are read without waiting.
    """

    streams: int = 20_000
    streams_per_node: int = 16
    streams_per_connection: int = 100
    silence: float = 10.0
    requests_per_second: float = 500.0
    burst: int = 1000


class Pace:
    """Slows down a stream's reader: a bucket of requests that fills by and by.

    Args:
        limits: Its rate and its size.
        clock: Seconds, from any start.
    """

    __slots__ = ("_clock", "_left", "_limits", "_since")

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._left = float(limits.burst)
        self._since = clock()

    def delay(self) -> float:
        """Count a request; returns how many seconds to wait before the next."""
        now = self._clock()
        rate = self._limits.requests_per_second
        self._left = min(self._limits.burst, self._left + (now - self._since) * rate) - 1
        self._since = now
        return max(0.0, -self._left / rate)

    async def step(self) -> None:
        """Count a request, and wait as long as that takes."""
        delay = self.delay()
        if delay:
            await asyncio.sleep(delay)


class LogLimit:
    """Keeps a flood of refusals from becoming a flood of log lines.

    Args:
        per_second: Lines that are written; of the others the number is said later.
        clock: Seconds, from any start.
    """

    __slots__ = ("_clock", "_left", "_per_second", "_second", "_unsaid")

    def __init__(self, per_second: int = 10, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._per_second = per_second
        self._second = -1
        self._left = 0
        self._unsaid = 0

    def admits(self) -> bool:
        """Tell whether to write a line now."""
        second = int(self._clock())
        if second != self._second:
            self._second, self._left = second, self._per_second
        if self._left == 0:
            self._unsaid += 1
            return False
        self._left -= 1
        return True

    def unsaid(self) -> int:
        """Return how many lines were not written since this was asked last."""
        unsaid, self._unsaid = self._unsaid, 0
        return unsaid
