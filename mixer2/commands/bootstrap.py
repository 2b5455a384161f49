"""`mixer2 bootstrap`: what an Envoy starts with to be a node of a mesh."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mixer2.envoy.bootstrap import Address


def bootstrap(
    node: Annotated[str, typer.Argument(help="Id of the node, unique.", show_default=False)],
    xds: Annotated[str, typer.Option(help="HOST:PORT of the server.")] = "127.0.0.1:18000",
    cluster: Annotated[str, typer.Option(help="Cluster of the node.")] = "mixer2",
    label: Annotated[
        list[str] | None, typer.Option(help="KEY=VALUE; node groups select by labels.")
    ] = None,
    locality: Annotated[str, typer.Option(help="REGION/ZONE/SUB_ZONE.")] = "",
    admin: Annotated[
        str, typer.Option(help="HOST:PORT or socket path of the admin interface.")
    ] = "127.0.0.1:9901",
    ca: Annotated[str, typer.Option(help="Who signs the server's certificate: for mTLS.")] = "",
    certificate: Annotated[str, typer.Option(help="The node's certificate.")] = "",
    key: Annotated[str, typer.Option(help="Its private key.")] = "",
    server_name: Annotated[str, typer.Option(help="DNS name of the server's certificate.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; printed without.")
    ] = None,
) -> None:
    """Print a bootstrap for Envoy: mixer2 bootstrap edge-1 > edge.json; envoy -c edge.json."""
    from mixer2.envoy.bootstrap import Bootstrap, Locality, Node, XdsTls
    from mixer2.envoy.errors import EnvoyError

    files = (ca, certificate, key)
    if any(files) and not all(files):
        typer.echo("--ca, --certificate and --key go together", err=True)
        raise typer.Exit(2)
    places = [*locality.split("/", 2), "", "", ""]
    try:
        labels = dict(_key_and_value(one) for one in label or ())
        found = Bootstrap(
            node=Node(
                node,
                cluster=cluster,
                # Where the server may ask for stats if the mesh file says `observe.admin: admin`.
                metadata={"admin": admin} | ({"labels": labels} if labels else {}),
                locality=Locality(*places[:3]) if locality else None,
            ),
            xds=_address(xds),
            xds_tls=XdsTls(ca, certificate, key, server_name) if ca else None,
            admin=_address(admin),
        )
        text = found.to_json()
    except (EnvoyError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        typer.echo(f"{output}: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error


def _address(text: str) -> "Address":
    from mixer2.envoy.bootstrap import TcpAddress, UnixAddress

    if text.startswith("/"):
        return UnixAddress(text)
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"{text!r}: expected HOST:PORT or the path of a socket")
    return TcpAddress(host.removeprefix("[").removesuffix("]"), int(port))


def _key_and_value(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise ValueError(f"label {text!r}: expected KEY=VALUE")
    return key, value
