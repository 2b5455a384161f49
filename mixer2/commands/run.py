"""`mixer2 run`: a filter in a real Envoy, swapped on every save."""

from pathlib import Path
from typing import Annotated

import typer

from mixer2.authoring.profile import Profile


def run(
    source: Annotated[Path, typer.Argument(help="The filter: a Python file.", show_default=False)],
    config: Annotated[
        Path | None, typer.Option(help="The plugin's configuration: YAML, JSON or any bytes.")
    ] = None,
    upstream: Annotated[
        str | None, typer.Option(help="http://HOST:PORT behind Envoy; an echo by default.")
    ] = None,
    port: Annotated[int, typer.Option(help="Where Envoy takes requests; 0 picks one.")] = 0,
    request: Annotated[
        str | None,
        typer.Option(
            metavar="[METHOD ]PATH",
            help="Send this after each delivery; show headers before and after the filter.",
        ),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:VALUE", help="A header of --request; as often as you like."),
    ] = None,
    profile: Annotated[
        Profile, typer.Option(help="aot: compiled. cpython: all of Python, and seconds at load.")
    ] = Profile.AOT,
    watch: Annotated[
        bool, typer.Option(help="Build and swap on every save; without, end after --request.")
    ] = True,
) -> None:
    """Run a filter in Envoy; edit it, and the new one is in force within a second."""
    import asyncio
    import logging

    import structlog

    from mixer2.authoring.console import AuthorConsole
    from mixer2.authoring.errors import RunError
    from mixer2.authoring.exchange import Request
    from mixer2.authoring.loop import RunOptions
    from mixer2.authoring.loop import run as run_loop
    from mixer2.compiler import CompileError
    from mixer2.envoy.errors import EnvoyError

    if header and request is None:
        typer.echo("--header needs --request", err=True)
        raise typer.Exit(2)
    try:
        fired = Request.parse(request, header or ()) if request is not None else None
    except RunError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    options = RunOptions(
        source=source.resolve(),
        configuration=config.resolve() if config else None,
        upstream=upstream,
        port=port,
        request=fired,
        watch=watch,
        profile=profile,
    )
    # The xDS server's log is for those who operate one; refusals come to the author anyway.
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)
    problems: list[str] = []
    try:
        asyncio.run(run_loop(options, AuthorConsole()))
    except* KeyboardInterrupt:
        # The author's way to end it.
        problems.clear()
    except* CompileError as group:
        problems += [str(error) for error in _leaves(group)]
    except* (RunError, EnvoyError) as group:
        problems += [str(error) for error in _leaves(group)]
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
