"""From a filter's source to a module."""

import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from mixer2.compiler.emit.program import ProgramEmitter
from mixer2.compiler.errors import CompileError
from mixer2.compiler.frontend.entry import needed_callbacks
from mixer2.compiler.frontend.program import load_program
from mixer2.compiler.frontend.typecheck import typecheck
from mixer2.compiler.link.module import LinkedModule, link
from mixer2.compiler.link.object_file import read_object
from mixer2.compiler.link.symbols import SymbolTable

RUNTIME = Path(__file__).parent / "runtime.wasm"

_RECURSION_LIMIT = 100_000

# What every module exports besides its callbacks.
_RUNTIME_EXPORTS = {
    "malloc": "malloc",
    "live_objects": "live_objects",
    "proxy_abi_version_0_2_1": "proxy_abi_version_0_2_1",
}


@dataclass(frozen=True, slots=True)
class Artefact:
    """A compiled filter.

    Attributes:
        wasm: The module.
        digest: SHA-256 of it, hexadecimal.
        seconds: Time that compiling took.
        linked: Sizes by function, and why each is there.
    """

    wasm: bytes
    digest: str
    seconds: float
    linked: LinkedModule


def build(source: Path, *, cache_folder: Path | None = None) -> Artefact:
    """Compile a filter in profile aot.

    Args:
        source: The filter's module, a Python file.
        cache_folder: Where mypy's cache is kept; the user's cache folder by default.

    Raises:
        CompileError: the program is not in the dialect or does not type-check.
    """
    started = time.perf_counter()
    with _deep_recursion():
        linked = _compile(source, cache_folder or user_cache_path("mixer2"))
    digest = hashlib.sha256(linked.wasm).hexdigest()
    return Artefact(linked.wasm, digest, time.perf_counter() - started, linked)


def _compile(source: Path, cache_folder: Path) -> LinkedModule:
    program = load_program(source)
    callbacks = needed_callbacks(program)
    typed = typecheck(program, cache_folder)
    emitter = ProgramEmitter(program, typed, _runtime())
    exports = {"_initialize": emitter.add_initialise(), **_RUNTIME_EXPORTS}
    for callback in callbacks:
        exports[callback.name] = emitter.add_export(callback)
    emitter.emit_author_functions()
    linked = link(emitter.symbols, exports, [])
    if emitter.diagnostics:
        raise CompileError(emitter.diagnostics)
    return linked


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Blocks nest as deeply as a function is long; in CPython such calls take heap, not stack."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


@cache
def _runtime() -> SymbolTable:
    return read_object(RUNTIME.read_bytes())
