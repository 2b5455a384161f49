"""Broken, greedy and hostile clients: bounded memory, a clear status, no effect on others."""

import asyncio
import gc
import resource
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self

import grpc
import grpc.aio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from mixer2.xds import admission, protos
from mixer2.xds.delta import DeltaStream
from mixer2.xds.errors import XdsError
from mixer2.xds.limits import Limits, LogLimit, Pace
from mixer2.xds.messages import Node
from mixer2.xds.nodes import Nodes
from mixer2.xds.resource import CLUSTER, ENDPOINTS, EXTENSION, LISTENER
from mixer2.xds.server import XdsServer
from mixer2.xds.snapshot import Snapshot
from mixer2.xds.sotw import SotwStream
from tests.xds.ads import METHOD, Ads
from tests.xds.client import endpoints, listener, plugin

KB = 1024


@asynccontextmanager
async def serving(limits: Limits | None = None) -> AsyncIterator[tuple[XdsServer, Any]]:
    async with (
        XdsServer(limits=limits) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        server.cache.set(Snapshot([listener("l"), plugin("p")]))
        yield server, channel


class Good:
    """A node that behaves; it is undisturbed when it gets a change."""

    def __init__(self, server: XdsServer) -> None:
        self._server = server
        self._changes = 0
        options = [("grpc.use_local_subchannel_pool", 1)]
        self._channel: Any = grpc.aio.insecure_channel(f"127.0.0.1:{server.port}", options=options)
        self._ads = Ads(self._channel)

    async def __aenter__(self) -> Self:
        await self._ads.send(node={"id": "good"}, type_url=LISTENER)
        await self._ack(await self._ads.response())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._channel.close()

    async def is_undisturbed(self) -> None:
        self._changes += 1
        changed = listener("l", f"for good {self._changes}")
        self._server.cache.update(put=[changed])
        response = await self._ads.response()
        assert response.resources[0].value == changed.value
        await self._ack(response)

    async def _ack(self, response: Any) -> None:
        version = response.version_info
        await self._ads.send(type_url=LISTENER, response_nonce=response.nonce, version_info=version)


@contextmanager
def memory_within(kilobytes: int) -> Iterator[None]:
    """What Python allocates in the block, and keeps, is less than that."""
    gc.collect()
    tracemalloc.start()
    try:
        yield
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < kilobytes * KB


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


# Malformed requests


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"node": {"id": ""}, "type_url": LISTENER}, "must say which node"),
        ({"node": {"id": "n"}}, "names no type_url"),
        ({"node": {"id": "n"}, "type_url": "x" * 1025}, "more than 1024 characters"),
        (
            {"node": {"id": "n"}, "type_url": LISTENER, "resource_names": ["x" * 1025]},
            "more than 1024 characters",
        ),
        (
            {"node": {"id": "n", "metadata": {"x": "y" * 65536}}, "type_url": LISTENER},
            "node.metadata has more than 65536 bytes",
        ),
        ({"node": {"id": "n" * 1025}, "type_url": LISTENER}, "more than 1024 characters"),
    ],
)
async def test_a_request_that_makes_no_sense_is_refused(
    fields: dict[str, Any], reason: str
) -> None:
    async with serving() as (server, channel), Good(server) as good:
        ads = Ads(channel)
        await ads.send(**fields)
        code, details = await ads.status()
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        assert reason in details
        await good.is_undisturbed()


async def test_a_request_of_more_than_4_megabytes_is_refused() -> None:
    async with serving() as (server, channel), Good(server) as good:
        ads = Ads(channel)
        await ads.send(node={"id": "n"}, type_url=LISTENER, resource_names=["x" * 5_000_000])
        assert (await ads.status())[0] is grpc.StatusCode.RESOURCE_EXHAUSTED
        await good.is_undisturbed()


async def test_names_are_bounded_over_all_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "MOST_NAMES", 1000)
    async with serving() as (server, channel), Good(server) as good:
        ads = Ads(channel)
        ads.delta()
        await ads.send(node={"id": "n"}, type_url=EXTENSION)
        for number in range(3):
            names = [f"{number}-{one}" for one in range(400)]
            await ads.send(type_url=EXTENSION, resource_names_subscribe=names)
        code, details = await ads.status()
        assert (code, details) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            "more than 1000 names on one stream",
        )
        await good.is_undisturbed()


