"""The command `mixer2`.

A command is a function in `mixer2.commands.NAME`, registered below. Command modules import what
they work with inside the function: `mixer2 --help` answers before mypy or grpc could be loaded.
"""

from typing import Annotated

import typer

from mixer2.commands.bootstrap import bootstrap
from mixer2.commands.build import build
from mixer2.commands.check import check
from mixer2.commands.lint import lint
from mixer2.commands.new import new
from mixer2.commands.quota_server import quota_server
from mixer2.commands.rollout import rollout
from mixer2.commands.run import run
from mixer2.commands.serve import serve
from mixer2.commands.status import status
from mixer2.commands.symbolize import symbolize

app = typer.Typer(
    name="mixer2",
    help="Envoy extensions in typed Python: compiled to small Wasm modules, delivered by xDS.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    # Plain help: boxes and colours would cost two thirds of the time that --help takes.
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - only where it is asked for

        typer.echo(f"mixer2 {version('mixer2')}")
        raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Hold the options that stand before any command."""


app.command()(build)
app.command()(check)
app.command()(lint)
app.command()(new)
app.command()(run)
app.command()(quota_server)
app.command()(serve)
app.command()(bootstrap)
app.command()(symbolize)
app.command()(status)
app.add_typer(rollout, name="rollout")
