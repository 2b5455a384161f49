"""What stands behind Envoy while a filter is tried."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import web

from mixer2.authoring.errors import RunError
from mixer2.xds.builders.endpoint import Endpoint


@asynccontextmanager
async def upstream(url: str | None) -> AsyncIterator[Endpoint]:
    """Give the endpoint of `url`; without one, serve an echo and give that.

    Raises:
        RunError: the URL is not one of HTTP, or its host has no address.
    """
    if url is not None:
        yield _endpoint(url)
        return
    runner = web.AppRunner(_echo(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield Endpoint("127.0.0.1", site.port)
    finally:
        await runner.cleanup()


def _echo() -> web.Application:
    """An application that answers with what it received."""

    async def answer(request: web.Request) -> web.Response:
        body = await request.text()
        headers = [[name, value] for name, value in request.headers.items()]
        received = {
            "method": request.method,
            "path": request.path_qs,
            "headers": headers,
            "body": body,
        }
        return web.json_response(received)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    return application


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
