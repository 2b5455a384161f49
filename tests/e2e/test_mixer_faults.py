"""Backends of a real Envoy that are down, slow, talk nonsense or never stop: traffic flows."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc.aio
import pytest

from mixer2.xds.modules import WasmModule
from tests.e2e.mixing import Mixing, eventually, free_port, mixing

pytestmark = pytest.mark.envoy

TEN_MB = 10 * 1024 * 1024
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1024)
    writer.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
    await writer.drain()
    writer.close()


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % TEN_MB)
    with_body = b"x" * 65536
    try:
        for _ in range(TEN_MB // len(with_body)):
            writer.write(with_body)
            await writer.drain()
        await reader.read()
    except ConnectionError:
        pass
    writer.close()


@asynccontextmanager
async def serving(serve: Serve | None) -> AsyncIterator[int]:
    """A backend's port; nobody listens there when there is no server."""
    if serve is None:
        yield free_port()
        return
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        # Envoy keeps its connections; they end with it.


def resident_kib(proxy: Mixing) -> int:
    """Resident memory of the Envoy."""
    status = Path(f"/proc/{proxy.envoy.pid}/status").read_text()
    (line,) = [one for one in status.splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1])


BACKENDS = [(None, "down"), (silent, "slow"), (garbage, "garbage"), (endless, "10 MB")]
each_backend = pytest.mark.parametrize(
    "serve", [one for one, _ in BACKENDS], ids=[name for _, name in BACKENDS]
)


@each_backend
async def test_reports_never_hold_traffic_and_stay_bounded(
    mixer: WasmModule, serve: Serve | None
) -> None:
    handlers: dict[str, Any] = {
        "log": {"access_log": {"cluster": "backend"}},
        "spans": {"tracing": {"cluster": "backend", "format": "zipkin"}},
    }
    for handler in handlers.values():
        handler["timeout"] = "100ms"
        handler["buffer"] = {"size": 10, "interval": "50ms", "limit": 50}
    configuration = {"handlers": handlers, "rules": [{"report": "log"}, {"report": "spans"}]}
    async with (
        serving(serve) as port,
        mixing(mixer, configuration, http={"backend": port}) as proxy,
    ):
        await proxy.statuses(200)
        before = resident_kib(proxy)
        found = await proxy.statuses(2000)
        grown = resident_kib(proxy) - before
        await eventually(lambda: _settled(proxy))
        stats = await proxy.stats("mixer2_report")
        errors = await proxy.stats("mixer2_errors")
    assert found == Counter({200: 2000})
    assert grown < 64 * 1024
    assert errors == {}
    for name in handlers:
        label = f"{{handler={name}}}"
        if serve is endless:
            # A body is none of the receiver's business: it said 200.
            assert stats[f"mixer2_report_calls_total{label}"] > 0
        else:
            assert stats[f"mixer2_report_errors_total{label}"] > 0
            assert stats[f"mixer2_report_dropped_total{label}"] > 0


async def _settled(proxy: Mixing) -> bool:
    """Whether every handler has counted a call's end."""
    return len(await proxy.stats("report_calls")) == 2


@each_backend
@pytest.mark.parametrize(("policy", "status"), [("open", 200), ("closed", 503)])
async def test_checks_fail_as_their_policy_says(
    mixer: WasmModule, serve: Serve | None, policy: str, status: int
) -> None:
    handler = {
        "remote_authz": {"cluster": "backend", "protocol": "http"},
        "timeout": "100ms",
        "on_failure": policy,
    }
    configuration = {"handlers": {"authz": handler}, "rules": [{"check": "authz"}]}
    async with (
        serving(serve) as port,
        mixing(mixer, configuration, http={"backend": port}) as proxy,
    ):
        found = await proxy.statuses(60, connections=4)
        stats = await proxy.stats("mixer2_check")
    if serve is endless:
        # It says 200, whatever else it says: a verdict, unless 10 MB take longer than it may.
        assert set(found) <= {200, status}
    else:
        assert found == Counter({status: 60})
        assert stats["mixer2_check_errors_total{handler=authz}"] >= 1


