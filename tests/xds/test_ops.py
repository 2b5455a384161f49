"""Health and metrics over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import grpc.aio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from mixer2.xds.ops import ops_routes
from mixer2.xds.resource import CLUSTER, Resource
from mixer2.xds.server import XdsServer
from mixer2.xds.snapshot import Snapshot
from tests.xds.ads import Ads

ONE = [Resource.of(CLUSTER, "a", b"1")]
TWO = [Resource.of(CLUSTER, "a", b"2")]


@asynccontextmanager
async def client_of(server: XdsServer) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    application = web.Application()
    application.add_routes(ops_routes(server))
    async with TestClient(TestServer(application)) as client:
        yield client


async def test_health_is_that_nodes_are_served() -> None:
    server = XdsServer()
    async with client_of(server) as client:

        async def health() -> tuple[int, str]:
            response = await client.get("/healthz")
            return response.status, await response.text()

        assert await health() == (503, "not listening\n")
        async with server:
            assert await health() == (503, "nothing to serve yet\n")
            server.cache.set(Snapshot([]))
            assert await health() == (200, "ok\n")
        assert (await health())[0] == 503


async def test_metrics_count_what_happens() -> None:
    async with (
        XdsServer() as server,
        client_of(server) as client,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        server.cache.set(Snapshot(ONE))
        ads = Ads(channel)
        await ads.send(node={"id": "n"}, type_url=CLUSTER)
        response = await ads.response()
        await ads.send(type_url=CLUSTER, response_nonce=response.nonce)
        server.cache.set(Snapshot(TWO))
        response = await ads.response()
        error = {"message": "no"}
        await ads.send(type_url=CLUSTER, response_nonce=response.nonce, error_detail=error)
        await ads.send(type_url="made.up")
        await server.nodes.wait_until(lambda nodes: any(one.rejections for one in nodes))
        await server.nodes.wait_settled(Snapshot(TWO).version)
        refused = Ads(channel)
        await refused.send(type_url=CLUSTER)
        await refused.status()
        found = await client.get("/metrics")
        assert found.headers["content-type"].startswith("text/plain; version=0.0.4")
        samples = {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(await found.text())
            for sample in family.samples
        }
    expected = {
        ("mixer2_xds_requests_total", "CDS"): 3,
        ("mixer2_xds_requests_total", "other"): 1,
        ("mixer2_xds_responses_total", "CDS"): 2,
        ("mixer2_xds_resources_sent_total", "CDS"): 2,
        ("mixer2_xds_acks_total", "CDS"): 1,
        ("mixer2_xds_nacks_total", "CDS"): 1,
        ("mixer2_xds_settle_seconds_count",): 1,
        ("mixer2_xds_streams_opened_total", "ADS"): 1,
        ("mixer2_xds_streams_refused_total", "INVALID_ARGUMENT"): 1,
        ("mixer2_xds_nodes", "connected"): 1,
        ("mixer2_xds_streams",): 1,
        ("mixer2_xds_rejections", "CDS"): 1,
    }
    assert {name: samples[name] for name in expected} == expected
    assert samples["process_resident_memory_bytes",] > 0
