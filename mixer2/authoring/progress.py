"""What is under way, shown when it takes longer than a second."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

_PATIENCE_S = 1.0


@contextmanager
def progress(what: str, console: "Console | None" = None) -> Iterator[None]:
    """Show what is done in the block, once it has taken a second, until it ends.

    It is a line that moves on a terminal. Elsewhere nothing is shown: there programs read.

    Args:
        what: In the present: `compiling filter.py`.
        console: Where; the terminal's error stream by default, so that output can be piped.
    """
    shown = _Shown(what, console)
    timer = Timer(_PATIENCE_S, shown.begin)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        shown.end()


class _Shown:
    """The line; it may begin in one thread while it ends in another."""

    def __init__(self, what: str, console: "Console | None") -> None:
        self._what = what
        self._console = console
        self._lock = Lock()
        self._over = False
        self._status: Status | None = None

    def begin(self) -> None:
        if self._console is None and not sys.stderr.isatty():
            return
        from rich.console import Console  # noqa: PLC0415  most builds end before, and are spared it

        console = self._console or Console(stderr=True, highlight=False)
        with self._lock:
            if self._over or not console.is_terminal:
                return
            self._status = console.status(f"{self._what} ...")
            self._status.start()

    def end(self) -> None:
        with self._lock:
            self._over = True
            if self._status is not None:
                self._status.stop()
