"""Code objects of guest modules, kept for the process: each VM imports them all anew.

Python keeps byte code beside the source, but not where that is forbidden, as it is in many
containers (`PYTHONDONTWRITEBYTECODE`).
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

_codes: Final[dict[tuple[str, int, int], CodeType]] = {}


class CachingLoader(SourceFileLoader):
    """Loads a module from its source, which it compiles once per content."""

    def get_code(self, fullname: str) -> CodeType | None:
        """The module's code; from the cache unless the file has changed."""
        status = Path(self.path).stat()
        key = (self.path, status.st_mtime_ns, status.st_size)
        code = _codes.get(key)
        if code is None:
            code = super().get_code(fullname)
            if code is not None:
                _codes[key] = code
        return code


class _Finder:
    """Asks the finders behind it, and lets the modules it is for be loaded from the cache."""

    def __init__(self, is_cached: Callable[[str], bool]) -> None:
        self._is_cached = is_cached

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is; None for those of others."""
        if not self._is_cached(name):
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if type(spec.loader) is SourceFileLoader:
                    spec.loader = CachingLoader(name, spec.loader.path)
                return spec
        return None


@contextmanager
def cached_imports(is_cached: Callable[[str], bool]) -> Iterator[None]:
    """Import the named modules from the cache inside the block."""
    finder = _Finder(is_cached)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
