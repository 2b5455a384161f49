"""`mixer2 check`: is a configuration of the mixer right?"""

from pathlib import Path
from typing import Annotated

import typer


def check(
    file: Annotated[
        Path | None, typer.Argument(help="The mixer's configuration: YAML.", show_default=False)
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema, for editors, and end.")
    ] = False,
    tcp: Annotated[
        bool, typer.Option("--tcp", help="It is for filters/tcp_mixer.py: connections.")
    ] = False,
) -> None:
    """Check a configuration of the mixer; every mistake is told with file, line and column."""
    import json

    from mixer2.mixer.check import check_file
    from mixer2.mixer.schema import json_schema

    if schema:
        typer.echo(json.dumps(json_schema(), indent=2))
        return
    if file is None:
        typer.echo("expected a file, or --schema", err=True)
        raise typer.Exit(2)
    problems = check_file(file, of_connections=tcp)
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        count = len(problems)
        typer.echo(f"{count} problem{'s' if count > 1 else ''}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{file}: fine")
