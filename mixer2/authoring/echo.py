"""An upstream that answers with what it received, and remembers both."""

import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

_REMEMBERED = 256
_NUMBER = "exchange"


@dataclass(slots=True)
class Seen:
    """A request as it arrived, and the answer as it left."""

    request: list[tuple[str, str]]
    response: list[tuple[str, str]]


class Echo:
    """Serves, and tells what passed.

    Attributes:
        count: How many requests came.
    """

    def __init__(self) -> None:
        self.count = 0
        self._seen: OrderedDict[int, Seen] = OrderedDict()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Serve as long as the block; its TCP port on loopback."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield site.port
        finally:
            await runner.cleanup()

    def exchange_of(self, body: bytes, already: int) -> Seen | None:
        """What passed when a client got a body; None when nothing did.

        Args:
            body: Names the exchange, unless a filter put another in its place: then it is the
                latest.
            already: How many requests had come before the client asked.
        """
        try:
            number = json.loads(body)[_NUMBER]
        except (ValueError, KeyError, TypeError):
            number = self.count if self.count > already else 0
        return self._seen.get(number)

    async def _answer(self, request: web.Request) -> web.Response:
        self.count += 1
        line = [(":method", request.method), (":path", request.path_qs)]
        seen = Seen([*line, *_lower(request.headers)], [])
        self._seen[self.count] = seen
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        response = web.json_response(
            {
                _NUMBER: self.count,
                "method": request.method,
                "path": request.path_qs,
                "headers": _lower(request.headers),
                "body": await request.text(),
            }
        )
        # From here on it has the headers that the server adds.
        await response.prepare(request)
        seen.response = [(":status", str(response.status)), *_lower(response.headers)]
        return response


def _lower(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names as HTTP/2 and filters have them."""
    return [(name.lower(), value) for name, value in headers.items()]
