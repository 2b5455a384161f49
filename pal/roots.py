"""Plugin contexts of programs that keep no contexts of streams.

Such a program has neither `proxy_on_context_create` nor `proxy_on_delete`, each of which would
cost every request a call. So a plugin's context is made when its start is called, and whether it
is gone is asked when there is another. Mostly there is one in a VM, and every stream is its own.
Where there are several, the plugin's name tells: the proxy knows it for a stream, too. After a
change of configuration two have the same name, until the last stream of the old one has ended:
then Envoy is asked for a value that it keeps for each plugin context, a CEL expression of its own,
which takes it longer.

The first plugin context needs none: it is that of the streams for which there is no expression.
The compiler decides which programs are such (mixer2/compiler/frontend/stateless.py).

Source: proxy-wasm-cpp-host, `src/context.cc` (callbacks that are not exported are skipped);
Envoy, `source/extensions/common/wasm/foreign.cc` (expressions belong to the plugin context).
"""

from typing import Final

from pal import dispatch, hostcalls, registry, status
from pal.context import PluginContext

# The first expression that a plugin context makes has this token.
_TOKEN: Final = b"\0\0\0\0"

_NAME: Final = "plugin_name"

# How many callbacks lie between two questions for plugin contexts that are gone, at most.
_MOST_UNASKED: Final = 128


class CommonStream:
    """The one context that does for all streams, while there is one plugin context."""

    def forget(self) -> None:
        """There is another plugin context."""
        raise NotImplementedError


class _Roots:
    def __init__(self) -> None:
        self.common: CommonStream | None = None
        # The one whose streams find no expression.
        self.unmarked = 0
        # The one that `proxy_on_vm_start` made and `proxy_on_configure` has not seen.
        self.starting = 0
        # The name of each plugin context.
        self.names: dict[int, bytes | None] = {}
        # Callbacks since there is another plugin context, while there are several.
        self.sought = 0


_roots: Final = _Roots()


def reset() -> None:
    """Forget everything, as a new VM would."""
    _roots.unmarked = 0
    _roots.starting = 0
    _roots.names.clear()


def register(common: CommonStream) -> None:
    """Say who keeps the context for all streams; once, before the first callback."""
    _roots.common = common


def of_stream(context_id: int) -> PluginContext | None:
    """The plugin context of the stream whose callback this is."""
    only = registry.only_plugin()
    return _sought(context_id) if only is None else only


def proxy_on_vm_start(root_id: int, configuration_size: int) -> int:
    """The VM starts for a plugin; 0 refuses its configuration."""
    _make(root_id)
    _roots.starting = root_id
    return dispatch.proxy_on_vm_start(root_id, configuration_size)


def proxy_on_configure(root_id: int, configuration_size: int) -> int:
    """Hand a plugin its configuration; 0 refuses it."""
    if _roots.starting != root_id:
        _make(root_id)
    _roots.starting = 0
    return dispatch.proxy_on_configure(root_id, configuration_size)


def _make(root_id: int) -> None:
    """Make a plugin context, in place of the one that goes by the number already."""
    if _roots.common is not None:
        _roots.common.forget()
    if registry.plugin(root_id) is None:
        _forget_gone(root_id)
        _mark(root_id)
    dispatch.add_plugin(root_id)


# In profile aot the rest is build/runtime/roots.c.


def _mark(root_id: int) -> None:
    """Have the streams of a plugin context find its number, unless there is no other one."""
    _roots.sought = 0
    first = registry.plugin_after(0)
    if first == 0:
        _roots.unmarked = root_id
        return
    if first == _roots.unmarked and first not in _roots.names:
        # It was alone until now, when a name told nothing.
        hostcalls.set_effective_context(first)
        _roots.names[first] = hostcalls.get_property(_NAME)
        hostcalls.set_effective_context(root_id)
    _roots.names[root_id] = hostcalls.get_property(_NAME)
    hostcalls.call_foreign_function("expr_create", str(root_id).encode())


def _sought(context_id: int) -> PluginContext | None:
    """As `of_stream`, where there may be several."""
    _roots.sought += 1
    if _roots.sought & (_roots.sought - 1) == 0:
        _forget_gone(context_id)
        if _roots.sought == 2 * _MOST_UNASKED:
            _roots.sought = _MOST_UNASKED
    only = registry.only_plugin()
    if only is not None:
        return only
    if None not in _roots.names.values():
        name = hostcalls.get_property(_NAME)
        named = [number for number, known in _roots.names.items() if known == name]
        if len(named) == 1:
            return registry.plugin(named[0])
    found = hostcalls.call_foreign_function("expr_evaluate", _TOKEN)
    number = _roots.unmarked if found is None else int.from_bytes(found, "little")
    return registry.plugin(number)


def _forget_gone(context_id: int) -> None:
    """Let go of the plugin contexts that the proxy has no more; `context_id` is the current one."""
    number = registry.plugin_after(0)
    if number == 0:
        return
    while number != 0:
        if hostcalls.set_effective_context(number) == status.BAD_ARGUMENT:
            registry.discard(number)
            _roots.names.pop(number, None)
        number = registry.plugin_after(number)
    hostcalls.set_effective_context(context_id)
