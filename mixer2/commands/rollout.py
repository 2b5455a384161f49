"""`mixer2 rollout`: pause, resume, abort or retry what is on its way, and the audit log."""

import getpass
from typing import Annotated, TypeAlias

import typer

from mixer2.commands.server_url import ServerUrl

rollout = typer.Typer(
    help="Pause, resume, abort or retry the rollout of a filter; show the audit log.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_SERVER = "http://127.0.0.1:18002"

_Filter: TypeAlias = Annotated[
    str, typer.Argument(metavar="FILTER", help="Name of the filter.", show_default=False)
]
_Why: TypeAlias = Annotated[str, typer.Option(help="For the audit log.", show_default=False)]


@rollout.command()
def pause(filter_name: _Filter, why: _Why, server: ServerUrl = _SERVER) -> None:
    """Stay at the step that is reached."""
    _command(server, filter_name, "pause", why)


@rollout.command()
def resume(filter_name: _Filter, why: _Why, server: ServerUrl = _SERVER) -> None:
    """Go on; the step begins anew."""
    _command(server, filter_name, "resume", why)


@rollout.command()
def abort(filter_name: _Filter, why: _Why, server: ServerUrl = _SERVER) -> None:
    """Go back to the version before, on all nodes."""
    _command(server, filter_name, "abort", why)


@rollout.command()
def retry(filter_name: _Filter, why: _Why, server: ServerUrl = _SERVER) -> None:
    """Start anew what went back."""
    _command(server, filter_name, "retry", why)


@rollout.command()
def log(server: ServerUrl = _SERVER) -> None:
    """Show who did what and why, newest first."""
    import asyncio

    from mixer2.control.client import fetch_status
    from mixer2.control.errors import ControlError

    try:
        found = asyncio.run(fetch_status(server))
    except ControlError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for one in found["audit"]:
        what = f"{one['filter']} {one['version']} {one['action'].replace('_', ' ')}"
        typer.echo(f"{one['at'][:19]}  {one['who']}  {what}: {one['why']}")


def _command(server: str, filter_name: str, action: str, why: str) -> None:
    import asyncio

    from mixer2.control.client import command
    from mixer2.control.errors import ControlError

    try:
        state = asyncio.run(command(server, filter_name, action, getpass.getuser(), why))
    except ControlError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{filter_name}: {state}")