@pytest.mark.parametrize("kind", [SotwStream, DeltaStream])
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_an_error(kind: type[Any], data: bytes) -> None:
    decode = protos.decode_delta_request if kind is DeltaStream else protos.decode_request
    target = kind(Nodes().connect(Node("n")))
    try:
        target.receive(decode(data))
    except XdsError:
        return
    target.next_responses()


# Clients that do not do their part


async def test_who_never_acks_costs_one_response_however_much_changes() -> None:
    async with serving() as (server, channel), Good(server) as good:
        ads = Ads(channel)
        await ads.send(node={"id": "n"}, type_url=EXTENSION, resource_names=["p"])
        await ads.response()
        await good.is_undisturbed()
        with memory_within(500):
            for number in range(2000):
                server.cache.update(put=[plugin("p", f"{number}" * 1000)])
                if number % 100 == 0:
                    await asyncio.sleep(0)
        await ads.silence()
        await good.is_undisturbed()


async def test_who_never_reads_costs_one_response_too() -> None:
    async with serving() as (server, channel), Good(server) as good:
        # No read() at all: the response fills the window of the connection and stays there.
        server.cache.update(put=[plugin("p", "x" * 5_000_000)])
        call = channel.stream_stream(METHOD)()
        request = protos.DiscoveryRequest(
            node={"id": "n"}, type_url=EXTENSION, resource_names=["p"]
        )
        await call.write(request.SerializeToString())
        await asyncio.sleep(0.2)
        with memory_within(500):
            for number in range(200):
                server.cache.update(put=[plugin("p", f"{number}")])
                await asyncio.sleep(0)
        await good.is_undisturbed()
        call.cancel()


async def test_who_says_nothing_is_sent_away() -> None:
    async with serving(Limits(silence=0.1)) as (server, channel), Good(server) as good:
        ads = Ads(channel)
        # gRPC opens a stream with its first message or its end; an empty one is a request.
        call = channel.stream_stream(METHOD)()
        await call.wait_for_connection()
        assert await call.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert await call.details() == "no request in the first 0.1 s of the stream"
        await good.is_undisturbed()
        ads.cancel()


async def test_a_node_that_refuses_everything_gets_everything_once() -> None:
    async with serving() as (server, channel), Good(server) as good:
        ads = Ads(channel)
        await ads.send(node={"id": "n"}, type_url=EXTENSION, resource_names=["p"])
        for number in range(20):
            response = await ads.response()
            await ads.send(
                type_url=EXTENSION,
                resource_names=["p"],
                response_nonce=response.nonce,
                error_detail={"message": "never " * 10_000},
            )
            server.cache.update(put=[plugin("p", f"{number}")])
        node = server.nodes.get("n")
        assert node is not None
        assert sum(len(one.reason) for one in node.rejections) <= 4096
        await good.is_undisturbed()


# Floods


async def test_who_floods_is_read_slowly_and_the_others_are_served() -> None:
    limits = Limits(requests_per_second=50, burst=100)
    async with serving(limits) as (server, channel), Good(server) as good:
        ads = Ads(channel)
        began = asyncio.get_running_loop().time()

        async def flood() -> None:
            await ads.send(node={"id": "n"}, type_url=ENDPOINTS, resource_names=["0"])
            for number in range(100_000):
                await ads.send(type_url=ENDPOINTS, resource_names=[f"{number}"] * 100)

        flooding = asyncio.create_task(flood())
        for _ in range(20):
            await good.is_undisturbed()
            await asyncio.sleep(0.05)
        took = asyncio.get_running_loop().time() - began
        flooding.cancel()
        text = server.metrics.text().decode()
        (line,) = [
            one
            for one in text.splitlines()
            if one.startswith('mixer2_xds_requests_total{type="EDS"}')
        ]
        assert 0 < float(line.split()[1]) <= 100 + 50 * took + 5
        ads.cancel()


def test_of_a_flood_of_refusals_a_few_are_logged_and_the_others_counted() -> None:
    now = 0.0
    limit = LogLimit(per_second=2, clock=lambda: now)
    assert [limit.admits() for _ in range(5)] == [True, True, False, False, False]
    now = 1.0
    assert limit.admits()
    assert (limit.unsaid(), limit.unsaid()) == (3, 0)


def test_a_pace_lets_a_burst_pass_and_then_a_rate() -> None:
    now = 0.0
    pace = Pace(Limits(requests_per_second=10, burst=3), clock=lambda: now)
    assert [pace.delay() for _ in range(3)] == [0, 0, 0]
    assert pace.delay() == pytest.approx(0.1)
    assert pace.delay() == pytest.approx(0.2)
    now = 100.0
    assert [pace.delay() for _ in range(3)] == [0, 0, 0]


