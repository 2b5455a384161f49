"""Several plugin contexts in one VM, whose streams have no contexts of their own (pal.roots)."""

from dataclasses import replace
from pathlib import Path

import pytest

from mixer2.testhost import Host, Response, Target, load
from mixer2.testhost.contexts import RootContext
from mixer2.testhost.plugin import compile_filter
from mixer2.testhost.trace import HostCalled

SOURCE = Path(__file__).parents[1] / "pal" / "naming.py"


class Shared:
    """Plugins of one source in one VM."""

    def __init__(self, target: Target) -> None:
        self.host: Host = load(SOURCE, target, compile_filter, "a", leak_check=False)
        self._worker = self.host.workers[0]
        self._settings = self._worker.root.settings
        self._roots: dict[str, RootContext] = {"a": self._worker.root}

    def add(self, name: str, *, plugin_name: str | None = None) -> None:
        """A plugin more, configured with its name; the proxy may know it by another."""
        settings = replace(
            self._settings,
            configuration=name.encode(),
            name=plugin_name or self._settings.name,
        )
        self._roots[name] = self._worker.vm.add_plugin(settings)

    def end(self, name: str) -> None:
        """The proxy lets go of one."""
        self.host.proxy.end_root(self._roots.pop(name))

    def ask(self, order: str) -> list[str]:
        """What they say, one request after the other."""
        said = []
        for name in order:
            self._worker.root = self._roots[name]
            said.append(self.host.get("/").headers["x-name"])
        return said

    def ask_at_once(self, order: str) -> list[str]:
        """What they say to requests that are all under way before one is answered."""
        exchanges = []
        for name in order:
            self._worker.root = self._roots[name]
            exchanges.append(self.host.open("GET", "/", upstream=None))
        for exchange in exchanges:
            exchange.respond(Response(200))
        return [exchange.response.headers["x-name"] for exchange in exchanges]

    @property
    def attributes_read(self) -> int:
        """How many attributes its guest has asked for."""
        crossings = self.host.transcript.crossings
        names = [one.name for one in crossings if isinstance(one, HostCalled)]
        return names.count("proxy_get_property")


@pytest.mark.parametrize("names", [{}, {"b": "B", "c": "C", "d": "D"}, {"b": "B", "c": "B"}])
@pytest.mark.parametrize("target", Target)
def test_every_stream_is_its_plugins(target: Target, names: dict[str, str]) -> None:
    shared = Shared(target)

    assert shared.ask("aa") == ["a 1", "a 2"]
    shared.add("b", plugin_name=names.get("b"))
    shared.add("c", plugin_name=names.get("c"))
    assert shared.ask("abcab") == ["a 3", "b 1", "c 1", "a 4", "b 2"]
    shared.end("a")
    assert shared.ask("bcb") == ["b 3", "c 2", "b 4"]
    shared.end("b")
    assert shared.ask("cc") == ["c 3", "c 4"]
    shared.add("d", plugin_name=names.get("d"))
    assert shared.ask("dc") == ["d 1", "c 5"]


def test_many_plugins() -> None:
    shared = Shared(Target.WASM)
    others = "bcdefghijklmnopqrstuvwxyz"
    for name in others:
        shared.add(name, plugin_name=name)
    # The last one has the name of the first one here.
    shared.add("0", plugin_name="b")

    order = "a" + others + "0"
    assert shared.ask(order) == [f"{name} 1" for name in order]


def test_plugins_that_are_gone_are_freed() -> None:
    shared = Shared(Target.WASM)
    shared.ask("a")
    vm = shared.host.workers[0].vm
    alone = vm.live_objects()

    for first, second in ("ab", "bc", "cd"):
        shared.add(second)
        shared.ask(first + second)
        shared.end(first)
        # It is asked for those that are gone at every sixteenth context.
        shared.ask(16 * second)

        assert vm.live_objects() == alone


def test_only_the_first_callback_of_a_stream_asks_whose_it_is() -> None:
    shared = Shared(Target.WASM)
    shared.add("b", plugin_name="B")
    before = shared.attributes_read

    # Each request has two callbacks.
    shared.ask("abab")

    assert shared.attributes_read - before == 4


@pytest.mark.parametrize("target", Target)
def test_many_streams_at_once(target: Target) -> None:
    shared = Shared(target)
    shared.add("b", plugin_name="B")
    shared.add("c", plugin_name="B")

    # More than the guest remembers whose they are.
    order = "abc" * 120
    assert shared.ask_at_once(order) == [f"{name} 120" for name in order]


@pytest.mark.parametrize("target", Target)
def test_an_error_ends_nothing(target: Target) -> None:
    shared = Shared(target)

    failed = shared.host.request("GET", "/", {"x-fail": "1"})

    assert failed.headers["x-name"] == "a 0"
    assert shared.host.stats["mixer2_callback_errors_total{plugin=naming}"] == 1
    assert shared.ask("a") == ["a 1"]
