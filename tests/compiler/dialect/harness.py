"""Runs one module in CPython and compiled, and compares what it prints.

A case is a module with `def main() -> None:` that prints. Several cases are compiled into one
filter whose `on_configure` runs the case that the configuration names; `print` becomes the
proxy's log. Running `main` again must leave no object behind.

    python -m tests.compiler.dialect.harness [NAME..]     compares, and shows what differs
"""

# ruff: noqa: T201  (it is also a command)

import contextlib
import difflib
import hashlib
import importlib.util
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from platformdirs import user_cache_path

from mixer2.compiler import CompileError, build, pipeline
from mixer2.compiler.link import module as linker

CASES = Path(__file__).parent / "cases"

MEMORY_LIMIT = 256 << 20

CACHE = user_cache_path("mixer2")

# Another build of the run-time to link with: one of `build.py --checked` (make sanitize).
if _RUNTIME := os.environ.get("MIXER2_RUNTIME"):
    pipeline.RUNTIME = Path(_RUNTIME).resolve()
    # Artefacts are kept by what the shipped run-time is.
    CACHE /= f"runtime-{hashlib.sha256(pipeline.RUNTIME.read_bytes()).hexdigest()[:16]}"

# Cases that are compiled together.
GROUP_SIZE = 8

# How a case starts that leaves objects behind, which docs/dialect.md admits.
LEAVES_OBJECTS = "# leaves objects:"

_PLUGIN_CONFIGURATION = 7
_CONTEXT = 1


@dataclass(frozen=True, slots=True)
class Run:
    """What a case printed, and the growth of live objects when it ran again."""

    lines: list[str]
    growth: int = 0


def all_cases() -> list[Path]:
    """The cases, by name."""
    return sorted(CASES.glob("*.py"))


def group_of(case: Path) -> tuple[Path, ...]:
    """The cases that are compiled together with this one."""
    cases = all_cases()
    start = cases.index(case) // GROUP_SIZE * GROUP_SIZE
    return tuple(cases[start : start + GROUP_SIZE])


def run_in_cpython(case: Path) -> Run:
    """What the case prints in CPython."""
    spec = importlib.util.spec_from_file_location(case.stem, case)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[case.stem] = module
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            spec.loader.exec_module(module)
            module.main()
    finally:
        del sys.modules[case.stem]
    return Run(output.getvalue().split("\n")[:-1])


def run_compiled(case: Path, group: Sequence[Path], *, is_bytecode: bool = False) -> Run:
    """What the case prints compiled with its group, and what it leaves behind.

    Args:
        case: The case.
        group: What it is compiled with.
        is_bytecode: As what runs rarely is compiled in large modules; else as what requests run.
    """
    instance = Instance(compiled(tuple(group), is_bytecode=is_bytecode))
    lines = instance.run(case.stem)
    instance.run(case.stem)
    before = instance.live_objects()
    instance.run(case.stem)
    leaves_objects = case.read_text().startswith(LEAVES_OBJECTS)
    return Run(lines, 0 if leaves_objects else instance.live_objects() - before)


@cache
def compiled(group: tuple[Path, ...], *, is_bytecode: bool = False) -> wasmtime.Module:
    """The filter that holds these cases."""
    folder_name = "bytecode" if is_bytecode else "compiled"
    with tempfile.TemporaryDirectory() as folder, code(is_bytecode=is_bytecode):
        source = write_runner(Path(folder), {case.stem: case.read_text() for case in group})
        artefact = build(source, cache_folder=CACHE / folder_name)
    return wasmtime.Module(_engine(), artefact.wasm)


