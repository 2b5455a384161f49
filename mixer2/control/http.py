"""The HTTP side of the server: the status page, the same as JSON, and commands for rollouts.

    GET  /                           the page
    GET  /api/status                 everything as JSON
    GET  /healthz, /metrics          for machines
    GET  /api/events                 server-sent events: `changed`, whenever something did
    POST /api/rollouts/NAME/ACTION   pause, resume, abort or retry; {"who": ..., "why": ...}

Commands are taken from this machine only. Names and origins are checked, so that no web page
elsewhere can read the status or give commands through somebody's browser.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

import structlog
from aiohttp import web

from mixer2.control.listening import listen
from mixer2.control.plane import ControlPlane
from mixer2.control.status import StatusReport
from mixer2.rollout.errors import RolloutError
from mixer2.ui import STATIC
from mixer2.xds.nodes import Nodes

_log = structlog.get_logger("mixer2.control")

_ACTIONS = ("pause", "resume", "abort", "retry")
_LEAST_S = 0.2  # between events
_ALIVE_S = 15.0  # an event at least so often, so that a dead browser is noticed
_MOST_LISTENERS = 64
_MOST_TEXT = 2000
_HEADERS = {
    # Nothing from elsewhere, nothing inline: what a node says cannot become code of the page.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


class StatusServer:
    """Serves status and commands; an async context manager.

    Args:
        plane: The control plane.
        nodes: All nodes.
        report: Describes both.
        host: IP address to listen on.
        port: TCP port; 0 for a free one.
        names: Host names by which browsers may ask, besides addresses and localhost.
        routes: Others that are served beside these, by whatever name.
    """

    def __init__(
        self,
        plane: ControlPlane,
        nodes: Nodes,
        report: StatusReport,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        names: Collection[str] = (),
        routes: Sequence[web.RouteDef] = (),
    ) -> None:
        self._names = {"localhost", *names}
        self._open = {route.path for route in routes}
        self.host = host
        self.port = port
        self._plane = plane
        self._nodes = nodes
        self._report = report
        self._listeners: set[asyncio.Event] = set()
        self._watching: asyncio.Task[None] | None = None
        self._closing = False
        self._routes = tuple(routes)
        self._runner: web.AppRunner | None = None
        plane.on_change(self._wake)

    @property
    def url(self) -> str:
        """Where people look."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/", self._page)
        app.router.add_get("/api/status", self._status)
        app.router.add_get("/api/events", self._events)
        app.router.add_post("/api/rollouts/{name:.+}/{action}", self._command)
        app.add_routes(self._routes)
        app.router.add_static("/static", STATIC)
        self._runner, self.port = await listen(app, "status page", self.host, self.port)
        self._watching = asyncio.create_task(self._watch_nodes())
        _log.info("status.listening", url=self.url)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing = True
        self._wake()
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        if self._runner is not None:
            await self._runner.cleanup()

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.set()

    async def _watch_nodes(self) -> None:
        """Wake the listeners when a node said something."""
        while True:
            first = True

            def second_time(_nodes: Nodes) -> bool:
                nonlocal first
                first, was = False, first
                return not was

            await self._nodes.wait_until(second_time)
            self._wake()
            await asyncio.sleep(_LEAST_S)

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        name = request.url.host or ""
        if not _is_address(name) and name not in self._names and request.path not in self._open:
            # A name that leads here is somebody's DNS: a page of that name could read everything.
            raise web.HTTPForbidden(text="ask by address, as localhost, or by a --status-name\n")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    async def _page(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html")

    async def _status(self, _request: web.Request) -> web.Response:
        return web.json_response(self._report.whole())

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if len(self._listeners) >= _MOST_LISTENERS:
            raise web.HTTPServiceUnavailable(text="too many pages are open\n")
        response = web.StreamResponse(headers={"content-type": "text/event-stream", **_HEADERS})
        changed = asyncio.Event()
        self._listeners.add(changed)
        try:
            await response.prepare(request)
            await response.write(b"event: changed\ndata:\n\n")
            while not self._closing:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_ALIVE_S):
                        await changed.wait()
                changed.clear()
                await response.write(b"event: changed\ndata:\n\n")
                await asyncio.sleep(_LEAST_S)
        except ConnectionError:
            pass
        finally:
            self._listeners.discard(changed)
        return response

    async def _command(self, request: web.Request) -> web.Response:
        name, action = request.match_info["name"], request.match_info["action"]
        if not _is_loopback(request.remote or ""):
            raise web.HTTPForbidden(text="commands are taken on the server's machine only\n")
        if request.content_type != "application/json" or "origin" in request.headers:
            raise web.HTTPForbidden(text="commands come from mixer2 rollout, not from pages\n")
        if action not in _ACTIONS:
            raise web.HTTPNotFound(text=f"expected one of {', '.join(_ACTIONS)}, got {action}\n")
        try:
            body = await request.json()
        except ValueError:
            body = None
        who, why = _who_and_why(body)
        rollouts = self._plane.rollouts
        try:
            getattr(rollouts, action)(name, who, why)
        except RolloutError as error:
            raise web.HTTPConflict(text=f"{error}\n") from error
        self._plane.rollouts_changed()
        rollout = rollouts.rollout_of(name)
        return web.json_response({"state": rollout.state if rollout is not None else None})


def _who_and_why(body: Any) -> tuple[str, str]:
    found = [body.get(key) if isinstance(body, dict) else None for key in ("who", "why")]
    if not all(isinstance(one, str) and 0 < len(one) <= _MOST_TEXT for one in found):
        raise web.HTTPBadRequest(text='expected {"who": "...", "why": "..."}\n')
    return str(found[0]), str(found[1])


def _is_loopback(address: str) -> bool:
    return _is_address(address) and ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
