"""Many backends of one plugin: each gets every exchange, and the client's counts are theirs."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from mixer2.xds.modules import WasmModule
from tests.e2e.mixing import eventually, mixing

pytestmark = pytest.mark.envoy


class Receiver:
    """Takes whatever is posted, by path."""

    def __init__(self) -> None:
        self.bodies: dict[str, list[bytes]] = {}

    def lines(self) -> list[dict[str, Any]]:
        """Lines of the access log."""
        return [json.loads(line) for body in self.bodies["/log"] for line in body.splitlines()]

    def spans(self) -> list[dict[str, Any]]:
        """Spans."""
        return [span for body in self.bodies["/api/v2/spans"] for span in json.loads(body)]

    def usage(self) -> Counter[str]:
        """Requests by consumer."""
        total: Counter[str] = Counter()
        for body in self.bodies["/usage"]:
            for record in json.loads(body)["records"]:
                total[record["consumer"]] += record["requests"]
        return total

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        async def take(request: web.BaseRequest) -> web.StreamResponse:
            self.bodies.setdefault(request.path, []).append(await request.read())
            return web.Response(status=202)

        runner = web.ServerRunner(web.Server(take))
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield site.port
        finally:
            await runner.cleanup()


USER = "request.headers['x-user']"
BUFFER = {"interval": "100ms", "size": 50}
CONFIGURATION = {
    "handlers": {
        "stats": {"metrics": {"sizes": True}},
        "lines": {"access_log": {"template": "LINE {method} {path} {code} {user}"}},
        "warehouse": {"access_log": {"cluster": "all", "path": "/log"}, "buffer": BUFFER},
        "spans": {"tracing": {"cluster": "all", "format": "zipkin"}, "buffer": BUFFER},
        "billing": {"usage": {"cluster": "all", "path": "/usage", "interval": "200ms"}},
    },
    "rules": [
        {"report": "stats", "with": {"tenant": USER}},
        {"report": "lines", "with": {"user": USER}},
        {"report": "warehouse", "with": {"user": USER, "size": "response.size"}},
        {"report": "spans", "with": {"user": USER}},
        {"report": "billing", "with": {"consumer": USER}},
    ],
}


async def test_every_backend_gets_every_exchange(mixer: WasmModule) -> None:
    receiver = Receiver()
    async with (
        receiver.serving() as port,
        mixing(mixer, CONFIGURATION, http={"all": port}) as proxy,
    ):
        await proxy.statuses(300, x_user="ann")
        await proxy.statuses(120, x_user="bob")
        await eventually(lambda: len(receiver.bodies) == 3)
        await eventually(lambda: receiver.usage().total() >= 420)
        await eventually(lambda: len(receiver.lines()) >= 420 and len(receiver.spans()) >= 420)
        counted = await proxy.stats("http_requests_total")
        dropped = await proxy.stats("dropped")
        log = proxy.envoy.log()
    requests = "mixer2_http_requests_total{tenant="
    assert counted == {
        f"{requests}ann,method=GET,code_class=2xx}}": 300,
        f"{requests}bob,method=GET,code_class=2xx}}": 120,
    }
    assert receiver.usage() == Counter({"ann": 300, "bob": 120})
    assert Counter(line["user"] for line in receiver.lines()) == Counter({"ann": 300, "bob": 120})
    assert {line["size"] for line in receiver.lines()} == {2}
    assert Counter(span["tags"]["user"] for span in receiver.spans()) == Counter(
        {"ann": 300, "bob": 120}
    )
    assert len({span["id"] for span in receiver.spans()}) == 420
    assert log.count("LINE GET / 200 ann") == 300
    assert sum(dropped.values()) == 0
    # Batches, not a call for each exchange.
    assert len(receiver.bodies["/log"]) < 100
