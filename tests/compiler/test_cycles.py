"""Reference cycles are collected in bounded steps, and programs without any carry no collector."""

from pathlib import Path

import pytest
import wasmtime

from mixer2.compiler import build
from tests.compiler.dialect.harness import Instance, _engine

_FILTER = """
from pal import HttpContext, PluginContext

class Peer:
    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        {attribute}

class Stream(HttpContext):
    def __init__(self, plugin: PluginContext) -> None:
        super().__init__(plugin)
        first, second = Peer(bytes(2000)), Peer(bytes(2000))
        {link}

class Plugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.kept = [Peer(b"") for _ in range({kept})]

    def create_http_context(self) -> HttpContext:
        return Stream(self)
"""


def compiled(folder: Path, *, cyclic: bool, kept: int = 0) -> tuple[Instance, dict[str, int]]:
    source = folder / "cycles_filter.py"
    parts = {
        "attribute": "self.other: Peer | None = None" if cyclic else "self.other = 1",
        "link": "first.other, second.other = second, first" if cyclic else "print(second.other)",
    }
    source.write_text(_FILTER.format(kept=kept, **parts))
    artefact = build(source)
    return Instance(wasmtime.Module(_engine(), artefact.wasm)), artefact.function_sizes


def run_streams(instance: Instance, numbers: range) -> None:
    for number in numbers:
        instance.call("proxy_on_context_create", number, 1)
        instance.call("proxy_on_delete", number)


def test_streams_that_leave_cycles_do_not_fill_the_memory(tmp_path: Path) -> None:
    instance, _ = compiled(tmp_path, cyclic=True)
    instance.run("start")
    run_streams(instance, range(2, 1000))
    before = instance.memory_size()
    run_streams(instance, range(1000, 6000))
    # Each stream leaves 4 KB that only the collector frees.
    assert instance.memory_size() == before


def test_what_lives_is_kept_and_does_not_hinder(tmp_path: Path) -> None:
    instance, _ = compiled(tmp_path, cyclic=True, kept=3000)
    instance.run("start")
    run_streams(instance, range(2, 4000))
    before = instance.memory_size()
    run_streams(instance, range(4000, 9000))
    assert instance.memory_size() == before
    live = instance.live_objects()
    run_streams(instance, range(9000, 9010))
    assert instance.live_objects() == live


@pytest.mark.parametrize("cyclic", [True, False])
def test_only_programs_that_can_make_cycles_carry_the_collector(
    tmp_path: Path, *, cyclic: bool
) -> None:
    instance, functions = compiled(tmp_path, cyclic=cyclic)
    assert ("tracked_new" in functions) is cyclic
    assert ("collect_some_cycles" in functions) is cyclic
    instance.run("start")
    run_streams(instance, range(2, 4))
    live = instance.live_objects()
    run_streams(instance, range(4, 20))
    assert instance.live_objects() == live
