"""The option that says which server a command is for."""

from typing import Annotated, TypeAlias

import typer

ServerUrl: TypeAlias = Annotated[
    str, typer.Option("--server", envvar="MIXER2_SERVER", help="URL of its status page.")
]
