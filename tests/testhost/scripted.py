"""A guest written in the test: callbacks that make host calls, without pal and without Wasm."""

from collections.abc import Callable
from typing import Any

from mixer2.testhost.abi import Status
from mixer2.testhost.boundary import Boundary
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.host import Host
from mixer2.testhost.proxy import Proxy
from mixer2.testhost.settings import PluginSettings
from mixer2.testhost.trace import Value

Callback = Callable[..., int | None]


class Calls:
    """Host calls by name: `calls.get_property("request")` is (status, results...)."""

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary

    def __getattr__(self, name: str) -> Callable[..., tuple[Any, ...]]:
        def call(*arguments: Value) -> tuple[Any, ...]:
            status, results = self._boundary.invoke(f"proxy_{name}", *arguments)
            return (status, *results)

        return call


class ScriptedGuest:
    """Callbacks by name without `proxy_`; each gets `Calls` and its ABI arguments."""

    def __init__(self, boundary: Boundary, callbacks: dict[str, Callback]) -> None:
        self._calls = Calls(boundary)
        self._callbacks = {f"proxy_{name}": function for name, function in callbacks.items()}

    @property
    def exports(self) -> frozenset[str]:
        return frozenset(self._callbacks)

    def start(self) -> None:
        pass

    def call(self, callback: str, arguments: tuple[int, ...]) -> int:
        return self._callbacks[callback](self._calls, *arguments) or 0

    def live_objects(self) -> int | None:
        return None

    def memory_size(self) -> int | None:
        return None


def scripted(**callbacks: Callback) -> GuestFactory:
    callbacks.setdefault("on_vm_start", lambda *_: 1)
    callbacks.setdefault("on_configure", lambda *_: 1)
    return lambda boundary: ScriptedGuest(boundary, callbacks)


def host(
    strict: bool = False,
    settings: PluginSettings | None = None,
    proxy: Proxy | None = None,
    **callbacks: Callback,
) -> Host:
    """A host whose plugin is these callbacks."""
    return Host(scripted(**callbacks), settings or PluginSettings(), proxy or Proxy(strict=strict))


OK = Status.OK
NOT_FOUND = Status.NOT_FOUND
BAD_ARGUMENT = Status.BAD_ARGUMENT
