"""Modules: no more than every Proxy-Wasm host has, and constants as data."""

import random
from pathlib import Path

import pytest
import wasmtime

from mixer2.compiler import build
from tests.compiler.dialect.harness import CACHE, Instance, all_cases, write_runner

ROOT = Path(__file__).parents[2]

# Beyond the MVP a module may have bulk memory, sign extension, mutable globals and conversions that
# saturate. wasmtime is never without reference types: tests/runtime/test_artefact.py is about them.
REFUSED = (
    *("wasm_simd", "wasm_relaxed_simd", "wasm_multi_value", "wasm_exceptions"),
    *("wasm_multi_memory", "wasm_memory64", "wasm_threads", "wasm_tail_call"),
)

CONSTANTS = """
from enum import Enum, IntEnum, StrEnum
from typing import Final
from pal import PluginContext

class Colour(Enum):
    RED = "red"
    PAIR = (1, "two")

class Level(IntEnum):
    LOW = 1

class Method(StrEnum):
    GET = "get"

NAME: Final = "a name"
NUMBER: Final = 1 << 60

class Plugin(PluginContext):
    def on_configure(self) -> bool:
        kind = self.configuration.decode()
        if kind == NAME:
            print(Colour.RED, Level.LOW, Method.GET, b"bytes", ("a", 1, 2.5, b"c"), NUMBER)
        return len(kind) > NUMBER
"""
WITHOUT = """
from pal import PluginContext

class Plugin(PluginContext):
    def on_configure(self) -> bool:
        return True
"""


def _engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    for name in REFUSED:
        setattr(config, name, False)
    config.wasm_bulk_memory = True
    return wasmtime.Engine(config)


@pytest.mark.parametrize("name", ["mixer", "kafka", "http_telemetry"])
def test_filters_need_no_more_than_every_host_has(name: str) -> None:
    wasm = build(ROOT / "filters" / f"{name}.py", cache_folder=CACHE).wasm

    wasmtime.Module.validate(_engine(), wasm)


def test_cases_of_the_dialect_need_no_more(tmp_path: Path) -> None:
    cases = {case.stem: case.read_text() for case in all_cases()[::4]}
    wasm = build(write_runner(tmp_path, cases), cache_folder=CACHE).wasm

    wasmtime.Module.validate(_engine(), wasm)


def test_a_module_with_another_feature_would_be_seen() -> None:
    wasm = wasmtime.wat2wasm("(module (func (result i32 i32) i32.const 1 i32.const 2))")

    with pytest.raises(wasmtime.WasmtimeError, match="multi-value"):
        wasmtime.Module.validate(_engine(), bytes(wasm))


def test_constants_are_data_and_not_made_at_start(tmp_path: Path) -> None:
    def objects(name: str, source: str) -> int:
        path = tmp_path / f"{name}.py"
        path.write_text(source)
        wasm = build(path, cache_folder=CACHE).wasm
        return Instance(wasmtime.Module(Instance.engine(), wasm)).live_objects()

    assert objects("constants", CONSTANTS) == objects("without", WITHOUT)


def test_data_that_does_not_become_small_has_room(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(400_000).decode("latin-1")
    source = tmp_path / "noise.py"
    source.write_text(
        "from pal import PluginContext\n\n"
        f"NOISE = {noise!r}\n\n"
        "class Plugin(PluginContext):\n"
        "    def on_configure(self) -> bool:\n"
        "        print(len(NOISE), ord(NOISE[0]), ord(NOISE[-1]))\n"
        "        return True\n"
    )
    instance = Instance(wasmtime.Module(Instance.engine(), build(source, cache_folder=CACHE).wasm))

    assert instance.configure(b"") == [f"400000 {ord(noise[0])} {ord(noise[-1])}"]