@contextlib.contextmanager
def code(*, is_bytecode: bool) -> Iterator[None]:
    """Programs are built as bytecode, which large modules have for what runs rarely; or none is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linker, "WORTH_INTERPRETING", 0 if is_bytecode else sys.maxsize)
        yield


@cache
def _engine() -> wasmtime.Engine:
    return wasmtime.Engine()


def write_runner(folder: Path, cases: dict[str, str]) -> Path:
    """Write cases, and a filter that runs the one that its configuration names."""
    lines = ["from pal import PluginContext", *(f"import {name}" for name in cases), ""]
    lines += ["class Runner(PluginContext):", "    def on_configure(self) -> bool:"]
    for name, text in cases.items():
        (folder / f"{name}.py").write_text(text)
        lines += [f"        if self.configuration == b{name!r}:", f"            {name}.main()"]
    source = folder / "dialect_runner.py"
    source.write_text("\n".join([*lines, "        return True", ""]))
    return source


class Instance:
    """A compiled filter with just enough of a proxy around it."""

    def __init__(
        self, module: wasmtime.Module, engine: wasmtime.Engine | None = None, *, fuel: int = 0
    ) -> None:
        self._store = wasmtime.Store(engine or _engine())
        # More than a filter should ever take; an endless list must not fill the machine.
        self._store.set_limits(memory_size=MEMORY_LIMIT)
        if fuel:
            self._store.set_fuel(fuel)
        self._lines: list[str] = []
        self._configuration = b""
        imports = [self._import(i.name or "", i.type) for i in module.imports]
        exports = wasmtime.Instance(self._store, module, imports).exports(self._store)
        memory = exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self._memory = memory
        self._exports = exports
        try:
            self._call("_initialize")
        except wasmtime.Trap as trap:
            raise RuntimeError("\n".join(self._lines)) from trap
        self._call("proxy_on_context_create", _CONTEXT, 0)

    def run(self, name: str) -> list[str]:
        """Run a case; what it printed, and the traceback when it raised."""
        return self.configure(name.encode())

    def configure(self, configuration: bytes) -> list[str]:
        """Configure the plugin; what it printed, and the traceback when it raised."""
        self._lines = []
        self._configuration = configuration
        self._call("proxy_on_configure", _CONTEXT, len(self._configuration))
        return [line for message in self._lines for line in message.split("\n")]

    @staticmethod
    def engine() -> wasmtime.Engine:
        """What modules of instances are made with."""
        return _engine()

    def live_objects(self) -> int:
        """The gauge; reference cycles are collected before."""
        return int(self._call("live_objects"))

    def call(self, name: str, *arguments: int) -> Any:
        """Call an export."""
        return self._call(name, *arguments)

    def memory_size(self) -> int:
        """Bytes of linear memory."""
        return self._memory.data_len(self._store)

    def _call(self, name: str, *arguments: int) -> Any:
        function = self._exports[name]
        assert isinstance(function, wasmtime.Func)
        return function(self._store, *arguments)

    def _import(self, name: str, type_: Any) -> wasmtime.Func:
        known: dict[str, Callable[..., Any]] = {
            "proxy_log": self._log,
            "proxy_get_buffer_bytes": self._buffer,
        }
        return wasmtime.Func(self._store, type_, known.get(name, lambda *_: 0))

    def _log(self, _level: int, text: int, size: int) -> int:
        data = bytes(self._memory.read(self._store, text, text + size))
        self._lines.append(data.decode(errors="surrogateescape"))
        return 0

    def _buffer(self, kind: int, _start: int, _size: int, data: int, size: int) -> int:
        assert kind == _PLUGIN_CONFIGURATION
        length = len(self._configuration)
        address = self._call("malloc", length)
        self._memory.write(self._store, self._configuration, address)
        self._memory.write(self._store, address.to_bytes(4, "little"), data)
        self._memory.write(self._store, length.to_bytes(4, "little"), size)
        return 0


def _show(case: Path) -> bool:
    try:
        expected, found = run_in_cpython(case), run_compiled(case, [case])
    except CompileError as error:
        print(f"REFUSED  {case.stem}")
        for diagnostic in error.diagnostics:
            print(f"    {diagnostic}")
        return False
    except Exception as error:  # noqa: BLE001  (all cases are shown)
        print(f"CRASH    {case.stem}: {type(error).__name__}: {str(error)[-1500:]}")
        return False
    if expected.lines == found.lines and found.growth == 0:
        print(f"ok       {case.stem}")
        return True
    print(f"DIFFERS  {case.stem} (live objects grow by {found.growth})")
    for line in difflib.unified_diff(expected.lines, found.lines, "cpython", "compiled", n=1):
        print(f"    {line.rstrip()}")
    return False


if __name__ == "__main__":
    chosen = [CASES / f"{name}.py" for name in sys.argv[1:]] or all_cases()
    equal = [_show(case) for case in chosen]
    sys.exit(not all(equal))
