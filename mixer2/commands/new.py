"""`mixer2 new`: the files of a new filter."""

from pathlib import Path
from typing import Annotated

import typer


def new(
    name: Annotated[
        str, typer.Argument(help="Of the module, e.g. rate_limit.", show_default=False)
    ],
    folder: Annotated[Path, typer.Option(help="Where the files go.")] = Path(),
) -> None:
    """Start a filter: its source, its test, and the schema of its configuration."""
    from mixer2.authoring.errors import RunError
    from mixer2.authoring.scaffold import scaffold

    try:
        written = scaffold(name, folder)
    except RunError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    source, test, _ = written
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(f"\ntest it    pytest {test}            (with --envoy: in the real Envoy, too)")
    typer.echo(f"run it     mixer2 run {source} --request /")
