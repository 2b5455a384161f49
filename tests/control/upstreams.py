"""Services behind Envoy."""

import asyncio
from typing import Self

from aiohttp import web


class Upstream:
    """Answers everything with its name, after `delay` seconds; `statuses` are given first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.requests: list[web.BaseRequest] = []
        self.statuses: list[int] = []
        self.delay = 0.0
        self.port = 0
        self._runner = web.ServerRunner(web.Server(self._answer))

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        self.requests.append(request)
        await asyncio.sleep(self.delay)
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, text=self.name)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site.port
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
