"""Callouts as a test meets them: answered by a function, by hand, by the clock, or not at all."""

from collections.abc import Mapping
from typing import Any

import pytest

from mixer2.testhost import (
    GrpcError,
    Host,
    HostError,
    Request,
    Response,
    UnansweredError,
    UpstreamFailure,
    pairs,
)
from mixer2.testhost.callouts import Cluster
from mixer2.testhost.grpc_callout import GrpcRequest
from mixer2.testhost.grpc_callouts import GrpcService
from mixer2.testhost.proxy import Proxy
from tests.testhost.scripted import OK, Calls, host

PAUSE = 4
HEADERS = pairs.encode([(b":method", b"GET"), (b":path", b"/check"), (b":authority", b"auth")])


def asking(cluster: Cluster, timeout: int = 0, strict: bool = True) -> tuple[Host, list[Any]]:
    """A plugin that asks `auth` and answers 403 unless that says 200; and what it was told."""
    told: list[Any] = []

    def on_request_headers(calls: Calls, *_: int) -> int:
        assert calls.http_call("auth", HEADERS, b"", b"", timeout)[0] is OK
        return PAUSE

    def on_http_call_response(calls: Calls, _root: int, _token: int, *sizes: int) -> None:
        status = calls.get_header_map_value(6, ":status") if sizes[0] else (OK, "none")
        told.append((status[1], calls.get_buffer_bytes(4, 0, 100)[1] if sizes[0] else b""))
        if calls.set_effective_context(2) != (OK,):
            told.append("gone")
        elif status == (OK, "200"):
            calls.continue_stream(0)
        else:
            calls.send_local_response(403, "", b"", b"", 0xFFFFFFFF)

    proxy = Proxy(strict=strict, clusters={"auth": cluster})
    loaded = host(
        proxy=proxy,
        on_request_headers=on_request_headers,
        on_http_call_response=on_http_call_response,
    )
    return loaded, told


def test_a_cluster_that_always_answers_alike() -> None:
    loaded, told = asking(Response(200, body=b"yes"))

    assert loaded.get("/").status == 200
    assert told == [("200", b"yes")]


def test_a_cluster_that_answers_by_a_function() -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(401)

    loaded, _ = asking(answer)

    assert loaded.get("/").status == 403
    assert [(request.method, request.path, request.authority) for request in seen] == [
        ("GET", "/check", "auth")
    ]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (UpstreamFailure.TIMEOUT, "504"),
        (UpstreamFailure.REFUSED, "503"),
        (UpstreamFailure.CLOSED, "503"),
        (UpstreamFailure.RESET, "none"),
    ],
)
def test_a_cluster_that_fails(failure: UpstreamFailure, status: str) -> None:
    loaded, told = asking(failure)

    assert loaded.get("/").status == 403
    assert told[0][0] == status


def test_answering_by_hand() -> None:
    loaded, _ = asking(None)
    exchange = loaded.open(upstream=Response(200))
    assert exchange.request_is_held

    (callout,) = loaded.http_callouts
    callout.respond(Response(200))
    loaded.advance(0)

    assert exchange.response.status == 200
    with pytest.raises(HostError, match="answered already"):
        callout.respond(Response(200))


def test_the_clock_brings_the_timeout() -> None:
    loaded, told = asking(None, timeout=200)
    exchange = loaded.open()

    loaded.advance(0.199)
    assert told == []
    loaded.advance(0.001)

    assert told == [("504", b"upstream request timeout")]
    assert exchange.response.status == 403


def test_a_stream_that_has_ended_meanwhile_is_a_normal_case() -> None:
    loaded, told = asking(None)
    loaded.open().disconnect()

    loaded.http_callouts[0].respond(Response(200))

    assert told == [("200", b""), "gone"]


def test_a_callout_that_nobody_answered_fails_the_test() -> None:
    loaded, _ = asking(None)
    loaded.open()

    with pytest.raises(UnansweredError, match="GET /check to auth, pending"):
        loaded.finish()


def test_unless_the_host_is_not_strict() -> None:
    loaded, _ = asking(None, strict=False)
    loaded.open()

    loaded.finish()


def calling(services: Mapping[str, GrpcService]) -> tuple[Host, list[Any]]:
    told: list[Any] = []

    def on_request_headers(calls: Calls, *_: int) -> int:
        assert calls.grpc_call(b"svc", "pkg.S", "M", b"", b"question", 500)[0] is OK
        return PAUSE

    def on_grpc_receive(calls: Calls, _root: int, _token: int, size: int) -> None:
        told.append(calls.get_buffer_bytes(5, 0, size)[1])
        calls.set_effective_context(2)
        calls.continue_stream(0)

    def on_grpc_close(calls: Calls, _root: int, _token: int, status: int) -> None:
        told.append((status, calls.get_status()[1:]))
        calls.set_effective_context(2)
        calls.continue_stream(0)

    loaded = host(
        proxy=Proxy(grpc_services=services),
        on_request_headers=on_request_headers,
        on_grpc_receive=on_grpc_receive,
        on_grpc_close=on_grpc_close,
    )
    return loaded, told


def test_a_grpc_call_is_answered_by_a_function() -> None:
    def answer(request: GrpcRequest) -> bytes:
        return f"{request.service}/{request.method}: ".encode() + request.message

    loaded, told = calling({"svc": answer})
    loaded.get("/")

    assert told == [b"pkg.S/M: question"]


def test_a_grpc_call_fails() -> None:
    loaded, told = calling({"svc": GrpcError(7, "not you")})
    loaded.get("/")

    assert told == [(7, (7, "not you{via_upstream}"))]


def test_a_grpc_call_times_out() -> None:
    loaded, told = calling({"svc": None})
    exchange = loaded.open(upstream=Response(200))
    loaded.advance(0.5)

    assert told == [(14, (14, "upstream request timeout{response_timeout}"))]
    assert exchange.response.status == 200
