"""`mixer2 build`: a filter's source to a Wasm module."""

import atexit
import gc
import hashlib
from pathlib import Path
from typing import Annotated

import typer

from mixer2.authoring.profile import Profile


def build(
    source: Annotated[Path, typer.Argument(help="The filter: a Python file.", show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where the module goes; beside the source by default."),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Print what the module consists of, and why; write nothing."
        ),
    ] = False,
    ir: Annotated[
        bool,
        typer.Option("--ir", help="Print the typed intermediate code; write nothing."),
    ] = False,
    profile: Annotated[
        Profile,
        typer.Option(
            "--profile", help="aot: compiled, small and fast. cpython: all of Python, at a price."
        ),
    ] = Profile.AOT,
    include: Annotated[
        list[str] | None,
        typer.Option(
            "--include", metavar="MODULE", help="cpython: a module that the filter imports late."
        ),
    ] = None,
    trace: Annotated[
        list[Path] | None,
        typer.Option(
            "--trace",
            metavar="TESTS",
            help="cpython: tests that show what the filter imports late; "
            "test_FILTER.py beside it by default.",
        ),
    ] = None,
) -> None:
    """Compile a filter to a Wasm module that a stock Envoy loads."""
    # At the end of the process, collecting what the compiler made would take a fifth of the time.
    atexit.register(gc.freeze)
    target = output or source.with_suffix(".wasm")
    if profile is Profile.CPYTHON:
        if explain or ir:
            raise typer.BadParameter("--explain and --ir belong to profile aot")
        _build_cpython(source, target, include or [], trace)
        return
    if include or trace:
        raise typer.BadParameter("--include and --trace belong to profile cpython")
    _build_aot(source, target, explain=explain, ir=ir)


def _build_aot(source: Path, target: Path, *, explain: bool, ir: bool) -> None:
    from mixer2.authoring.progress import progress
    from mixer2.compiler import CompileError
    from mixer2.compiler import build as compile_filter
    from mixer2.compiler.explain import explain as explained

    try:
        if ir:
            _print_ir(source)
            return
        with progress(f"compiling {source.name}"):
            artefact = compile_filter(source)
    except CompileError as error:
        raise _refused([str(diagnostic) for diagnostic in error.diagnostics]) from error
    if explain:
        for line in explained(artefact):
            typer.echo(line)
        return
    _check_and_write(source, target, artefact.wasm)
    _tell(target, artefact.wasm, artefact.seconds)


def _build_cpython(
    source: Path, target: Path, included: list[str], tests: list[Path] | None
) -> None:
    from mixer2.authoring.progress import progress
    from mixer2.component.build import build as build_filter
    from mixer2.component.errors import ComponentError, FilterError
    from mixer2.component.trace import late_imports, tests_beside

    try:
        traced = late_imports(source, tests_beside(source) if tests is None else tests)
        with progress(f"taking a snapshot of CPython with {source.name}"):
            built = build_filter(source, included=included, traced=traced)
    except FilterError as error:
        raise _refused([str(finding) for finding in error.findings]) from error
    except ComponentError as error:
        typer.echo(f"{source}: {error}", err=True)
        typer.echo("nothing was written", err=True)
        raise typer.Exit(1) from error
    _check_and_write(source, target, built.wasm)
    _tell(target, built.wasm, built.seconds)
    typer.echo(
        f"CPython {built.report.python} with {len(built.report.files)} files: loading it takes "
        f"Envoy seconds of CPU and some 190 MB, docs/cpython.md"
    )


def _refused(diagnostics: list[str]) -> typer.Exit:
    for diagnostic in diagnostics:
        typer.echo(diagnostic, err=True)
    count = len(diagnostics)
    typer.echo(f"{count} error{'s' if count > 1 else ''}; nothing was written", err=True)
    return typer.Exit(1)


def _check_and_write(source: Path, target: Path, wasm: bytes) -> None:
    from mixer2.testhost.errors import LoadError
    from mixer2.testhost.module_rules import check_module

    try:
        check_module(wasm)
    except LoadError as error:
        typer.echo(f"{source}: Envoy would not take the module: {error}", err=True)
        typer.echo("nothing was written", err=True)
        raise typer.Exit(1) from error
    try:
        _write(target, wasm)
    except OSError as error:
        typer.echo(f"{target}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error


def _tell(target: Path, wasm: bytes, seconds: float) -> None:
    digest = hashlib.sha256(wasm).hexdigest()
    typer.echo(f"{target}: {len(wasm) / 1024:.1f} KiB in {seconds:.2f} s, sha256 {digest[:16]}")


def _print_ir(source: Path) -> None:
    from mixer2.compiler import intermediate_code

    for line in intermediate_code(source):
        typer.echo(line)


def _write(target: Path, wasm: bytes) -> None:
    """Put the whole module in place at once: a reader never sees half of it."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_bytes(wasm)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
