"""Files that changed on disk."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import TypeAlias

from watchfiles import Change, DefaultFilter, awatch

# Editors and deployment tools write in steps: what comes within this time is one change.
_DEBOUNCE_MS = 60
_LOOK_AGAIN_MS = 200

Stamp: TypeAlias = tuple[int, int, int] | None
"""Inode, size and time of a file; None when there is none."""


class FileWatch:
    """Says when files changed; which ones are watched can change meanwhile.

    The system's notifications make it quick. Looking at the files as well finds what they miss:
    a link far above that was swapped, a network file system.
    """

    def __init__(self) -> None:
        self._stamps: dict[Path, Stamp] = {}
        self._python: frozenset[Path] = frozenset()
        self._folders: frozenset[Path] = frozenset()
        self._other = asyncio.Event()

    def watch(self, files: Iterable[Path]) -> None:
        """Watch these files, and with a .py all Python beside it and below: it may import it."""
        wanted = {path.absolute() for path in files}
        self._stamps = {
            path: self._stamps[path] if path in self._stamps else stamp_of(path) for path in wanted
        }
        self._python = frozenset(path.parent for path in wanted if path.suffix == ".py")
        folders = frozenset(path.parent for path in wanted if path.parent.is_dir())
        if folders != self._folders:
            self._folders = folders
            self._other.set()

    async def changes(self) -> AsyncGenerator[set[Path], None]:
        """Yield the files that changed, whenever some did; ends only by being closed."""
        while True:
            self._other.clear()
            if not self._folders:
                await self._other.wait()
                continue
            watching = awatch(
                *self._folders,
                watch_filter=_Relevant(self),
                debounce=_DEBOUNCE_MS,
                step=20,
                rust_timeout=_LOOK_AGAIN_MS,
                yield_on_timeout=True,
                stop_event=self._other,
                recursive=bool(self._python),
            )
            async with aclosing(watching):
                async for events in watching:
                    changed = {path for _, name in events if self._is_imported(path := Path(name))}
                    changed |= self._different()
                    if changed:
                        yield changed

    def concerns(self, path: Path) -> bool:
        """Tell whether a change of `path` may matter."""
        return path in self._stamps or self._is_imported(path)

    def _is_imported(self, path: Path) -> bool:
        return path.suffix == ".py" and any(map(path.is_relative_to, self._python))

    def _different(self) -> set[Path]:
        """Files that are not what they were when this was asked last."""
        now = {path: stamp_of(path) for path in self._stamps}
        changed = {path for path, stamp in now.items() if stamp != self._stamps[path]}
        self._stamps = now
        return changed


class _Relevant(DefaultFilter):
    def __init__(self, watch: FileWatch) -> None:
        super().__init__()
        self._watch = watch

    def __call__(self, change: Change, path: str) -> bool:
        return super().__call__(change, path) and self._watch.concerns(Path(path))


def stamp_of(path: Path) -> Stamp:
    """Return what is different when a file was changed or replaced."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
