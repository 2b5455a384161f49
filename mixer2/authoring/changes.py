"""The files that an author edits while the filter runs."""

from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

# Editors write in steps: what comes within this time is one change.
_DEBOUNCE_MS = 60


class _AuthorFiles(DefaultFilter):
    """Python files of the project, and the configuration."""

    def __init__(self, configuration: Path | None) -> None:
        super().__init__()
        self._configuration = str(configuration) if configuration else None

    def __call__(self, change: Change, path: str) -> bool:
        return super().__call__(change, path) and (
            path.endswith(".py") or path == self._configuration
        )


async def changes(source: Path, configuration: Path | None) -> AsyncIterator[set[Path]]:
    """Yield the files that changed, whenever some did.

    Args:
        source: The filter; everything beside it and below counts, since it may import it.
        configuration: Its configuration file.
    """
    folders = {source.parent}
    if configuration is not None:
        folders.add(configuration.parent)
    watching = awatch(
        *folders, watch_filter=_AuthorFiles(configuration), debounce=_DEBOUNCE_MS, step=20
    )
    async for changed in watching:
        yield {Path(path) for _, path in changed}