# Streams without end


async def test_ten_thousand_streams_of_a_node_are_sixteen() -> None:
    async with serving() as (server, channel), Good(server) as good:
        codes: Counter[str] = Counter()
        room = asyncio.Semaphore(40)
        opened = []

        async def open_stream() -> None:
            async with room:
                ads = Ads(channel)
                if await ads.is_answered(node={"id": "n"}, type_url=LISTENER):
                    opened.append(ads)
                    codes["open"] += 1
                else:
                    code, details = await ads.status()
                    codes[f"{code.name}: {details}"] += 1

        before = resident()
        with capture_logs() as logs:
            await asyncio.gather(*(open_stream() for _ in range(10_000)))
            await good.is_undisturbed()
        assert resident() - before < 50_000 * KB  # client and server together
        refusals = [one for one in logs if one["event"] == "xds.refused"]
        assert 10 <= len(refusals) < 1000
        assert sum(one["unsaid"] for one in refusals) <= 9_984 - len(refusals)
        refusal = "RESOURCE_EXHAUSTED: node 'n' has 16 streams open already"
        assert codes == {"open": 16, refusal: 9_984}
        node = server.nodes.get("n")
        assert node is not None
        assert node.streams == 16
        for ads in opened:
            ads.cancel()
        await server.nodes.wait_until(lambda nodes: not nodes.get("n").connected)  # type: ignore[union-attr]
        await open_stream()
        assert codes["open"] == 17
        for ads in opened:
            ads.cancel()


async def test_a_connection_has_so_many_streams_and_the_others_wait() -> None:
    async with serving(Limits(streams_per_connection=5)) as (server, channel), Good(server) as good:
        streams = [Ads(channel) for _ in range(8)]

        async def ask(ads: Ads, node: str) -> None:
            await ads.send(node={"id": node}, type_url=LISTENER)
            await ads.response()

        answered = [
            asyncio.create_task(ask(ads, f"n{number}")) for number, ads in enumerate(streams)
        ]
        done, waiting = await asyncio.wait(answered, timeout=0.5)
        assert (len(done), len(waiting)) == (5, 3)
        await good.is_undisturbed()
        for one in waiting:
            one.cancel()
        for ads in streams:
            ads.cancel()


async def test_a_server_has_so_many_streams_and_refuses_more() -> None:
    async with serving(Limits(streams=4)) as (server, channel), Good(server) as good:
        streams = [Ads(channel) for _ in range(3)]
        for number, ads in enumerate(streams):
            await ads.send(node={"id": f"n{number}"}, type_url=LISTENER)
            await ads.response()
        refused = Ads(channel)
        assert not await refused.is_answered(node={"id": "one more"}, type_url=LISTENER)
        assert (await refused.status())[0] is grpc.StatusCode.RESOURCE_EXHAUSTED
        await good.is_undisturbed()
        for ads in streams:
            ads.cancel()


async def test_nodes_that_come_and_go_are_forgotten_in_time() -> None:
    nodes = Nodes()
    with memory_within(2000):
        for number in range(20_000):
            status = nodes.connect(Node(str(number)))
            SotwStream(status).close()
            nodes.disconnect(status)
    assert len(nodes) == 1000


async def test_types_that_a_node_makes_up_are_forgotten_with_its_stream() -> None:
    async with serving() as (server, channel):
        for turn in range(3):
            ads = Ads(channel)
            await ads.send(node={"id": "n"}, type_url=LISTENER)
            await ads.response()
            for number in range(50):
                await ads.send(type_url=f"made.up.{turn}.{number}")
            await ads.close()
            await ads.status()
        node = server.nodes.get("n")
        assert node is not None
        assert set(node.types) == {LISTENER}


async def test_requests_for_what_is_not_there_cost_others_nothing() -> None:
    async with serving() as (server, channel), Good(server) as good:
        ads = Ads(channel)
        ads.delta()
        await ads.send(node={"id": "n"}, type_url=CLUSTER)
        for number in range(200):
            await ads.send(type_url=ENDPOINTS, resource_names_subscribe=[f"made-up-{number}"])
        await good.is_undisturbed()
        live = server.cache._groups[""]
        assert len(live._by_name[ENDPOINTS]) <= 200
        ads.cancel()
        await server.nodes.wait_until(lambda nodes: not nodes.get("n").connected)  # type: ignore[union-attr]
        assert ENDPOINTS not in live._by_name
        server.cache.update(put=[endpoints("a")])
        await good.is_undisturbed()