async def nonsense(_request: bytes, _context: Any) -> bytes:
    return b"\x0b not protobuf"


async def ten_mb(_request: bytes, _context: Any) -> bytes:
    return bytes(TEN_MB)


async def slow(_request: bytes, _context: Any) -> bytes:
    await asyncio.sleep(30)
    return b""


async def refusing(_request: bytes, context: Any) -> bytes:
    await context.abort(grpc.StatusCode.UNAVAILABLE, "not now")
    raise AssertionError


Answer = Callable[[bytes, Any], Awaitable[bytes]]
GRPC_FAULTS = {"down": None, "slow": slow, "refusing": refusing, "garbage": nonsense}
each_grpc_fault = pytest.mark.parametrize(
    "answer", [*GRPC_FAULTS.values(), ten_mb], ids=[*GRPC_FAULTS, "10 MB"]
)


@asynccontextmanager
async def serving_grpc(service: str, method: str, answer: Answer | None) -> AsyncIterator[int]:
    """A gRPC backend's port; nobody listens there when there is no answer."""
    if answer is None:
        yield free_port()
        return
    server = grpc.aio.server(options=[("grpc.max_send_message_length", -1)])
    methods = {method: grpc.unary_unary_rpc_method_handler(answer)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, methods),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield port
    finally:
        await server.stop(None)


@each_grpc_fault
async def test_a_grpc_check_fails_as_its_policy_says(
    mixer: WasmModule, answer: Answer | None
) -> None:
    # 10 MB take their time on a busy machine, and shall be refused for their size.
    timeout = "2s" if answer is ten_mb else "200ms"
    handler = {"global_rate_limit": {"cluster": "limits"}, "on_failure": "closed"}
    rule = {"check": "limit", "with": {"user": "request.headers['x-user']"}}
    configuration = {"handlers": {"limit": {**handler, "timeout": timeout}}, "rules": [rule]}
    service = "envoy.service.ratelimit.v3.RateLimitService"
    async with (
        serving_grpc(service, "ShouldRateLimit", answer) as port,
        mixing(mixer, configuration, grpc={"limits": port}) as proxy,
    ):
        found = await proxy.statuses(12, connections=2, x_user="ann")
        errors = await proxy.stats("check_errors")
        serves = await proxy.envoy.admin.stats("wasm.*active")
    assert found == Counter({503: 12})
    # Requests that ask the same at once share a call.
    assert 1 <= errors["mixer2_check_errors_total{handler=limit}"] <= 12
    assert sum(serves.values()) >= 1


@each_grpc_fault
async def test_a_grpc_report_never_holds_traffic(mixer: WasmModule, answer: Answer | None) -> None:
    spans = {
        "tracing": {"cluster": "collector", "format": "otlp_grpc"},
        "timeout": "2s" if answer is ten_mb else "100ms",
        "buffer": {"size": 10, "interval": "50ms", "limit": 50},
    }
    configuration = {"handlers": {"spans": spans}, "rules": [{"report": "spans"}]}
    service = "opentelemetry.proto.collector.trace.v1.TraceService"
    async with (
        serving_grpc(service, "Export", answer) as port,
        mixing(mixer, configuration, grpc={"collector": port}) as proxy,
    ):
        before = resident_kib(proxy)
        found = await proxy.statuses(1000)
        grown = resident_kib(proxy) - before
        await eventually(lambda: _failed(proxy))
        errors = await proxy.stats("mixer2_errors")
    assert found == Counter({200: 1000})
    assert grown < 64 * 1024
    assert errors == {}


async def _failed(proxy: Mixing) -> bool:
    """Whether a call of the handler `spans` has been counted as failed."""
    return (await proxy.stats("report_errors")).get(
        "mixer2_report_errors_total{handler=spans}", 0
    ) > 0
