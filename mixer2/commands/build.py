"""`mixer2 build`: a filter's source to a Wasm module."""

from pathlib import Path
from typing import Annotated

import typer


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
) -> None:
    """Compile a filter to a Wasm module that a stock Envoy loads."""
    from mixer2.authoring.progress import progress
    from mixer2.compiler import CompileError
    from mixer2.compiler import build as compile_filter
    from mixer2.compiler.explain import explain as explained
    from mixer2.testhost.errors import LoadError
    from mixer2.testhost.module_rules import check_module

    target = output or source.with_suffix(".wasm")
    try:
        if ir:
            _print_ir(source)
            return
        with progress(f"compiling {source.name}"):
            artefact = compile_filter(source)
    except CompileError as error:
        for diagnostic in error.diagnostics:
            typer.echo(str(diagnostic), err=True)
        count = len(error.diagnostics)
        typer.echo(f"{count} error{'s' if count > 1 else ''}; nothing was written", err=True)
        raise typer.Exit(1) from error
    if explain:
        for line in explained(artefact):
            typer.echo(line)
        return
    try:
        check_module(artefact.wasm)
    except LoadError as error:
        typer.echo(f"{source}: Envoy would not take the module: {error}", err=True)
        typer.echo("nothing was written", err=True)
        raise typer.Exit(1) from error
    try:
        _write(target, artefact.wasm)
    except OSError as error:
        typer.echo(f"{target}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error
    size = len(artefact.wasm) / 1024
    typer.echo(
        f"{target}: {size:.1f} KiB in {artefact.seconds:.2f} s, sha256 {artefact.digest[:16]}"
    )


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
