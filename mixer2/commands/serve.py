"""`mixer2 serve`: a mesh file, served to Envoys by xDS."""

from pathlib import Path
from typing import Annotated

import typer

from mixer2.commands.logs import LogFormat, log_as


def serve(
    mesh: Annotated[Path, typer.Argument(help="The mesh file: YAML.", show_default=False)],
    host: Annotated[str, typer.Option(help="IP address for xDS.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="TCP port for xDS; 0 picks one.")] = 18000,
    certificate: Annotated[
        Path | None, typer.Option(help="Certificate for xDS, PEM; plain text without.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
    client_ca: Annotated[
        Path | None, typer.Option(help="Who signs the certificates of nodes, PEM.")
    ] = None,
    bind: Annotated[
        list[str] | None,
        typer.Option(help="Which certificate stands for which node: spiffe://a/{tenant}/{node}"),
    ] = None,
    inspector: Annotated[
        list[str] | None,
        typer.Option(help="Name in a certificate that may read all nodes' status (CSDS)."),
    ] = None,
    plaintext: Annotated[
        bool, typer.Option("--plaintext", help="Allow plain text on other than loopback.")
    ] = False,
    status_name: Annotated[
        list[str] | None, typer.Option(help="Host name by which browsers ask for the page.")
    ] = None,
    status_host: Annotated[str, typer.Option(help="IP address of the status page.")] = (
        "127.0.0.1"
    ),
    status_port: Annotated[int, typer.Option(help="Its TCP port; 0 picks one.")] = 18002,
    modules_host: Annotated[str, typer.Option(help="IP address of the module server.")] = (
        "127.0.0.1"
    ),
    modules_port: Annotated[int, typer.Option(help="Its TCP port; 0 picks one.")] = 18001,
    modules_certificate: Annotated[
        str | None, typer.Option(help="Its certificate, PEM; plain HTTP without.")
    ] = None,
    modules_key: Annotated[str | None, typer.Option(help="The private key, PEM.")] = None,
    modules_client_ca: Annotated[
        str | None, typer.Option(help="Who signs nodes' certificates, which then all need one.")
    ] = None,
    log_format: Annotated[
        LogFormat, typer.Option(help="Log lines for people, or a JSON object a line.")
    ] = LogFormat.CONSOLE,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every push and ACK.")] = False,
    state: Annotated[
        Path | None, typer.Option(help="Folder for modules, rollouts and the audit log.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read and check the mesh file, then end.")
    ] = False,
) -> None:
    """Serve a mesh file; an edit is live within a second, a bad one changes nothing."""
    import asyncio

    from mixer2.authoring.progress import progress
    from mixer2.control.errors import ControlError
    from mixer2.control.serving import ServeOptions, check_only
    from mixer2.control.serving import serve as serve_mesh
    from mixer2.mesh.errors import InvalidMesh
    from mixer2.rollout.errors import RolloutError
    from mixer2.xds.errors import XdsError
    from mixer2.xds.tls import TlsFiles

    log_as(log_format, "ERROR" if check else "DEBUG" if verbose else "INFO")
    path = mesh.absolute()
    if (modules_certificate is None) != (modules_key is None):
        typer.echo("--modules-certificate and --modules-key go together", err=True)
        raise typer.Exit(2)
    tls = None
    if certificate is not None and key is not None and client_ca is not None:
        tls = TlsFiles(certificate=certificate, key=key, client_ca=client_ca)
    elif (certificate, key, client_ca) != (None, None, None):
        typer.echo("--certificate, --key and --client-ca go together", err=True)
        raise typer.Exit(2)
    modules_tls = None
    if modules_certificate is not None and modules_key is not None:
        modules_tls = (modules_certificate, modules_key, modules_client_ca)
    options = ServeOptions(
        path,
        state or path.parent / ".mixer2",
        host=host,
        port=port,
        tls=tls,
        bindings=tuple(bind or ()),
        inspectors=tuple(inspector or ()),
        plaintext=plaintext,
        status_names=tuple(status_name or ()),
        status_host=status_host,
        status_port=status_port,
        modules_host=modules_host,
        modules_port=modules_port,
        modules_tls=modules_tls,
    )
    try:
        if check:
            with progress(f"checking {mesh.name}"):
                asyncio.run(check_only(options))
        else:
            asyncio.run(serve_mesh(options))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return
    except InvalidMesh as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        count = len(error.problems)
        typer.echo(f"{count} problem{'s' if count > 1 else ''}; nothing is served", err=True)
        raise typer.Exit(1) from error
    except (ControlError, RolloutError, XdsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if check:
        typer.echo(f"{mesh}: fine")
