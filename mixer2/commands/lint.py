"""`mixer2 lint`: whether Envoy would take a module, whoever built it."""

from pathlib import Path
from typing import Annotated

import typer


def lint(
    modules: Annotated[list[Path], typer.Argument(help="Wasm modules.", show_default=False)],
) -> None:
    """Tell whether Envoy would take a module, or refuse it, or die of it."""
    from mixer2.testhost.errors import LoadError
    from mixer2.testhost.module_rules import check_module

    refused = False
    for path in modules:
        try:
            interface = check_module(path.read_bytes())
        except OSError as error:
            typer.echo(f"{path}: cannot be read: {error.strerror}", err=True)
        except LoadError as error:
            typer.echo(f"{path}: {error}", err=True)
        else:
            imports, exports = len(interface.imports), len(interface.exports)
            typer.echo(f"{path}: fit for Envoy, {imports} imports, {exports} exports")
            continue
        refused = True
    if refused:
        raise typer.Exit(1)
