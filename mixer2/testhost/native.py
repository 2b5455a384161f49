"""The guest as plain Python: the filter and `pal`, imported afresh for every VM.

Each VM gets private copies of all guest modules, as a Wasm instance gets memory of its own: no
state survives from one test to the next, and several VMs live side by side. The copies are made
while `sys.modules` lacks the guest packages; afterwards it is as before.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from mixer2 import plugin_program
from mixer2.testhost import late_imports
from mixer2.testhost.boundary import Boundary
from mixer2.testhost.code_cache import CachingLoader, cached_imports
from mixer2.testhost.errors import HostError, LoadError, TrapError
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.native_host import NativeHost

GUEST_PACKAGES: Final = frozenset({"pal", "adapters", "filters"})


class NativeGuest:
    """One VM's worth of guest modules.

    Args:
        source: The filter.
        boundary: Where its host calls go.

    Raises:
        LoadError: the file is no filter.
    """

    def __init__(self, source: Path, boundary: Boundary) -> None:
        with _private_modules(source) as load:
            module = load()
            seam: Any = importlib.import_module("pal.hostcalls")
            importlib.import_module("pal.dispatch")
            modules = dict(sys.modules)
        seam.install(NativeHost(boundary))
        self._is_traced = late_imports.is_tracing() and source == late_imports.traced_filter()
        try:
            self._functions = plugin_program.start(module, modules)
        except plugin_program.NoPluginError as error:
            raise LoadError(str(error)) from error

    @property
    def exports(self) -> frozenset[str]:
        """Callbacks that the program overrides, and those that every program has."""
        return frozenset(self._functions)

    def start(self) -> None:
        """Nothing: importing was the start."""

    def call(self, callback: str, arguments: tuple[int, ...]) -> int:
        """Call its dispatcher. An exception that leaves it would be a trap."""
        try:
            result = self._call(self._functions[callback], arguments)
        except HostError:
            raise
        except Exception as error:
            raise TrapError(f"{type(error).__name__} left {callback}: {error}") from error
        return int(result or 0)

    def _call(self, function: Callable[..., Any], arguments: tuple[int, ...]) -> Any:
        if not self._is_traced:
            return function(*arguments)
        with late_imports.recorded():
            result = function(*arguments)
        late_imports.write_report()
        return result

    def live_objects(self) -> int | None:
        """CPython does not tell; the compiled module does."""
        return None

    def memory_size(self) -> int | None:
        """Python does not tell which of its memory is the plugin's."""
        return None


def native_factory(source: Path) -> GuestFactory:
    """A factory of guests of one filter source."""
    return lambda boundary: NativeGuest(source, boundary)


def package_root(source: Path) -> Path:
    """The folder that holds the filter's top-level package."""
    folder = source.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder


@contextmanager
def _private_modules(source: Path) -> Iterator[Callable[[], ModuleType]]:
    """Import guest modules anew inside the block; `sys.modules` and `sys.path` are restored."""
    source = source.resolve()
    if not source.is_file():
        raise LoadError(f"no filter at {source}")
    root = package_root(source)
    name = ".".join(source.relative_to(root).with_suffix("").parts)
    packages = GUEST_PACKAGES | {name.partition(".")[0]}

    def is_guest(module: str) -> bool:
        return module.partition(".")[0] in packages

    def load() -> ModuleType:
        loader = CachingLoader(name, str(source))
        spec = importlib.util.spec_from_file_location(name, source, loader=loader)
        if spec is None or spec.loader is None:
            raise LoadError(f"{source} is no Python file")
        if "." in name:
            importlib.import_module(name.rpartition(".")[0])
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    saved = {module: sys.modules.pop(module) for module in list(sys.modules) if is_guest(module)}
    sys.path.insert(0, str(root))
    try:
        with cached_imports(is_guest):
            yield load
    finally:
        sys.path.remove(str(root))
        for module in [module for module in sys.modules if is_guest(module)]:
            del sys.modules[module]
        sys.modules.update(saved)
