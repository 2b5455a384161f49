"""`mixer2 symbolize`: the backtraces of a proxy's log with Python files and lines."""

from pathlib import Path
from typing import Annotated

import typer


def symbolize(
    source: Annotated[Path, typer.Argument(help="The filter: a Python file.", show_default=False)],
    log: Annotated[
        Path | None, typer.Argument(help="The proxy's log; standard input by default.")
    ] = None,
) -> None:
    """Show where in a filter the frames of a proxy's backtrace are.

    The module is built anew, which gives the same bytes: source and mixer2 must be those of the
    module that the proxy ran.
    """
    import sys

    from mixer2.compiler import CompileError
    from mixer2.compiler import build as compile_filter
    from mixer2.compiler.symbolize import OtherBuildError
    from mixer2.compiler.symbolize import symbolize as add_places

    try:
        artefact = compile_filter(source)
        text = log.read_text(errors="replace") if log else sys.stdin.read()
        for line in add_places(artefact, text.splitlines()):
            typer.echo(line)
    except (CompileError, OtherBuildError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        typer.echo(f"{log}: cannot be read: {error.strerror}", err=True)
        raise typer.Exit(1) from error
