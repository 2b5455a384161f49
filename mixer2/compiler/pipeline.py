"""From a loaded program to a module."""

import gc
import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from mixer2.compiler.artefact import Artefact
from mixer2.compiler.emit.program import ProgramEmitter
from mixer2.compiler.errors import CompileError
from mixer2.compiler.frontend.entry import completed, needed_callbacks
from mixer2.compiler.frontend.program import Program
from mixer2.compiler.frontend.typecheck import typecheck
from mixer2.compiler.link.module import LinkedModule, link
from mixer2.compiler.link.object_file import read_object
from mixer2.compiler.link.reach import UndefinedSymbolError
from mixer2.compiler.link.symbols import SymbolTable

RUNTIME = Path(__file__).parent / "runtime.wasm"

_RECURSION_LIMIT = 100_000

# What every module exports besides its callbacks.
_RUNTIME_EXPORTS = {
    "malloc": "malloc",
    "live_objects": "live_objects_exactly",
    "proxy_abi_version_0_2_1": "proxy_abi_version_0_2_1",
}


def compile_program(program: Program, cache_folder: Path) -> Artefact:
    """Compile a program.

    Args:
        program: The filter and its modules.
        cache_folder: Where mypy's cache is kept.

    Raises:
        CompileError: the program is not in the dialect or does not type-check.
    """
    started = time.perf_counter()
    with compiling():
        linked = _compile(program, cache_folder)
    return Artefact(
        wasm=linked.wasm,
        digest=hashlib.sha256(linked.wasm).hexdigest(),
        seconds=time.perf_counter() - started,
        function_sizes=linked.function_sizes,
        data_sizes=linked.data_sizes,
        needed_by=linked.needed_by,
        lines=linked.lines,
    )


def _compile(program: Program, cache_folder: Path) -> LinkedModule:
    program = completed(program)
    callbacks = needed_callbacks(program)
    typed = typecheck(program, cache_folder)
    emitter = ProgramEmitter(program, typed, _runtime())
    exports = {"_initialize": emitter.add_initialise(), **_RUNTIME_EXPORTS}
    for callback in callbacks:
        exports[callback.name] = emitter.add_export(callback)
    emitter.emit_author_functions()
    try:
        linked = link(emitter.symbols, exports, [])
    except UndefinedSymbolError as error:
        missing = emitter.undefined(error.symbol, error.referrer)
        raise CompileError(emitter.diagnostics or [missing]) from error
    if emitter.diagnostics:
        raise CompileError(emitter.diagnostics)
    return linked


@contextmanager
def compiling() -> Iterator[None]:
    """Settings of the interpreter that suit a compiler.

    Blocks nest as deeply as a function is long; in CPython such calls take heap, not stack. Much
    is allocated and little becomes garbage: collecting would take a fifth of the time (measured).
    """
    limit, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            # What was made counts as old: it is looked at with the next full collection, not now.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


@cache
def _runtime() -> SymbolTable:
    return read_object(RUNTIME.read_bytes())
