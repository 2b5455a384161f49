"""Contexts by number: the run-time's registry against that of plain Python."""

from hypothesis import example, given
from hypothesis import strategies as st

from pal import registry
from pal.context import HttpContext, PluginContext
from tests.runtime.harness import LinkedRuntime, Runtime, Tagged

PREFIX = "native__pal__registry__"

# Neighbours, as the proxy counts, and numbers that meet in tables of any size.
numbers = st.integers(1, 60) | st.integers(0, 20).map(lambda number: number << 12)
steps = st.tuples(
    st.sampled_from(["add_stream", "add_plugin", "refuse", "answer", "discard"]), numbers
)


class Both:
    """One registry, twice. A context is a text in the compiled one."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.seen: set[int] = set()
        registry.clear()

    def take(self, action: str, number: int) -> None:
        self.seen.add(number)
        match action:
            case "add_stream":
                registry.add_stream(number, _Stream(f"stream {number}"))
                self._change(action, Tagged(number), f"stream {number}")
            case "add_plugin":
                registry.add_plugin(number, _Plugin(f"plugin {number}"))
                self._change(action, Tagged(number), f"plugin {number}")
            case "refuse" | "answer":
                registry.refuse(number, answered=action == "answer")
                self._change("refuse", Tagged(number), int(action == "answer"))
            case "discard":
                registry.discard(number)
                self._change("discard", Tagged(number))

    def _change(self, name: str, *arguments: object) -> None:
        # What is kept outlives the call, and so does the text that is lent to it.
        words = [
            argument.value << 1
            if isinstance(argument, Tagged)
            else argument
            if isinstance(argument, int)
            else self.runtime.make(argument)
            for argument in arguments
        ]
        assert self.runtime.raw(PREFIX + name, *words) == 1
        if name.startswith("add"):
            self.runtime.release(words[1])

    def compare(self) -> None:
        call = self.runtime.call
        for number in self.seen:
            stream, plugin = registry.stream(number), registry.plugin(number)
            assert call(PREFIX + "stream", Tagged(number)) == (stream and str(stream))
            assert call(PREFIX + "plugin", Tagged(number)) == (plugin and str(plugin))
            for name in ("is_refused", "awaits_answer"):
                expected: bool = getattr(registry, name)(number)
                assert call(PREFIX + name, Tagged(number), result="raw") == expected
        assert call(PREFIX + "count", result="tagged") == registry.count()


class _Stream(HttpContext):
    def __init__(self, name: str) -> None:
        super().__init__(PluginContext())
        self._name = name

    def __str__(self) -> str:
        return self._name


class _Plugin(PluginContext):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __str__(self) -> str:
        return self._name


@given(st.lists(steps, max_size=120))
@example([("add_stream", 1), ("refuse", 1), ("discard", 1)])
def test_it_finds_what_plain_python_finds(
    linked: LinkedRuntime, taken: list[tuple[str, int]]
) -> None:
    both = Both(Runtime(linked))
    before = both.runtime.live_objects()
    for action, number in taken:
        both.take(action, number)
    both.compare()

    registry.clear()
    assert both.runtime.raw(PREFIX + "clear") == 1
    both.compare()
    assert both.runtime.live_objects() == before


def test_a_plugin_knows_its_number(runtime: Runtime) -> None:
    plugin = runtime.make("plugin")
    assert runtime.raw(PREFIX + "plugin_number", plugin) == 0
    assert runtime.raw(PREFIX + "add_plugin", 7 << 1, plugin) == 1
    assert runtime.raw(PREFIX + "plugin_number", plugin) == 7 << 1


def test_blocks_do_not_grow_with_the_streams_that_were(runtime: Runtime) -> None:
    def stream(number: int) -> None:
        text = runtime.make("stream")
        runtime.raw(PREFIX + "add_stream", number << 1, text)
        runtime.release(text)

    for number in range(100):
        stream(number)
    for number in range(100):
        runtime.raw(PREFIX + "discard", number << 1)
    before = runtime.live_objects()
    for number in range(100, 3_000):
        stream(number)
        runtime.raw(PREFIX + "discard", number << 1)
    assert runtime.live_objects() == before
