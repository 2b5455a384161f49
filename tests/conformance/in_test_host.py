"""Cases in the test host."""

from pathlib import Path

from mixer2.testhost import (
    Exchange,
    HeaderMap,
    HeldError,
    Host,
    Request,
    Response,
    Target,
    UpstreamFailure,
    load,
)
from mixer2.testhost.pairs import encode_text
from tests.conformance.case import REQUEST_ID, Case, Message, Observation
from tests.conformance.case import Connection as Script
from tests.conformance.services import CLUSTERS, GRPC_SERVICES, play_server
from tests.conformance.wire import Received


def observe_in_test_host(case: Case) -> Observation:
    """Run one case."""
    host = load(
        case.probe.wasm(),
        Target.WASM,
        _no_compiler,
        name="plugin",
        root_id="root",
        strict=False,
        clusters=CLUSTERS,
        grpc_services=GRPC_SERVICES,
        **({"vm_id": "vm"} | case.settings),
    )
    upstream: list[str] = []
    client: list[str] = []
    if isinstance(case.request, Script):
        upstream, client = _play(host, case.request)
    elif case.request is None:
        _let_time_pass(host, case)
    else:
        for _ in range(case.repeat):
            exchange = _send(host, case.request, case.response)
            _let_time_pass(host, case)
            client += _client_lines(exchange)
            if not exchange.is_over:
                exchange.disconnect()
        called = [call.request for call in host.http_callouts if call.cluster == "answering"]
        requests = [*host.upstream_requests, *called]
        upstream = [line for request in requests for line in _request_lines(request)]
    probe = case.probe
    return Observation([probe.decode(line) for line in _messages(host)], upstream, client)


def _let_time_pass(host: Host, case: Case) -> None:
    for stream in host.grpc_streams:
        play_server(stream)
    host.advance(case.wait)


def _play(host: Host, script: Script) -> tuple[list[str], list[str]]:
    """Play a TCP script; what upstream and client saw of it, as on the wire."""
    connection = host.connect(script.early_data)
    for step in script.steps:
        if step == ">|":
            connection.half_close()
        elif step == ">x":
            connection.close()
        elif step == "<|":
            connection.upstream_half_close()
        elif step.startswith(">"):
            connection.send(step[2:].encode())
        else:
            connection.upstream_send(step[2:].encode())
    upstream = [f"received {connection.upstream_received!r}"]
    client = [f"received {connection.received!r}"]
    if ">x" not in script.steps:
        upstream += ["ended"] if connection.upstream_ended or connection.is_over else []
        client += ["ended"] if connection.client_ended else []
    return upstream if connection.is_connected else [], client


def _messages(host: Host) -> list[str]:
    return [line.message for line in host.log if line.prefix]


def _send(host: Host, request: Message, response: Message) -> Exchange:
    method, _, path = request.start.partition(" ")
    headers = [("x-request-id", REQUEST_ID), *request.headers]
    return host.open(
        method,
        path,
        headers,
        _body(request),
        dict(request.trailers) if request.trailers else None,
        _answer(response),
    )


def _answer(response: Message) -> Response | UpstreamFailure:
    if response.start == "refuse":
        return UpstreamFailure.REFUSED
    if response.start == "close":
        return UpstreamFailure.CLOSED
    trailers = dict(response.trailers) if response.trailers else None
    return Response(int(response.start), response.headers, _body(response), trailers)


def _body(message: Message) -> bytes | list[bytes]:
    """A body as HTTP/1.1 brings it: the end comes after the last part, or with the trailers."""
    if isinstance(message.chunks, list):
        parts = [chunk.encode() for chunk in message.chunks]
        return parts if message.trailers else [*parts, b""]
    return (message.chunks or "").encode()


def _client_lines(exchange: Exchange) -> list[str]:
    try:
        response = exchange.response
    except HeldError:
        return []
    headers = [item for item in _on_the_wire(response.headers) if item[0] != ":status"]
    trailers = response.trailers.items() if response.trailers is not None else []
    complete = exchange.is_over and not exchange.was_reset
    reason = f"HTTP/1.1 {response.status}"
    return Received(reason, headers, response.body, trailers, complete).lines()


def _request_lines(request: Request) -> list[str]:
    headers = [
        ("host" if name == ":authority" else name, value)
        for name, value in _on_the_wire(request.headers)
        if not name.startswith(":") or name == ":authority"
    ]
    has_length = "content-length" in request.headers
    trailers = [] if request.trailers is None or has_length else request.trailers.items()
    start = f"{request.method} {request.path} HTTP/1.1"
    return Received(start, headers, request.body, trailers, request.complete).lines()


def _on_the_wire(headers: HeaderMap) -> list[tuple[str, str]]:
    """Values as a client reads them that knows of bytes only."""
    return [(name, encode_text(value).decode("latin-1")) for name, value in headers.items()]


def _no_compiler(source: Path) -> bytes:
    raise AssertionError(f"{source}: a probe is a module already")
