"""Spans of a real Envoy at real receivers."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from oteltap import OtelTapHttpProtobufReceiver, OtelTapHttpProtobufReceiverSettings

from mixer2.xds.modules import WasmModule
from tests.e2e.mixing import eventually, free_port, mixing
from tests.e2e.zipkin.build import RECEIVER

pytestmark = pytest.mark.envoy

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


def tracing(**settings: Any) -> dict[str, Any]:
    handler = {
        "tracing": {"cluster": "collector", "service": "shop", **settings},
        "buffer": {"interval": "100ms"},
    }
    rule = {"report": "spans", "with": {"client": "source.ip"}}
    return {"handlers": {"spans": handler}, "rules": [rule]}


class Zipkin:
    """Takes `POST /api/v2/spans` and checks what Zipkin checks."""

    def __init__(self) -> None:
        self.spans: list[dict[str, Any]] = []

    async def take(self, request: web.BaseRequest) -> web.StreamResponse:
        assert (request.method, request.path) == ("POST", "/api/v2/spans")
        assert request.content_type == "application/json"
        for span in json.loads(await request.read()):
            assert len(span["traceId"]) == 32
            assert len(span["id"]) == 16
            assert span["duration"] >= 1
            assert all(isinstance(value, str) for value in span["tags"].values())
            self.spans.append(span)
        return web.Response(status=202)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        runner = web.ServerRunner(web.Server(self.take))
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield site.port
        finally:
            await runner.cleanup()


async def test_zipkin(mixer: WasmModule) -> None:
    zipkin = Zipkin()
    async with (
        zipkin.serving() as port,
        mixing(mixer, tracing(format="zipkin"), http={"collector": port}) as proxy,
    ):
        await proxy.get("/users/7?x=1", traceparent=TRACEPARENT)
        for _ in range(20):
            await proxy.get("/")
        await eventually(lambda: len(zipkin.spans) == 21)
    (continued,) = [span for span in zipkin.spans if span["traceId"] == TRACE]
    assert continued["parentId"] == PARENT
    assert continued["kind"] == "SERVER"
    tags = continued["tags"]
    assert (tags["url.path"], tags["http.response.status_code"]) == ("/users/7", "200")
    assert tags["client.address"] == "127.0.0.1"
    assert continued["localEndpoint"] == {"serviceName": "shop"}
    assert len({span["traceId"] for span in zipkin.spans}) == 21
    assert len({span["id"] for span in zipkin.spans}) == 21


@asynccontextmanager
async def openzipkin() -> AsyncIterator[tuple[int, list[dict[str, Any]]]]:
    """A receiver that reads spans with openzipkin's model: its port, and what it reads."""
    if not RECEIVER.exists():
        pytest.skip(f"{RECEIVER.name} is not built: make zipkin")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(str(RECEIVER), stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    spans: list[dict[str, Any]] = []

    async def read(lines: asyncio.StreamReader) -> None:
        while line := await lines.readline():
            spans.append(json.loads(line))

    port = int(await process.stdout.readline())
    reading = asyncio.ensure_future(read(process.stdout))
    try:
        yield port, spans
    finally:
        process.stdin.close()
        await process.wait()
        await reading


async def test_zipkin_reads_spans_with_its_own_model(mixer: WasmModule) -> None:
    async with (
        openzipkin() as (port, spans),
        mixing(mixer, tracing(format="zipkin"), http={"collector": port}) as proxy,
    ):
        await proxy.get("/users/7?x=1", traceparent=TRACEPARENT)
        await proxy.get('/"é', host="shop.example:8080")
        await eventually(lambda: len(spans) == 2)
        assert not any((await proxy.stats("mixer2_report_errors_total")).values())
    continued, started = spans
    assert (continued["traceId"], continued["parentId"]) == (TRACE, PARENT)
    assert (continued["kind"], continued["name"]) == ("SERVER", "GET")
    assert continued["duration"] >= 1
    assert continued["timestamp"] > 0
    assert continued["localEndpoint"] == {"serviceName": "shop"}
    assert continued["tags"]["url.path"] == "/users/7"
    assert "parentId" not in started
    assert started["tags"]["server.port"] == "8080"


async def test_opentelemetry_over_http(mixer: WasmModule) -> None:
    port = free_port()
    async with OtelTapHttpProtobufReceiver(
        OtelTapHttpProtobufReceiverSettings(http_port=port)
    ) as tap:
        received = asyncio.ensure_future(tap.await_trace(lambda span: span.name == "GET"))
        async with mixing(mixer, tracing(format="otlp_http"), http={"collector": port}) as proxy:
            await proxy.get("/", traceparent=TRACEPARENT)
            async with asyncio.timeout(20):
                span = await received
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    attributes = {one.key: one.value for one in span.attributes}
    assert attributes["http.request.method"].string_value == "GET"
    assert attributes["http.response.status_code"].int_value == 200
    assert span.end_time_unix_nano >= span.start_time_unix_nano > 0


@asynccontextmanager
async def collector(log: Path) -> AsyncIterator[int]:
    """`rotel`, a collector in Rust; what it receives is in its log."""
    import rotel

    grpc, http = free_port(), free_port()
    binary = Path(rotel.__file__).with_name("rotel-agent")
    arguments = ["start", "--debug-log", "traces", "--debug-log-verbosity", "detailed"]
    arguments += ["--otlp-grpc-endpoint", f"127.0.0.1:{grpc}"]
    arguments += ["--otlp-http-endpoint", f"127.0.0.1:{http}", "--exporter", "blackhole"]
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            str(binary), *arguments, stdout=output, stderr=output
        )
    try:
        await eventually(lambda: _listens(grpc))
        yield grpc
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="rotel's wheels are for Linux")
async def test_opentelemetry_over_grpc(mixer: WasmModule, tmp_path: Path) -> None:
    log = tmp_path / "rotel.log"
    async with collector(log) as port:
        configuration = tracing(format="otlp_grpc")
        async with mixing(mixer, configuration, grpc={"collector": port}) as proxy:
            await proxy.get("/orders", traceparent=TRACEPARENT)
            await eventually(lambda: TRACE in log.read_text())
            stats = await proxy.stats("report_")
    text = log.read_text()
    assert PARENT in text
    assert "/orders" in text
    assert "shop" in text
    assert stats.get("mixer2_report_errors_total{handler=spans}", 0) == 0
    assert stats["mixer2_report_calls_total{handler=spans}"] == 1
