"""Runs programs in CPython and compiled, and says what differs."""

import contextlib
import io
import re
import sys
import tempfile
import types
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import wasmtime

from mixer2.compiler import CompileError, Diagnostic
from mixer2.compiler.frontend.program import load_program
from mixer2.compiler.pipeline import compile_program
from tests.compiler.dialect import harness
from tests.compiler.dialect.harness import CACHE, Instance, write_runner
from tests.fuzz.program import PRELUDE, PRELUDE_NAME


@dataclass(frozen=True, slots=True)
class Difference:
    """One program that does not do compiled what it does in CPython.

    Attributes:
        kind: What went wrong; minimising keeps it the same.
        detail: For a person.
        is_bytecode: Whether it was built as bytecode.
    """

    kind: str
    detail: str
    is_bytecode: bool = False


def in_cpython(source: str) -> list[str]:
    """What a program prints.

    Raises:
        Exception: `main` let one escape: the program is no good.
    """
    namespace: dict[str, object] = {"__name__": "program"}
    output = io.StringIO()
    _load_prelude()
    # Dataclasses look their module up.
    sys.modules["program"] = type(sys)("program")
    with contextlib.redirect_stdout(output):
        exec(compile(source, "program.py", "exec", dont_inherit=True), namespace)  # noqa: S102
        main = namespace["main"]
        assert callable(main)
        main()
    return output.getvalue().split("\n")[:-1]


@cache
def _load_prelude() -> None:
    module = types.ModuleType(PRELUDE_NAME)
    exec(compile(PRELUDE, PRELUDE_NAME, "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    sys.modules[PRELUDE_NAME] = module


def compiled(sources: dict[str, str]) -> wasmtime.Module:
    """One filter that holds all these programs.

    Raises:
        CompileError: at least one is refused.
        wasmtime.WasmtimeError: the compiler made an invalid module.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"{PRELUDE_NAME}.py").write_text(PRELUDE)
        program = load_program(write_runner(Path(folder), sources))
        artefact = compile_program(program, CACHE)
    return wasmtime.Module(harness._engine(), artefact.wasm)


def differences(sources: dict[str, str], *, is_bytecode: bool = False) -> dict[str, Difference]:
    """By name, the programs that differ; they are compiled together while that works."""
    with harness.code(is_bytecode=is_bytecode):
        found = _differences(sources)
    return {name: replace(one, is_bytecode=is_bytecode) for name, one in found.items()}


def _differences(sources: dict[str, str]) -> dict[str, Difference]:
    found: dict[str, Difference] = {}
    remaining = dict(sources)
    module = None
    while remaining and module is None:
        try:
            module = compiled(remaining)
        except (CompileError, wasmtime.WasmtimeError) as error:
            blamed = _blamed(error, remaining)
            if not blamed:
                for name, source in remaining.items():
                    found |= _differences({name: source})
                return found
            found |= blamed
            remaining = {name: s for name, s in remaining.items() if name not in blamed}
    if module is None:
        return found
    for name, source in remaining.items():
        difference = _compare(module, name, in_cpython(source))
        if difference is not None:
            found[name] = difference
    return found


def usable(sources: dict[str, str]) -> dict[str, str]:
    """The programs that compile; why others do not is what `differences` tells."""
    remaining = dict(sources)
    while remaining:
        try:
            compiled(remaining)
        except (CompileError, wasmtime.WasmtimeError) as error:
            blamed = _blamed(error, remaining) or remaining
            remaining = {name: s for name, s in remaining.items() if name not in blamed}
        else:
            break
    return remaining


def _blamed(
    error: CompileError | wasmtime.WasmtimeError, sources: dict[str, str]
) -> dict[str, Difference]:
    """The programs that an error is about, when it says so or there is only one."""
    if len(sources) == 1:
        return dict.fromkeys(sources, Difference(_kind(error), str(error)))
    if not isinstance(error, CompileError):
        return {}
    by_name: dict[str, list[Diagnostic]] = {}
    for diagnostic in error.diagnostics:
        by_name.setdefault(Path(diagnostic.path).stem, []).append(diagnostic)
    errors = {name: CompileError(found) for name, found in by_name.items() if name in sources}
    return {name: Difference(_kind(own), str(own)) for name, own in errors.items()}


def _kind(error: CompileError | wasmtime.WasmtimeError) -> str:
    if not isinstance(error, CompileError):
        return "invalid module"
    # mypy ends its complaints so: "... [arg-type]". The generator cannot foresee all it infers.
    typed = all(
        re.search(r"  \[[a-z-]+\]$|^(Consider|Left operand)|invariant", d.message)
        for d in error.diagnostics
    )
    return "untyped" if typed else "refused"


def fails_alike(source: str, difference: Difference) -> bool:
    """Whether a program fails as another one did."""
    try:
        in_cpython(source)
    except Exception:  # noqa: BLE001  (a program that is no program)
        return False
    is_bytecode = difference.is_bytecode
    found = differences({"program": source}, is_bytecode=is_bytecode).get("program")
    if found is None or found.kind != difference.kind:
        return False
    if found.kind == "refused":
        return _reason(found) == _reason(difference)
    return True


def _reason(difference: Difference) -> str:
    """The first complaint without its place."""
    return difference.detail.partition("\n")[0].partition(": ")[2]


def _compare(module: wasmtime.Module, name: str, expected: list[str]) -> Difference | None:
    try:
        instance = Instance(module)
        printed = instance.run(name)
        instance.run(name)
        before = instance.live_objects()
        instance.run(name)
        growth = instance.live_objects() - before
    except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
        return Difference("trap", str(error))
    if printed != expected:
        number = next(
            (i for i, (a, b) in enumerate(zip(expected, printed, strict=False)) if a != b),
            min(len(expected), len(printed)),
        )
        detail = f"line {number + 1} of the output:\n  CPython  {expected[number : number + 1]}\n"
        return Difference("output", f"{detail}  compiled {printed[number : number + 2]}")
    if growth:
        return Difference("leak", f"{growth:+} live objects in each run")
    return None
