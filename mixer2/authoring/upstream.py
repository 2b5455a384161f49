"""What stands behind Envoy while a filter is tried."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from mixer2.authoring.echo import Echo
from mixer2.authoring.errors import RunError
from mixer2.xds.builders.endpoint import Endpoint


@asynccontextmanager
async def upstream(url: str | None) -> AsyncIterator[tuple[Endpoint, Echo | None]]:
    """Give the endpoint of `url`; without one, serve an echo and give that.

    Raises:
        RunError: the URL is not one of HTTP, or its host has no address.
    """
    if url is not None:
        yield _endpoint(url), None
        return
    echo = Echo()
    async with echo.serving() as port:
        yield Endpoint("127.0.0.1", port), echo


def _endpoint(url: str) -> Endpoint:
    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError as error:
        raise RunError(f"--upstream {url}: {error}") from error
    if parts.scheme != "http" or not parts.hostname:
        raise RunError(f"--upstream {url}: expected http://HOST:PORT")
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise RunError(f"--upstream {url}: no address of {parts.hostname}") from error
    return Endpoint(str(found[0][4][0]), port)
