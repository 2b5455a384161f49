"""The compiler of profile aot: typed Python to a small Wasm module, without a C toolchain.

frontend  source -> typed IR        (mypy and mypyc, pinned)
passes    IR -> IR
emit      IR -> symbols
link      symbols and run-time -> module
pipeline  all of it
artefact  the result, and its cache
"""

from pathlib import Path

from platformdirs import user_cache_path

from mixer2.compiler.artefact import Artefact, ArtefactCache, cache_key
from mixer2.compiler.bug import bugs_as_errors
from mixer2.compiler.errors import CompileError, Diagnostic
from mixer2.compiler.frontend.program import load_program

__all__ = ["Artefact", "CompileError", "Diagnostic", "build", "intermediate_code"]


def build(source: Path, *, cache_folder: Path | None = None) -> Artefact:
    """Compile a filter in profile aot, or take it from the cache when nothing changed.

    Args:
        source: The filter's module, a Python file.
        cache_folder: Where artefacts and mypy's cache are kept; the user's cache folder by
            default.

    Raises:
        CompileError: the program is not in the dialect or does not type-check.
    """
    with bugs_as_errors(source.name):
        return _build(source, cache_folder or user_cache_path("mixer2"))


def intermediate_code(source: Path, *, cache_folder: Path | None = None) -> list[str]:
    """mypyc's IR of a filter and the modules beside it, as lines of text.

    Args:
        source: The filter's module, a Python file.
        cache_folder: Where mypy's cache is kept; the user's cache folder by default.

    Raises:
        CompileError: the program is not in the dialect or does not type-check.
    """
    from mypyc.ir.pprint import format_func  # noqa: PLC0415 - as below

    from mixer2.compiler.frontend.typecheck import typecheck  # noqa: PLC0415

    with bugs_as_errors(source.name):
        program = load_program(source)
        typed = typecheck(program, cache_folder or user_cache_path("mixer2"))
    return [
        line
        for name, module in typed.modules.items()
        if name in program.modules and program.modules[name].is_author
        for function in module.functions
        for line in [*format_func(function), ""]
    ]


def _build(source: Path, folder: Path) -> Artefact:
    program = load_program(source)
    artefacts = ArtefactCache(folder / "artefacts")
    key = cache_key(program)
    artefact = artefacts.get(key)
    if artefact is None:
        # mypy takes a third of a second to import: only when there is something to compile.
        from mixer2.compiler.pipeline import compile_program  # noqa: PLC0415

        artefact = compile_program(program, folder)
        artefacts.put(key, artefact)
    return artefact
