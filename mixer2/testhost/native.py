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

from mixer2.testhost import abi
from mixer2.testhost.boundary import Boundary
from mixer2.testhost.code_cache import CachingLoader, cached_imports
from mixer2.testhost.errors import HostError, LoadError, TrapError
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.native_host import NativeHost

GUEST_PACKAGES: Final = frozenset({"pal", "adapters", "filters"})

_ALWAYS: Final = frozenset({"proxy_on_configure", "proxy_on_context_create", "proxy_on_delete"})
_METHODS: Final = {
    "proxy_on_downstream_connection_close": "on_downstream_close",
    "proxy_on_upstream_connection_close": "on_upstream_close",
}
"""Callbacks whose method is not simply named as they are, without `proxy_`."""

_TCP: Final = frozenset({"pal.tcp"})
_QUEUES: Final = frozenset({"pal.queues"})
_HTTP_CALLOUTS: Final = frozenset({"pal.http_callout"})
_GRPC_CALLOUTS: Final = frozenset({"pal.grpc_callout"})
_GRPC_STREAMS: Final = frozenset({"pal.grpc_stream"})
_DNS: Final = frozenset({"pal.dns"})
_TIMERS: Final = frozenset({"pal.timers"})
_PARTS: Final = _TIMERS | _QUEUES
_MODULES: Final[dict[str, frozenset[str]]] = {
    "proxy_on_tick": _TIMERS,
    "proxy_on_queue_ready": _QUEUES,
    "proxy_on_http_call_response": _HTTP_CALLOUTS,
    "proxy_on_grpc_receive_initial_metadata": _GRPC_STREAMS,
    "proxy_on_grpc_receive": _GRPC_CALLOUTS,
    "proxy_on_grpc_receive_trailing_metadata": _GRPC_STREAMS,
    "proxy_on_grpc_close": _GRPC_CALLOUTS,
    "envoy_on_resolve_dns": _DNS,
}
"""Parts of `pal` that live on a callback: who imports them has it."""

_CONNECTIONS: Final = ("pal.tcp", _TCP)
_STARTS: Final = ("pal.parts", _PARTS)
_DISPATCHERS: Final[dict[str, tuple[tuple[str, frozenset[str]], ...]]] = {
    "proxy_on_context_create": (_CONNECTIONS, _STARTS),
    "proxy_on_vm_start": (_STARTS,),
    "proxy_on_configure": (_STARTS,),
    "proxy_on_tick": (("pal.timers", _TIMERS),),
    "proxy_on_queue_ready": (("pal.queues", _QUEUES),),
    "proxy_on_new_connection": (_CONNECTIONS,),
    "proxy_on_downstream_data": (_CONNECTIONS,),
    "proxy_on_upstream_data": (_CONNECTIONS,),
    "proxy_on_downstream_connection_close": (_CONNECTIONS,),
    "proxy_on_upstream_connection_close": (_CONNECTIONS,),
    "proxy_on_http_call_response": (("pal.http_callout", _HTTP_CALLOUTS),),
    "proxy_on_grpc_receive_initial_metadata": (("pal.grpc_stream", _GRPC_STREAMS),),
    "proxy_on_grpc_receive": (("pal.grpc_callout", _GRPC_CALLOUTS),),
    "proxy_on_grpc_receive_trailing_metadata": (("pal.grpc_stream", _GRPC_STREAMS),),
    "proxy_on_grpc_close": (("pal.grpc_callout", _GRPC_CALLOUTS),),
    "envoy_on_resolve_dns": (("pal.dns", _DNS),),
    "proxy_on_log": (_CONNECTIONS, ("pal.access_log", frozenset({"pal.access_log"}))),
    "proxy_on_done": (_CONNECTIONS,),
    "proxy_on_delete": (_CONNECTIONS, _STARTS),
}
"""Modules that dispatch a callback in place of `pal.dispatch`, when one of theirs is imported.

`mixer2.compiler.callbacks` says the same for compiled modules.
"""

_BASES: Final = (
    ("pal.context", "PluginContext"),
    ("pal.context", "HttpContext"),
    ("pal.tcp", "TcpContext"),
    ("pal.access_log", "AccessLogger"),
)


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
            dispatch: Any = importlib.import_module("pal.dispatch")
            seam: Any = importlib.import_module("pal.hostcalls")
            context: Any = importlib.import_module("pal.context")
            modules: dict[str, Any] = dict(sys.modules)
        seam.install(NativeHost(boundary))
        plugin_class = _plugin_class(module, context.PluginContext)
        factory_class: Any = type(
            "Factory",
            (dispatch.PluginFactory,),
            {"create": lambda _self: plugin_class()},
        )
        dispatch.register(factory_class())
        imported = frozenset(modules)
        bases = [getattr(modules[name], base) for name, base in _BASES if name in modules]
        self._functions: dict[str, Callable[..., int | None]] = {
            callback: getattr(modules[_dispatcher(callback, imported)], callback)
            for callback in abi.CALLBACKS
            if _is_exported(callback, bases, imported)
        }

    @property
    def exports(self) -> frozenset[str]:
        """Callbacks that the program overrides, and those that every program has."""
        return frozenset(self._functions)

    def start(self) -> None:
        """Nothing: importing was the start."""

    def call(self, callback: str, arguments: tuple[int, ...]) -> int:
        """Call its dispatcher. An exception that leaves it would be a trap."""
        try:
            result = self._functions[callback](*arguments)
        except HostError:
            raise
        except Exception as error:
            raise TrapError(f"{type(error).__name__} left {callback}: {error}") from error
        return int(result or 0)

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


def _plugin_class(module: ModuleType, base: type) -> type:
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
    ]
    concrete = [value for value in found if not any(value in other.__mro__[1:] for other in found)]
    if len(concrete) != 1:
        names = ", ".join(value.__name__ for value in concrete) or "none"
        raise LoadError(
            f"{module.__file__}: a filter has exactly one concrete subclass of PluginContext; "
            f"this module has {names}"
        )
    return concrete[0]


def _dispatcher(callback: str, imported: frozenset[str]) -> str:
    for module, importing in _DISPATCHERS.get(callback, ()):
        if not imported.isdisjoint(importing):
            return module
    return "pal.dispatch"


def _is_exported(callback: str, bases: list[type], imported: frozenset[str]) -> bool:
    """Whether the compiler would export a callback: each costs the proxy a call per event.

    `tests/testhost/test_targets.py` compares this with compiled modules.
    """
    if callback in _ALWAYS or not imported.isdisjoint(_MODULES.get(callback, frozenset())):
        return True
    method = _METHODS.get(callback, callback.removeprefix("proxy_"))
    return any(
        method in vars(subclass)
        for base in bases
        if method in vars(base)
        for subclass in _descendants(base)
    )


def _descendants(base: type) -> Iterator[type]:
    subclasses: list[type] = base.__subclasses__()
    for subclass in subclasses:
        yield subclass
        yield from _descendants(subclass)
