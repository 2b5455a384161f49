"""HTTP and gRPC callouts. What they go to is in `tests.conformance.services`."""

import re

from tests.conformance.case import Case
from tests.conformance.cases.headers import pairs_of, the_map
from tests.conformance.probe import Call, Round, Rounds, call


def resume(direction: int = 0) -> list[Call]:
    return [call("set_effective_context", 2), call("continue_stream", direction)]


def http(
    name: str,
    cluster: str = "answering",
    body: bytes = b"",
    trailers: bytes = b"",
    timeout: int = 1000,
    extra: tuple[tuple[str, str], ...] = (),
) -> Call:
    """A callout of the case of that name."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower())
    headers = pairs_of((":method", "POST"), (":path", f"/{slug}"), (":authority", "auth"), *extra)
    return call("http_call", cluster, headers, body, trailers, timeout)


def look() -> list[Call]:
    """All that the callback of a callout can see, and change."""
    return [
        the_map(6),
        the_map(7),
        call("get_buffer_bytes", 4, 0, 500),
        call("get_buffer_status", 4),
        call("get_header_map_value", 6, ":status"),
        call("add_header_map_value", 6, "x", "y"),
        call("set_buffer_bytes", 4, 0, 0, b"x"),
    ]


def held(name: str, made: Call, wait: float = 0.5) -> Case:
    """A callout that a held request waits for."""
    return Case(
        name,
        {
            "on_request_headers": Round([made], 4),
            "on_http_call_response": [*look(), *resume()],
        },
        wait=wait,
    )


def grpc(method: str, service: str | bytes = "grpc", timeout: int = 1000, md: bytes = b"") -> Call:
    return call("grpc_call", service, "pkg.Svc", method, md, b"hi", timeout)


def grpc_look() -> list[Call]:
    return [
        call("get_buffer_bytes", 5, 0, 100),
        call("get_status"),
        the_map(4),
        the_map(5),
        *resume(),
    ]


def unary(name: str, made: Call, wait: float = 0.5) -> Case:
    """A gRPC call that a held request waits for."""
    return Case(
        name,
        {
            "on_request_headers": Round([made], 4),
            "on_grpc_receive_initial_metadata": [the_map(4)],
            "on_grpc_receive": grpc_look(),
            "on_grpc_receive_trailing_metadata": [the_map(5)],
            "on_grpc_close": grpc_look(),
        },
        wait=wait,
    )


def stream_callbacks() -> dict[str, Rounds]:
    return {
        "on_grpc_receive_initial_metadata": [the_map(4)],
        "on_grpc_receive": [call("get_buffer_bytes", 5, 0, 100)],
        "on_grpc_receive_trailing_metadata": [the_map(5)],
        "on_grpc_close": [call("get_status"), call("get_buffer_bytes", 5, 0, 9)],
    }


def stream(method: str = "Stream", service: str | bytes = "grpc") -> Call:
    return call("grpc_stream", service, "pkg.Svc", method, b"")


NOWHERE = b"\x0a\x09\x0a\x07nowhere"
"""A `GrpcService` with the cluster `nowhere`."""

_GREETING = stream()
_CANCELLED_CALL = grpc("Ok")
_CANCELLED_STREAM = stream()
_NO_PATH = pairs_of((":method", "GET"), (":authority", "a"))
_NO_METHOD = pairs_of((":path", "/"), (":authority", "a"))
_NO_AUTHORITY = pairs_of((":path", "/"), (":method", "GET"))

CASES = [
    held("an HTTP callout", http("an HTTP callout")),
    held("a callout with a body", http("a callout with a body", body=b"body")),
    held(
        "a callout with trailers, both ways",
        http("a callout with trailers, both ways", body=b"body", trailers=pairs_of(("x-t", "1"))),
    ),
    held(
        "a callout with headers that Envoy knows",
        http(
            "a callout with headers that Envoy knows",
            body=b"abc",
            extra=(
                ("host", "h"),
                ("x-a", "1"),
                ("x-a", "2"),
                ("content-length", "7"),
                ("X-Upper", "U"),
            ),
        ),
    ),
    held("a callout without timeout", http("a callout without timeout", timeout=0)),
    held("a callout that is refused", http("", "refusing")),
    held("a callout whose connection is closed", http("", "closing")),
    held("a callout that takes too long", http("", "silent", timeout=200), wait=0.9),
    Case(
        "callouts that are not made",
        {
            "on_request_headers": [
                http("", "nowhere"),
                http("", timeout=0xFFFFFFFF),
                *(
                    call("http_call", "answering", headers, b"", b"", 1)
                    for headers in (_NO_PATH, _NO_METHOD, _NO_AUTHORITY, b"\1\0\0\0\xff")
                ),
            ]
        },
    ),
    Case(
        "tokens count up by four",
        {
            "on_request_headers": [http("", "silent"), http("", "silent")],
            "on_response_headers": [http("", "silent")],
        },
    ),
    Case(
        "a callout in on_configure",
        {"on_configure": [http("", "refusing")], "on_http_call_response": look()},
        wait=0.7,
    ),
    Case(
        "a callout in on_log: the stream is gone when it is answered",
        {
            "on_log": [http("a callout in on_log: the stream is gone when it is answered")],
            "on_http_call_response": [call("set_effective_context", 2)],
        },
    ),
    Case(
        "a callout's answer becomes a local response",
        {
            "on_request_headers": Round([http("a callout's answer becomes a local response")], 4),
            "on_http_call_response": [
                call("set_effective_context", 2),
                call("send_local_response", 403, "", "no", b"", -1),
            ],
            "on_response_headers": [],
        },
    ),
    Case(
        "without an effective context the callback acts on no stream",
        {
            "on_request_headers": Round([http("", "refusing")], 4),
            "on_http_call_response": [
                call("send_local_response", 403, "", "no", b"", -1),
                call("get_header_map_value", 0, ":path"),
                call("set_effective_context", 2),
                call("get_header_map_value", 0, ":path"),
                call("set_effective_context", 99),
            ],
            "on_response_headers": [],
        },
    ),
    Case(
        "a response waits for a callout",
        {
            "on_response_headers": Round([http("a response waits for a callout")], 4),
            "on_http_call_response": [
                call("set_effective_context", 2),
                call("get_header_map_value", 2, ":status"),
                call("add_header_map_value", 2, "x-added", "1"),
                call("continue_stream", 1),
            ],
        },
    ),
    unary("a gRPC call that is answered", grpc("Ok")),
    unary("a gRPC call that fails", grpc("Fail")),
    unary("a gRPC call of an unknown method", grpc("None")),
    unary("a gRPC call that takes too long", grpc("Ok", "grpc_silent", timeout=200), wait=0.9),
    unary("a gRPC call with metadata", grpc("Ok", md=pairs_of(("x-md", "1")))),
    unary("a gRPC call to a GrpcService", grpc("Ok", b"\x0a\x06\x0a\x04grpc")),
    Case(
        "gRPC calls to unknown clusters",
        {
            "on_request_headers": [grpc("Ok", "nowhere"), grpc("Ok", NOWHERE)],
            "on_grpc_close": [call("get_status")],
        },
    ),
    Case(
        "a gRPC call to nothing kills Envoy",
        {"on_request_headers": [grpc("Ok", "")]},
        differs="the test host raises ProxyDiedError",
        is_deadly=True,
    ),
    Case(
        "a gRPC stream",
        {
            "on_request_headers": [
                _GREETING,
                call("grpc_send", _GREETING.result, b"one", 0),
                call("grpc_send", _GREETING.result, b"two", 0),
                call("grpc_close", _GREETING.result),
            ],
            **stream_callbacks(),
        },
    ),
    Case(
        "a gRPC stream that the server rejects",
        {"on_request_headers": [stream("None")], **stream_callbacks()},
    ),
    Case(
        "gRPC streams to unknown clusters",
        {
            "on_request_headers": [stream(service="nowhere"), stream(service=NOWHERE)],
            **stream_callbacks(),
        },
    ),
    Case(
        "tokens that are none",
        {
            "on_request_headers": [
                *(call("grpc_send", token, b"x", 0) for token in (4, 5, 6, 7)),
                *(call("grpc_close", token) for token in (4, 5, 6, 7)),
                *(call("grpc_cancel", token) for token in (4, 5, 6, 7)),
                call("get_status"),
            ]
        },
    ),
    Case(
        "a gRPC call that is cancelled",
        {
            "on_request_headers": [
                _CANCELLED_CALL,
                call("grpc_cancel", _CANCELLED_CALL.result),
                call("grpc_cancel", _CANCELLED_CALL.result),
            ],
            "on_grpc_receive": [],
            "on_grpc_close": [],
        },
    ),
    Case(
        "a gRPC stream that is cancelled",
        {
            "on_request_headers": [
                _CANCELLED_STREAM,
                call("grpc_cancel", _CANCELLED_STREAM.result),
                call("grpc_send", _CANCELLED_STREAM.result, b"x", 0),
            ],
            "on_grpc_receive": [],
            "on_grpc_close": [],
        },
    ),
]
