"""`mixer2 quota-server`: limits that all proxies share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import asyncio

    import grpc


def quota_server(
    limits: Annotated[Path, typer.Argument(help="The limits: a YAML file.", show_default=False)],
    redis: Annotated[
        str | None,
        typer.Option(help="redis://HOST:PORT/DB holds the counters; memory, when not given."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 picks one.")] = 8081,
    redis_timeout: Annotated[float, typer.Option(help="Seconds to wait for Redis.")] = 0.25,
    tls_certificate: Annotated[
        Path | None, typer.Option(help="Certificate chain, PEM; with --tls-key.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
    tls_client_ca: Annotated[
        Path | None, typer.Option(help="Who signs proxies' certificates, which then all need one.")
    ] = None,
    plaintext: Annotated[
        bool, typer.Option("--plaintext", help="Allow plain text beyond loopback.")
    ] = False,
) -> None:
    """Answer Envoy's rate limit service and hand out quota tokens, counting in Redis."""
    import asyncio

    from mixer2.quota.configuration import read_limits
    from mixer2.quota.errors import QuotaError
    from mixer2.quota.redis_store import RedisStore
    from mixer2.quota.server import QuotaServer
    from mixer2.quota.store import MemoryStore, Store

    async def serve() -> None:
        store: Store
        if redis is None:
            typer.echo("no --redis: counts are lost when this server stops, and it must be alone")
            store = MemoryStore()
        else:
            store = RedisStore(redis, redis_timeout)
            await store.ping()
        server = QuotaServer(
            read_limits(limits),
            store,
            host=host,
            port=port,
            credentials=_credentials(tls_certificate, tls_key, tls_client_ca),
            plaintext=plaintext,
        )
        stop = _stop_on_signals()
        async with server:
            typer.echo(f"quota server on {server.host}:{server.port}")
            await stop.wait()

    try:
        asyncio.run(serve())
    except (QuotaError, OSError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _stop_on_signals() -> "asyncio.Event":
    """An event that SIGTERM and Ctrl+C set."""
    import asyncio
    import signal
    from contextlib import suppress

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl+C cancels
            loop.add_signal_handler(number, stop.set)
    return stop


def _credentials(
    certificate: Path | None, key: Path | None, client_ca: Path | None
) -> "grpc.ServerCredentials | None":
    import grpc

    if certificate is None and key is None:
        if client_ca is not None:
            raise ValueError("--tls-client-ca needs --tls-certificate and --tls-key")
        return None
    if certificate is None or key is None:
        raise ValueError("--tls-certificate and --tls-key are given together")
    return grpc.ssl_server_credentials(
        [(key.read_bytes(), certificate.read_bytes())],
        root_certificates=client_ca.read_bytes() if client_ca is not None else None,
        require_client_auth=client_ca is not None,
    )
