"""Times loops in wasmtime and in CPython, the best of several runs that take turns."""

import importlib.util
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import wasmtime

from mixer2.compiler import build
from mixer2.compiler.library import json as library_json

SOURCE: Final = Path(__file__).parents[1] / "filters" / "hot_loops.py"
LIMIT: Final = 20
"""How many times faster a loop is compiled than in CPython 3.11, at least."""

_LOOPS: Final = {
    "header": "parse a header",
    "hash": "hash 1 KB",
    "json": "JSON of 1 KB, by C in the module",
}
_ROUNDS: Final = 5
_SECONDS: Final = 0.2
_CONTEXT: Final = 1
_OK: Final = 0


class Row(NamedTuple):
    """One loop, in microseconds per turn."""

    loop: str
    cpython: float
    wasm: float

    @property
    def times(self) -> float:
        """How many times faster it is compiled."""
        return self.cpython / self.wasm


def cpython() -> str:
    """The Python that compiled code is compared with."""
    return f"{platform.python_implementation()} {platform.python_version()}"


def measure(tell: Callable[[str, str], None] = lambda *_: None) -> list[Row]:
    """Measure all loops.

    Args:
        tell: Told what is measured.

    Raises:
        ValueError: the two do not give the same result.
    """
    compiled = _Compiled(build(SOURCE).wasm)
    native = _native()

    def in_cpython(name: str, count: int) -> str:
        return str(native.run(name, count))

    rows = []
    for name, title in _LOOPS.items():
        tell("Python", title)
        if (here := in_cpython(name, 3)) != (there := compiled.run(name, 3)):
            raise ValueError(f"{name}: expected {here}, as in CPython; came {there}")
        counts = [_count(run, name) for run in (in_cpython, compiled.run)]
        best = [float("inf"), float("inf")]
        for _ in range(_ROUNDS):
            for index, run in enumerate((in_cpython, compiled.run)):
                seconds = _timed(run, name, counts[index])
                best[index] = min(best[index], seconds / counts[index] * 1e6)
        rows.append(Row(title, *best))
    return rows


def _timed(run: Callable[[str, int], str], name: str, count: int) -> float:
    started = time.process_time()
    run(name, count)
    return time.process_time() - started


def _count(run: Callable[[str, int], str], name: str) -> int:
    """How often a loop turns in a fifth of a second."""
    count = 10
    while (seconds := _timed(run, name, count)) < _SECONDS / 10:
        count *= 4
    return max(1, int(count * _SECONDS / seconds))


def _native() -> ModuleType:
    """The filter's module in CPython, with the JSON that compiled filters have.

    That is the same source, in Python here, and C in the module (build/runtime/json_read.c).
    """
    spec = importlib.util.spec_from_file_location("hot_loops", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    cpythons = sys.modules["json"]
    sys.modules["json"] = library_json
    try:
        spec.loader.exec_module(module)
    finally:
        sys.modules["json"] = cpythons
    return module


class _Compiled:
    """The filter's module in wasmtime, with as much of a proxy as it needs."""

    def __init__(self, wasm: bytes) -> None:
        engine = wasmtime.Engine()
        self._store = wasmtime.Store(engine)
        module = wasmtime.Module(engine, wasm)
        imports = [self._import(i.name or "", i.type) for i in module.imports]
        self._exports = wasmtime.Instance(self._store, module, imports).exports(self._store)
        memory = self._exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self._memory = memory
        self._configuration = b""
        self._logged = ""
        self._call("_initialize")
        self._call("proxy_on_context_create", _CONTEXT, 0)

    def run(self, name: str, count: int) -> str:
        """Run a loop so often; what it logs."""
        self._configuration = f"{name} {count}".encode()
        self._call("proxy_on_configure", _CONTEXT, len(self._configuration))
        return self._logged

    def _call(self, name: str, *arguments: int) -> int:
        function = self._exports[name]
        assert isinstance(function, wasmtime.Func)
        return int(function(self._store, *arguments) or 0)

    def _import(self, name: str, type_: Any) -> wasmtime.Func:
        known: dict[str, Callable[..., int]] = {
            "proxy_log": self._log,
            "proxy_get_buffer_bytes": self._buffer,
        }
        return wasmtime.Func(self._store, type_, known.get(name, lambda *_: _OK))

    def _log(self, _level: int, text: int, size: int) -> int:
        self._logged = bytes(self._memory.read(self._store, text, text + size)).decode()
        return 0

    def _buffer(self, _kind: int, _start: int, _size: int, data: int, size: int) -> int:
        address = self._call("malloc", len(self._configuration))
        self._memory.write(self._store, self._configuration, address)
        self._memory.write(self._store, address.to_bytes(4, "little"), data)
        self._memory.write(self._store, len(self._configuration).to_bytes(4, "little"), size)
        return 0
