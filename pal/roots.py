"""Plugin contexts of programs that keep no contexts of streams.

Such a program has neither `proxy_on_context_create` nor `proxy_on_delete`, each of which would
cost every request a call. So a plugin's context is made when its start is called, with the one
context for all its streams, and whether it is gone is asked when there is another. Mostly there is
one in a VM, and every stream is its own. Where there are several, the plugin's name tells: the
proxy knows it for a stream, too. After a change of configuration two have the same name, until the
last stream of the old one has ended: then Envoy is asked for a value that it keeps for each plugin
context, a CEL expression of its own, which takes it longer. The answer is kept for the stream's
later callbacks.

The first plugin context needs none: it is that of the streams for which there is no expression.
The compiler decides which programs are such (mixer2/compiler/frontend/stateless.py).

Source: proxy-wasm-cpp-host, `src/context.cc` (callbacks that are not exported are skipped);
Envoy, `source/extensions/common/wasm/foreign.cc` (expressions belong to the plugin context).
"""

from typing import Final

from pal import dispatch, hostcalls, registry, status
from pal.context import HttpContext

# The first expression that a plugin context makes has this token.
_TOKEN: Final = b"\0\0\0\0"

_NAME: Final = "plugin_name"

# Every so many numbers of contexts it is asked for plugin contexts that are gone.
_CHECK_EVERY: Final = 16

# For how many streams it is remembered whose they are. Their numbers do not come again.
_MOST_ASKED: Final = 256


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


_roots: Final = _Roots()

# The name of each plugin context.
_names: Final[dict[int, bytes | None]] = {}

# Streams and their plugin contexts, each in the place that the low bits of its number say.
_asked: Final[dict[int, tuple[int, int]]] = {}


def reset() -> None:
    """Forget everything, as a new VM would."""
    _roots.unmarked = 0
    _roots.starting = 0
    _names.clear()
    _asked.clear()


def register(common: CommonStream) -> None:
    """Say who keeps the context for all streams; once, before the first callback."""
    _roots.common = common


def of_stream(context_id: int) -> HttpContext | None:
    """The context for all streams of the plugin whose stream's callback this is."""
    return registry.stream(_root_of(context_id))


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
    answer = dispatch.proxy_on_configure(root_id, configuration_size)
    plugin = registry.plugin(root_id)
    if plugin is not None:
        # By the plugin's own number, which no stream has.
        registry.add_stream(root_id, plugin.create_http_context())
    return answer


def _make(root_id: int) -> None:
    """Make a plugin context, in place of the one that goes by the number already."""
    if _roots.common is not None:
        _roots.common.forget()
    _forget_gone(root_id)
    dispatch.add_plugin(root_id)
    _mark(root_id)


# In profile aot the rest is build/runtime/roots.c.


def _mark(root_id: int) -> None:
    """Have the streams of a plugin context find its number."""
    _names[root_id] = hostcalls.get_property(_NAME)
    if registry.plugin_after(0) == root_id:
        _roots.unmarked = root_id
    else:
        hostcalls.call_foreign_function("expr_create", str(root_id).encode())


def _root_of(context_id: int) -> int:
    """The number of the plugin context that a stream is of."""
    place = context_id % _MOST_ASKED
    stream, root = _asked.get(place, (0, 0))
    if stream != context_id:
        root = _sought(context_id)
        _asked[place] = (context_id, root)
    return root


def _sought(context_id: int) -> int:
    """As `_root_of`, which keeps the answer."""
    if context_id % _CHECK_EVERY == 0:
        _forget_gone(context_id)
    if registry.only_plugin() is not None:
        return registry.plugin_after(0)
    name = hostcalls.get_property(_NAME)
    named = [number for number, known in _names.items() if known == name]
    if name is not None and len(named) == 1:
        return named[0]
    found = hostcalls.call_foreign_function("expr_evaluate", _TOKEN)
    return _roots.unmarked if found is None else int.from_bytes(found, "little")


def _forget_gone(context_id: int) -> None:
    """Let go of the plugin contexts that the proxy has no more; `context_id` is the current one."""
    number = registry.plugin_after(0)
    if number == 0:
        return
    while number != 0:
        if hostcalls.set_effective_context(number) == status.BAD_ARGUMENT:
            # The context for all its streams, and itself.
            registry.discard(number)
            registry.discard(number)
            _names.pop(number, None)
        number = registry.plugin_after(number)
    hostcalls.set_effective_context(context_id)
