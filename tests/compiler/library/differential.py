"""The same guest code in CPython, with CPython's library, and compiled, with ours.

A guest module (`guests/*.py`) has `def answer(request: bytes) -> list[str]`. Requests are made by
hypothesis or by hand; both answers must be equal, and no object may be left behind.
"""

import importlib.util
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import wasmtime
from platformdirs import user_cache_path

from mixer2.compiler import build
from tests.compiler.dialect.harness import Instance

GUESTS = Path(__file__).parent / "guests"

_RUNNER = """
from pal import PluginContext
import {name}


class Runner(PluginContext):
    def on_configure(self) -> bool:
        for line in {name}.answer(self.configuration):
            print(line)
        return True
"""


class Differential:
    """One guest module in both worlds."""

    def __init__(self, name: str) -> None:
        self._instance = Instance(compiled(name))
        self._answer = native(name)

    def compiled(self, request: bytes) -> list[str]:
        """What the compiled guest answers."""
        return self._instance.configure(request)

    def native(self, request: bytes) -> list[str]:
        """What CPython answers."""
        return [line for text in self._answer(request) for line in text.split("\n")]

    def check(self, request: bytes) -> None:
        """Compare the answers."""
        assert self.compiled(request) == self.native(request)

    def check_growth(self, request: bytes) -> None:
        """See that a request leaves nothing behind."""
        self.compiled(request)
        before = self._instance.live_objects()
        self.compiled(request)
        assert self._instance.live_objects() == before


@cache
def differential(name: str) -> Differential:
    """The guest module of this name; built once."""
    return Differential(name)


def compiled(name: str) -> wasmtime.Module:
    """The module of a filter that answers."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.py").write_text((GUESTS / f"{name}.py").read_text())
        runner = Path(folder) / "library_runner.py"
        runner.write_text(_RUNNER.format(name=name))
        artefact = build(runner, cache_folder=user_cache_path("mixer2"))
    return wasmtime.Module(Instance.engine(), artefact.wasm)


def native(name: str) -> Callable[[bytes], list[str]]:
    """The guest's function in CPython."""
    spec = importlib.util.spec_from_file_location(name, GUESTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answer: Callable[[bytes], list[str]] = module.answer
    return answer
