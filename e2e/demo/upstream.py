"""The service behind Envoy: `/ANYTHING/CODE` is answered with that status code."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

# On every answer of the upstream, and so on none that Envoy makes up itself (its own 503, say).
ORIGIN_HEADER: Final = "x-demo-origin"


async def _answer(request: web.Request) -> web.Response:
    await request.read()
    code = int(request.match_info["code"])
    headers = {ORIGIN_HEADER: "upstream"}
    if code in (204, 304):
        return web.Response(status=code, headers=headers)
    return web.Response(status=code, headers=headers, text=f"{request.method} {request.path}\n")


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    """Serve on a free loopback port, and yield the port."""
    app = web.Application()
    app.router.add_route("*", r"/{resource}/{code:[2-5]\d\d}", _answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield site.port
    finally:
        await runner.cleanup()
