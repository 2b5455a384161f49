"""Local responses."""

from tests.conformance.case import GET, Case, Message
from tests.conformance.cases.headers import pairs_of, the_map
from tests.conformance.probe import Call, Round, Rounds, call

LARGE = 1_200_000
"""More bytes than the buffers of an Envoy that nobody configured take."""

GRPC = Message("POST /s/m", [("content-type", "application/grpc")], ["abc"])


def answer(
    code: int = 403, details: str = "d", body: bytes = b"no", headers: bytes = b"", grpc: int = -1
) -> Call:
    return call("send_local_response", code, details, body, headers, grpc)


def look() -> dict[str, Rounds]:
    """What the plugin sees of a response, and how it is logged."""
    return {
        "on_response_headers": [the_map(2), call("get_header_map_value", 0, ":path")],
        "on_response_body": [call("get_buffer_bytes", 1, 0, 100)],
        "on_log": [
            the_map(2),
            call("get_property", "response\0code"),
            call("get_property", "response\0code_details"),
            call("get_property", "response\0flags"),
        ],
        "on_done": [],
        "on_delete": [],
    }


def on_request(name: str, *steps: Call, request: Message = GET, returns: int = 4) -> Case:
    return Case(name, {"on_request_headers": Round(list(steps), returns), **look()}, request)


def on_response(name: str, callbacks: dict[str, Rounds], response: Message) -> Case:
    quiet: dict[str, Rounds] = {"on_response_headers": [], "on_response_body": []}
    logged: dict[str, Rounds] = {"on_log": look()["on_log"]}
    return Case(name, {**quiet, **logged, **callbacks}, GET, response)


CASES = [
    on_request(
        "a local response passes the plugin's own response callbacks",
        answer(headers=pairs_of(("x-why", "because"), ("content-type", "a/b"))),
    ),
    on_request("what the callback returns does not matter", answer(), returns=0),
    on_request(
        "without a body there is no content-type or content-length",
        answer(body=b"", headers=pairs_of(("content-type", "a/b"), ("content-length", "7"))),
    ),
    on_request("of two local responses the first wins", answer(401), answer(402)),
    on_request("white space in the details becomes _", answer(details="a b\tc  d")),
    on_request("malformed headers of a local response are none", answer(headers=b"\1\0\0\0\xff")),
    on_request(
        "a :status among the headers does not count",
        answer(headers=pairs_of((":status", "201"), ("x", "y"))),
    ),
    on_request("a HEAD gets no body", answer(), request=Message("HEAD /")),
    on_request("a gRPC request is answered in headers", answer(body=b"a message"), request=GRPC),
    on_request("a gRPC request with a gRPC status", answer(grpc=5), request=GRPC),
    on_request("a gRPC status does not matter to plain HTTP", answer(grpc=5)),
    *(on_request(f"status code {code}", answer(code)) for code in (0, 99, 1000)),
    on_request("a 400 closes the connection of HTTP/1.1", answer(400)),
    on_response(
        "a 400 in place of a response closes the connection of HTTP/1.1",
        {"on_response_headers": Round([answer(400)], 4)},
        Message("200", [], "hello"),
    ),
    Case(
        "from on_request_body",
        {"on_request_body": Round([answer()], 1), "on_request_trailers": [], **look()},
        Message("POST /", [], ["abc", "def"], [("x-t", "1")]),
    ),
    Case(
        "from on_request_trailers",
        {"on_request_trailers": Round([answer()], 1), **look()},
        Message("POST /", [], ["abc", "def"], [("x-t", "1")]),
    ),
    on_response(
        "from on_response_headers it goes straight to the client",
        {"on_response_headers": Round([answer(502)], 4)},
        Message("200", [], "hello"),
    ),
    on_response(
        "from on_response_headers that continue",
        {"on_response_headers": Round([answer(502)], 0)},
        Message("200", [], "hello"),
    ),
    on_response(
        "from on_response_body, after the headers went on: a reset",
        {"on_response_body": Round([answer(502)], 1)},
        Message("200", [], ["hello", "x"]),
    ),
    on_response(
        "from on_response_body, while the headers wait",
        {"on_response_headers": Round([], 1), "on_response_body": Round([answer(502)], 1)},
        Message("200", [], ["hello", "x"]),
    ),
    *(
        Case(
            f"from the callback of its own response, which returns {status}",
            {
                "on_request_headers": Round([answer(401)], 4),
                "on_response_headers": Round([answer(402)], status),
                "on_response_body": [],
                "on_log": [the_map(2)],
            },
        )
        for status in (0, 4)
    ),
    Case("of an upstream that refuses connections", look(), GET, Message("refuse")),
    Case("of an upstream that closes the connection", look(), GET, Message("close")),
    Case(
        "of a request whose body is too large to be held",
        {"on_request_headers": Round([], 3), **look()},
        Message("POST /", [], "x" * LARGE),
    ),
    Case(
        "of a response whose body is too large to be held",
        {"on_response_headers": Round([], 3), "on_log": look()["on_log"]},
        GET,
        Message("200", [], "x" * LARGE),
    ),
    Case(
        "a client that goes away",
        {"on_request_headers": Round([], 4), "on_log": look()["on_log"], "on_done": []},
    ),
    Case("in a start callback it is fine and does nothing", {"on_configure": [answer()]}),
    Case(
        "in on_log it kills Envoy",
        {"on_log": [answer()]},
        differs="the test host raises ProxyDiedError",
        is_deadly=True,
    ),
]
