"""Contexts by the numbers that the proxy gave them.

Every callback begins here, so in profile aot the functions are the run-time's
(build/runtime/registry.c).
"""

from typing import Final

from pal.context import HttpContext, PluginContext

_plugins: Final[dict[int, PluginContext]] = {}
_streams: Final[dict[int, HttpContext]] = {}
# Streams that are answered with an error, by whether they have been: without a context they are
# answered in the first callback, and the answer's own callbacks may fail again.
_refused: Final[dict[int, bool]] = {}


def plugin(number: int) -> PluginContext | None:
    """The plugin context of that number, while the proxy has it."""
    return _plugins.get(number)


def only_plugin() -> PluginContext | None:
    """The plugin context, while there is exactly one."""
    return next(iter(_plugins.values())) if len(_plugins) == 1 else None


def plugin_after(number: int) -> int:
    """The lowest number of a plugin context that is higher than this; 0 when there is none."""
    return min((known for known in _plugins if known > number), default=0)


def stream(number: int) -> HttpContext | None:
    """The HTTP context of that number, while the proxy has it."""
    return _streams.get(number)


def add_plugin(number: int, context: PluginContext) -> None:
    """Keep a plugin context until it is discarded."""
    _plugins[number] = context


def add_stream(number: int, context: HttpContext) -> None:
    """Keep an HTTP context until it is discarded."""
    _streams[number] = context


def refuse(number: int, answered: bool) -> None:
    """Note that a stream is to be answered with an error, or was."""
    _refused[number] = answered


def is_refused(number: int) -> bool:
    """Whether `refuse` noted that stream."""
    return number in _refused


def awaits_answer(number: int) -> bool:
    """Whether a stream is refused and not answered yet."""
    return number in _refused and not _refused[number]


def discard(number: int) -> None:
    """Forget what goes by that number, if anything does."""
    if _streams.pop(number, None) is None:
        _plugins.pop(number, None)
    _refused.pop(number, None)


def plugin_number(context: PluginContext) -> int:
    """The number of a plugin context; 0 when it has none, as in its constructor."""
    for number, known in _plugins.items():
        if known is context:
            return number
    return 0


def count() -> int:
    """Plugin and stream contexts that the proxy has not deleted yet."""
    return len(_plugins) + len(_streams)


def clear() -> None:
    """Forget all contexts, as a new VM would."""
    _plugins.clear()
    _streams.clear()
    _refused.clear()
