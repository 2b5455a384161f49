"""Whatever the source, the compiler gives a valid module or a complaint with a place."""

import random
import re
import tempfile
from pathlib import Path

import wasmtime

from mixer2.compiler import CompileError
from mixer2.compiler.bug import bugs_as_errors
from mixer2.compiler.frontend.program import load_program
from mixer2.compiler.pipeline import compile_program
from tests.compiler.dialect import harness
from tests.compiler.dialect.harness import CACHE
from tests.fuzz.mutate import mutated

NAME = "fuzzed_filter"
_PLACE = re.compile(r"^[\w./<>-]+\.py:\d+(:\d+)?: .", re.DOTALL)


def problem(source: bytes) -> str | None:
    """What is wrong with the compiler's answer to a source; None when it is a good answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.py"
        path.write_bytes(source)
        try:
            with bugs_as_errors(path.name):
                wasm = compile_program(load_program(path), CACHE).wasm
        except CompileError as error:
            return _problem_of_complaint(error)
        except BaseException as error:  # noqa: BLE001  (SystemExit, too, is a wrong answer)
            return f"{type(error).__name__}: {error}"
    try:
        wasmtime.Module.validate(harness._engine(), wasm)
    except wasmtime.WasmtimeError as error:
        return f"an invalid module: {error}"
    return None


def _problem_of_complaint(error: CompileError) -> str | None:
    for diagnostic in error.diagnostics:
        text = str(diagnostic)
        if "a bug in the compiler" in text:
            return text
        if not _PLACE.match(text):
            return f"a complaint without a place: {text}"
    return None if error.diagnostics else "no complaint at all"


def random_source(seed: int, sources: list[str]) -> bytes:
    """The mutated source that a seed makes."""
    return mutated(random.Random(seed), sources, NAME)
