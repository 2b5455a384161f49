"""What a filter finds where Python has files, sockets, threads and waiting: errors that say why.

While the snapshot is made everything may be imported and files be read. `close` ends that.
"""

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
    """Let no module be imported that cannot work, and note what files are read."""
    sys.meta_path.insert(0, _Refusing(removed))
    builtins.open = io.open = _noting(io.open)


def close() -> None:
    """Refuse from now on what a proxy cannot do."""
    sys.meta_path[:] = [
        *(finder for finder in sys.meta_path if finder is not PathFinder),
        _Missing(),
    ]
    sys.path[:] = []
    sys.path_importer_cache.clear()
    for place, name, reason in (
        (builtins, "open", "there are no files in a proxy"),
        (io, "open", "there are no files in a proxy"),
        (io, "open_code", "there are no files in a proxy"),
        (os, "open", "there are no files in a proxy"),
        (builtins, "input", "a proxy has no standard input"),
        (os, "abort", "a filter cannot end the proxy"),
        (os, "_exit", "a filter cannot end the proxy"),
    ):
        setattr(place, name, _refused(OSError, f"{name}(): {reason}"))
    no_threads = "there are no threads in a proxy's sandbox: use pal.timers or callouts"
    for name in ("start_new_thread", "start_new", "start_joinable_thread"):
        if hasattr(_thread, name):
            setattr(_thread, name, _refused(RuntimeError, no_threads))
    threading: Any = sys.modules.get("threading")
    if threading is not None:
        threading.Thread.start = _refused(RuntimeError, no_threads)
    time.sleep = _refused(RuntimeError, "time.sleep() would hold up the proxy: use pal.timers")
    socket: Any = sys.modules.get("socket")
    if socket is not None:
        no_sockets = "there are no sockets in a proxy's sandbox: use pal.http_callout"
        socket.socket.__init__ = _refused(OSError, no_sockets)
        socket.getaddrinfo = _refused(OSError, no_sockets)


def _noting(open_file: Callable[..., Any]) -> Any:
    def noted(file: Any, *arguments: Any, **options: Any) -> Any:
        opened = open_file(file, *arguments, **options)
        if isinstance(file, str | os.PathLike):
            files_read.append(str(Path(file).absolute()))
        return opened

    return noted


def _refused(error: type[Exception], reason: str) -> Any:
    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise error(reason)

    return refuse
