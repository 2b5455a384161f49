"""What the optional parts of `pal` share: numbers of contexts, the start, and the end.

A part keeps things that the proxy will speak of later: timers, callouts, queues. It needs to know
by which number, whether the plugin is still starting, and when the plugin is gone. A program that
imports a part has these callbacks in place of those of `pal.dispatch`; the others pay nothing.
"""

from typing import Final

from pal import attributes, dispatch, hostcalls, metrics, registry, status
from pal.context import PluginContext
from pal.errors import HostcallError, PalError
from pal.stat_names import stat_name


class NotStartedError(PalError):
    """A part was used in a plugin's constructor; `on_configure` is the place for that."""


class Part:
    """Something that keeps state for plugin contexts."""

    def forget(self, root_id: int) -> None:
        """Drop what is kept for a plugin context, which is gone."""


class _State:
    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.starting = False


_state: Final = _State()


def add(part: Part) -> None:
    """Have a part told which plugin contexts are gone."""
    _state.parts.append(part)


def is_starting() -> bool:
    """Whether a plugin is in `on_vm_start` or `on_configure`."""
    return _state.starting


def root_id(plugin: PluginContext) -> int:
    """The proxy's number of a plugin context.

    Raises:
        NotStartedError: the context is still being made.
    """
    number = registry.plugin_number(plugin)
    if number == 0:
        raise NotStartedError(
            "a plugin's constructor cannot start timers or make callouts: do it in on_configure"
        )
    return number


def check(call: str, code: int) -> None:
    """Raise what a host call's status says.

    Raises:
        HostcallError: it is not OK.
    """
    if code != status.OK:
        raise HostcallError(call, code)


def count(name: str) -> None:
    """Count an event in the counter `name`, labelled with the plugin's name."""
    plugin = attributes.get_str("plugin_name") or "unknown"
    metrics.Counter(stat_name(name, ["plugin"], [plugin])).increment()


def enter(context_id: int) -> bool:
    """Let the rest of this callback act on a stream; False when that has ended."""
    return hostcalls.set_effective_context(context_id) == status.OK


def proxy_on_context_create(context_id: int, parent_id: int) -> None:
    """Make a context, and tell it its number."""
    dispatch.proxy_on_context_create(context_id, parent_id)
    stream = registry.stream(context_id)
    if stream is not None:
        stream.context_id = context_id


def proxy_on_vm_start(root: int, configuration_size: int) -> int:
    """The VM starts for a plugin."""
    _state.starting = True
    try:
        return dispatch.proxy_on_vm_start(root, configuration_size)
    finally:
        _state.starting = False


def proxy_on_configure(root: int, configuration_size: int) -> int:
    """Hand a plugin its configuration."""
    _state.starting = True
    try:
        return dispatch.proxy_on_configure(root, configuration_size)
    finally:
        _state.starting = False


def proxy_on_delete(context_id: int) -> None:
    """Let go of a context."""
    is_plugin = registry.plugin(context_id) is not None
    dispatch.proxy_on_delete(context_id)
    if is_plugin:
        for part in _state.parts:
            part.forget(context_id)
