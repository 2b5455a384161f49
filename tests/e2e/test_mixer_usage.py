"""Usage records of a real Envoy at a receiver that was away."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from mixer2.xds.modules import WasmModule
from tests.e2e.mixing import eventually, free_port, mixing

pytestmark = pytest.mark.envoy


class Billing:
    """A receiver that counts every batch once."""

    def __init__(self) -> None:
        self.batches: dict[tuple[str, int], list[dict[str, Any]]] = {}

    async def take(self, request: web.BaseRequest) -> web.StreamResponse:
        batch = json.loads(await request.read())
        key = (batch["source"], batch["sequence"])
        assert self.batches.setdefault(key, batch["records"]) == batch["records"]
        return web.Response(status=204)

    def requests(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for records in self.batches.values():
            for record in records:
                total[record["consumer"]] += record["requests"]
        return total

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[None]:
        runner = web.ServerRunner(web.Server(self.take))
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield
        finally:
            await runner.cleanup()


def charging(interval: str) -> dict[str, Any]:
    handler = {"usage": {"cluster": "billing", "interval": interval}, "timeout": "500ms"}
    rule = {"report": "usage", "with": {"consumer": "request.headers['x-user']"}}
    return {"handlers": {"usage": handler}, "rules": [rule]}


async def test_usage_outlives_an_outage(mixer: WasmModule) -> None:
    billing = Billing()
    port = free_port()
    async with mixing(mixer, charging("100ms"), http={"billing": port}) as proxy:
        await proxy.statuses(300, x_user="ann")
        await proxy.statuses(200, x_user="bob")
        await asyncio.sleep(0.5)
        failed = await proxy.stats("usage_batches")
        async with billing.serving(port):
            await proxy.statuses(100, x_user="ann")
            await eventually(lambda: billing.requests().total() >= 600)
    assert failed["mixer2_usage_batches_total{handler=usage,outcome=failed}"] >= 1
    assert billing.requests() == Counter({"ann": 400, "bob": 200})
    for source in {source for source, _ in billing.batches}:
        numbers = sorted(number for other, number in billing.batches if other == source)
        assert numbers == list(range(1, len(numbers) + 1))


async def test_a_configuration_that_goes_sends_what_it_has(mixer: WasmModule) -> None:
    billing = Billing()
    port = free_port()
    async with (
        billing.serving(port),
        mixing(mixer, charging("1h"), http={"billing": port}) as proxy,
    ):
        await proxy.statuses(100, x_user="ann")
        assert billing.batches == {}
        await proxy.change(charging("2h"))
        await eventually(lambda: billing.requests().total() >= 100)
    assert billing.requests() == Counter({"ann": 100})


async def test_what_it_cannot_send_its_successor_sends(mixer: WasmModule) -> None:
    billing = Billing()
    port = free_port()
    async with mixing(mixer, charging("200ms"), http={"billing": port}) as proxy:
        await proxy.statuses(100, x_user="ann")
        await asyncio.sleep(0.5)
        await proxy.change(charging("250ms"))
        await proxy.statuses(50, x_user="bob")
        await asyncio.sleep(6)  # the predecessor has given up
        async with billing.serving(port):
            await eventually(lambda: billing.requests().total() >= 150)
            await asyncio.sleep(1)
    assert billing.requests() == Counter({"ann": 100, "bob": 50})
