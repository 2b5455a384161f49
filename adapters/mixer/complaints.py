"""Complaints about a handler in the proxy's log: at most one a second, and how many there were."""

from typing import Final

from pal import clock, log

_INTERVAL_NS: Final = 1_000_000_000


class Complaints:
    """A handler's complaints.

    Args:
        handler: Name of the handler.
    """

    def __init__(self, handler: str) -> None:
        self._handler = handler
        self._unsaid = 0
        self._next_ns = 0

    def warn(self, reason: str) -> None:
        """Log a warning, unless one was logged within the last second."""
        now_ns = clock.now_ns()
        if now_ns < self._next_ns:
            self._unsaid += 1
            return
        more = f" (and {self._unsaid} more)" if self._unsaid > 0 else ""
        log.warning(f"handler {self._handler}: {reason}{more}")
        self._unsaid = 0
        self._next_ns = now_ns + _INTERVAL_NS
