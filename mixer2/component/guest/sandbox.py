"""What a filter finds where Python has files, sockets, threads and waiting: errors that say why.

While the snapshot is made everything may be imported and files be read. `close` ends that.
"""

import _signal  # type: ignore[import-not-found]
import _socket
import _thread
import builtins
import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

_TOOLS = frozenset({"mixer2"})

_NO_THREADS = "there are no threads in a proxy's sandbox: use pal.timers or callouts"
_NO_LOOP = "a proxy calls a filter, which never waits: use callouts and pal.timers"
_NO_SOCKETS = "there are no sockets in a proxy's sandbox: use pal.http_callout"

_closed = False

files_read: list[str] = []
"""Files that were opened while the snapshot was made."""


class LogStream(io.TextIOBase):
    """A text stream whose lines go to the proxy's log.

    Args:
        write_line: Takes a line, without its end.
    """

    def __init__(self, write_line: Callable[[bytes], Any]) -> None:
        self._write_line = write_line
        self._begun = ""

    def write(self, text: str) -> int:
        """Log all lines that are now complete."""
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._write_line(line.encode("utf-8", "backslashreplace"))
        return len(text)

    def flush(self) -> None:
        """Log what was begun."""
        if self._begun:
            self._write_line(self._begun.encode("utf-8", "backslashreplace"))
            self._begun = ""

    def writable(self) -> bool:
        """Yes."""
        return True


class _ProxyEndError(RuntimeError):
    """A filter wants to end the proxy."""


class _Refusing:
    """Refuses modules whose machine code is not in the template, and tools."""

    def __init__(self, removed: Iterable[str]) -> None:
        self._removed = frozenset(removed)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """None for what is allowed."""
        if name in self._removed:
            raise ModuleNotFoundError(
                f"{name} is not part of profile cpython (docs/cpython.md)", name=name
            )
        if name.partition(".")[0] in _TOOLS:
            raise ModuleNotFoundError(
                f"{name} is a tool: guest code imports guest code only", name=name
            )
        return None


class _Missing:
    """Says what to do about a module that is not in the snapshot."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> NoReturn:
        """Nothing can be found any more."""
        raise ModuleNotFoundError(
            f"No module named {name!r} in this filter: there are no files in a proxy, so every "
            f"module must be imported when the filter is built. Import it at the top of a module, "
            f"or build with --include {name}",
            name=name,
        )


def keep_out(removed: Iterable[str]) -> None:
    """Before the filter is imported: no module that cannot work, and gates that `close` shuts.

    Gates are there from the start, since filters bind names when they are imported.
    """
    sys.meta_path.insert(0, _Refusing(removed))
    builtins.open = io.open = _noting(io.open)
    no_files = "there are no files in a proxy"
    no_end = "a filter cannot end the proxy"
    for place, name, error, reason in (
        (builtins, "open", OSError, f"open(): {no_files}"),
        (io, "open", OSError, f"open(): {no_files}"),
        (os, "open", OSError, f"open(): {no_files}"),
        (builtins, "input", OSError, "a proxy has no standard input"),
        (os, "abort", OSError, f"abort(): {no_end}"),
        (os, "_exit", OSError, f"_exit(): {no_end}"),
        (sys, "exit", RuntimeError, f"sys.exit(): {no_end}"),
        (_signal, "raise_signal", OSError, f"raise_signal(): {no_end}"),
        (time, "sleep", RuntimeError, "time.sleep() would hold up the proxy: use pal.timers"),
        (_thread, "start_new_thread", RuntimeError, _NO_THREADS),
        (_thread, "start_joinable_thread", RuntimeError, _NO_THREADS),
        (_socket, "socket", OSError, _NO_SOCKETS),
        (_socket, "getaddrinfo", OSError, _NO_SOCKETS),
    ):
        if not isinstance(getattr(place, name, type), type):
            setattr(place, name, _gate(getattr(place, name), error, reason))


def close() -> None:
    """Refuse from now on what a proxy cannot do."""
    global _closed
    _closed = True
    sys.meta_path[:] = [
        *(finder for finder in sys.meta_path if finder is not PathFinder),
        _Missing(),
    ]
    sys.path[:] = []
    sys.path_importer_cache.clear()
    # What `raise SystemExit` finds by that name is an error like any other.
    builtins.SystemExit = _ProxyEndError  # type: ignore[assignment, misc]
    events: Any = sys.modules.get("asyncio.events")
    if events is not None:
        events.new_event_loop = _gate(events.new_event_loop, RuntimeError, _NO_LOOP)
    socket: Any = sys.modules.get("socket")
    if socket is not None:
        socket.socket.__init__ = _gate(socket.socket.__init__, OSError, _NO_SOCKETS)
    threading: Any = sys.modules.get("threading")
    if threading is not None:
        threading.Thread.start = _gate(threading.Thread.start, RuntimeError, _NO_THREADS)


def _gate(real: Callable[..., Any], error: type[Exception], reason: str) -> Any:
    """What `real` does until `close`, and an exception from then on."""

    def gate(*arguments: Any, **options: Any) -> Any:
        if _closed:
            raise error(reason)
        return real(*arguments, **options)

    return gate


def _noting(open_file: Callable[..., Any]) -> Any:
    def noted(file: Any, *arguments: Any, **options: Any) -> Any:
        opened = open_file(file, *arguments, **options)
        if isinstance(file, str | os.PathLike):
            files_read.append(str(Path(file).absolute()))
        return opened

    return noted
