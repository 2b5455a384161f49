"""Several plugin contexts in one VM, whose streams have no contexts of their own (pal.roots)."""

from dataclasses import replace
from pathlib import Path

import pytest

from mixer2.testhost import Host, Target, load
from mixer2.testhost.contexts import RootContext
from mixer2.testhost.plugin import compile_filter

SOURCE = """
from pal import Action, HttpContext, PluginContext, log


class Naming(HttpContext):
    def __init__(self, plugin: "NamingPlugin") -> None:
        super().__init__(plugin)
        self._naming = plugin

    def on_request_headers(self, end_of_stream: bool) -> Action:
        if self.request_headers.get("x-fail"):
            raise ValueError(self._naming.configuration.decode())
        self._naming.requests += 1
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        text = f"{self._naming.configuration.decode()} {self._naming.requests}"
        self.response_headers.add("x-name", text)
        return Action.CONTINUE


class NamingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.requests = 0

    def on_vm_start(self) -> bool:
        log.info("started")
        return True

    def create_http_context(self) -> HttpContext:
        return Naming(self)
"""


class Shared:
    """Plugins of one source in one VM."""

    def __init__(self, folder: Path, target: Target) -> None:
        source = folder / "naming.py"
        source.write_text(SOURCE, encoding="utf-8")
        self.host: Host = load(source, target, compile_filter, "a", leak_check=False)
        self._worker = self.host.workers[0]
        self._settings = self._worker.root.settings
        self._roots: dict[str, RootContext] = {"a": self._worker.root}

    def add(self, name: str) -> None:
        """A plugin more, configured with its name."""
        settings = replace(self._settings, configuration=name.encode())
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


@pytest.mark.parametrize("target", Target)
def test_every_stream_is_its_plugins(tmp_path: Path, target: Target) -> None:
    shared = Shared(tmp_path, target)

    assert shared.ask("aa") == ["a 1", "a 2"]
    shared.add("b")
    shared.add("c")
    assert shared.ask("abcab") == ["a 3", "b 1", "c 1", "a 4", "b 2"]
    shared.end("a")
    assert shared.ask("bcb") == ["b 3", "c 2", "b 4"]
    shared.end("b")
    assert shared.ask("cc") == ["c 3", "c 4"]
    shared.add("d")
    assert shared.ask("dc") == ["d 1", "c 5"]


def test_plugins_that_are_gone_are_freed(tmp_path: Path) -> None:
    shared = Shared(tmp_path, Target.WASM)
    shared.ask("a")
    vm = shared.host.workers[0].vm
    alone = vm.live_objects()

    for first, second in ("ab", "bc", "cd"):
        shared.add(second)
        shared.ask(first + second)
        shared.end(first)
        shared.ask(second + second)

        assert vm.live_objects() == alone


@pytest.mark.parametrize("target", Target)
def test_an_error_ends_nothing(tmp_path: Path, target: Target) -> None:
    shared = Shared(tmp_path, target)

    failed = shared.host.request("GET", "/", {"x-fail": "1"})

    assert failed.headers["x-name"] == "a 0"
    assert shared.host.stats["mixer2_callback_errors_total{plugin=naming}"] == 1
    assert shared.ask("a") == ["a 1"]
