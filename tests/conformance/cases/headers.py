"""Header maps."""

from mixer2.testhost import pairs
from mixer2.testhost.header_map import (
    INLINE_REQUEST_HEADERS,
    INLINE_RESPONSE_HEADERS,
)
from tests.conformance.case import GET, Case, Message
from tests.conformance.probe import Call, Round, call

REQUEST_HEADERS, REQUEST_TRAILERS, RESPONSE_HEADERS, RESPONSE_TRAILERS = range(4)
EVERYWHERE = [
    "on_context_create",
    "on_request_headers",
    "on_request_body",
    "on_request_trailers",
    "on_response_headers",
    "on_response_body",
    "on_response_trailers",
    "on_log",
    "on_done",
    "on_delete",
]
FULL = Message("POST /p", [("x-a", "1")], ["abc", "de"], [("x-t", "1")])
FULL_RESPONSE = Message("200", [("x-r", "1")], ["fgh", "ij"], [("x-rt", "1")])
LOCAL_ANSWER = call("send_local_response", 403, "", b"", b"", -1)


def everywhere(*steps: Call) -> dict[str, list[Call]]:
    """The same calls in every callback."""
    return {name: [Call(step.name, step.arguments) for step in steps] for name in EVERYWHERE}


def pairs_of(*items: tuple[str, str]) -> bytes:
    return pairs.encode((name.encode(), value.encode()) for name, value in items)


def the_map(map_type: int) -> Call:
    return call("get_header_map_pairs", map_type)


def on_request(name: str, *steps: Call, request: Message = GET, differs: str = "") -> Case:
    """Calls in `on_request_headers`, then a look at the response and at how it was logged."""
    return Case(
        name,
        {
            "on_request_headers": list(steps),
            "on_response_headers": [the_map(RESPONSE_HEADERS)],
            "on_log": [
                call("get_property", "response\0code_details"),
                call("get_property", "response\0flags"),
            ],
        },
        request,
        differs=differs,
    )


def on_response(name: str, *steps: Call) -> Case:
    return Case(
        name,
        {
            "on_response_headers": list(steps),
            "on_log": [the_map(RESPONSE_HEADERS), call("get_property", "response\0code")],
        },
    )


def added_twice(map_type: int, names: list[str]) -> list[Call]:
    calls = []
    for name in names:
        calls.append(call("remove_header_map_value", map_type, name))
        calls.append(call("add_header_map_value", map_type, name, "a"))
        calls.append(call("add_header_map_value", map_type, name, "b"))
    return [*calls, the_map(map_type)]


# Envoy repeats a changed request id in the response.
_NAMES = sorted(
    (INLINE_REQUEST_HEADERS | INLINE_RESPONSE_HEADERS | {"cookie", "set-cookie", "x-a"})
    - {"x-request-id"}
)
_ROUTED = [(":path", "/"), (":method", "GET"), (":authority", "a"), ("x-forwarded-proto", "http")]

CASES = [
    Case("whole maps in every callback", everywhere(*map(the_map, range(4))), FULL, FULL_RESPONSE),
    Case(
        "single values in every callback",
        everywhere(
            *(
                call("get_header_map_value", map_type, name)
                for map_type, name in enumerate([":path", "x-t", "x-r", "x-rt"])
            )
        ),
        FULL,
        FULL_RESPONSE,
    ),
    Case(
        "sizes of the headers in every callback",
        everywhere(call("get_header_map_size", 0), call("get_header_map_size", 2)),
        FULL,
        FULL_RESPONSE,
    ),
    on_request(
        "names are case-insensitive and kept in lower case",
        call("add_header_map_value", 0, "X-UPPER", "V"),
        call("get_header_map_value", 0, "x-UPPER"),
        call("remove_header_map_value", 0, "X-Upper"),
        call("get_header_map_value", 0, "x-upper"),
        call("remove_header_map_value", 0, "x-absent"),
        call("get_header_map_value", 0, ""),
    ),
    on_request(
        "values may be empty",
        call("add_header_map_value", 0, "x-e", ""),
        call("get_header_map_value", 0, "x-e"),
        call("replace_header_map_value", 0, "x-e2", ""),
        the_map(0),
    ),
    on_request(
        "values need not be UTF-8",
        call("add_header_map_value", 0, "x-b", b"\xff\xfe"),
        call("get_header_map_value", 0, "x-b"),
    ),
    on_request(
        "the first of several values is read, all are replaced",
        call("get_header_map_value", 0, "x-a"),
        call("replace_header_map_value", 0, "x-a", "3"),
        the_map(0),
        request=Message("GET /", [("x-a", "1"), ("x-b", "0"), ("x-a", "2")]),
    ),
    Case(
        "adding to an inline request header appends to its value",
        {"on_request_headers": Round([*added_twice(0, _NAMES), LOCAL_ANSWER], 4)},
    ),
    Case(
        "adding to an inline response header appends to its value",
        {"on_response_headers": added_twice(2, _NAMES)},
        Message("HEAD /"),
    ),
    Case(
        "request trailers have no inline names",
        {"on_request_trailers": added_twice(1, ["grpc-status", "user-agent"])},
        FULL,
    ),
    Case(
        "response trailers have two inline names",
        {"on_response_trailers": added_twice(3, ["grpc-status", "grpc-message", "server"])},
        GET,
        FULL_RESPONSE,
    ),
    on_request(
        "nothing is joined to an empty inline value",
        call("add_header_map_value", 0, "accept", ""),
        call("add_header_map_value", 0, "accept", "b"),
        call("add_header_map_value", 0, "accept", ""),
        the_map(0),
    ),
    on_request(
        "a whole map is replaced by pairs",
        call(
            "set_header_map_pairs",
            0,
            pairs_of(*_ROUTED, ("X-UP", "v"), ("x-two", "1"), ("x-two", "2")),
        ),
        the_map(0),
    ),
    on_request(
        "1024 pairs are taken",
        call("set_header_map_pairs", 0, pairs_of(*_ROUTED, *([("x", "y")] * 1020))),
    ),
    on_request(
        "1025 pairs clear the map",
        call("set_header_map_pairs", 0, pairs_of(*_ROUTED, *([("x", "y")] * 1021))),
        the_map(0),
    ),
    on_request(
        "malformed pairs clear the map",
        call("set_header_map_pairs", 0, b"\1\0\0\0\xff"),
        the_map(0),
    ),
    on_request("no pairs clear the map", call("set_header_map_pairs", 0, b"")),
    on_request("a request without method: 503", call("remove_header_map_value", 0, ":method")),
    on_request("a request without path: 404", call("remove_header_map_value", 0, ":path")),
    on_request(
        "a request without authority goes on", call("remove_header_map_value", 0, ":authority")
    ),
    on_request("a request without scheme goes on", call("remove_header_map_value", 0, ":scheme")),
    on_request(
        "a request without x-forwarded-proto: 404",
        call("remove_header_map_value", 0, "x-forwarded-proto"),
    ),
    on_request(
        "method and path can be changed",
        call("replace_header_map_value", 0, ":method", "PUT"),
        call("replace_header_map_value", 0, ":path", "/x"),
    ),
    on_response(
        "the status can be changed",
        call("replace_header_map_value", 2, ":status", "418"),
        the_map(2),
    ),
    on_response(
        "a status that is no number: 502", call("replace_header_map_value", 2, ":status", "abc")
    ),
    on_response("a response without status: 502", call("remove_header_map_value", 2, ":status")),
    on_response("a response without headers: 502", call("set_header_map_pairs", 2, b"")),
    Case(
        "nothing can be written in on_log",
        {
            "on_log": [
                *(call("add_header_map_value", map_type, "x", "1") for map_type in range(4)),
                call("remove_header_map_value", 2, "x"),
                call("get_header_map_size", 2),
            ]
        },
    ),
    Case(
        "in on_log a request that was never continued can be written, to no effect",
        {
            "on_request_headers": Round([LOCAL_ANSWER], 4),
            "on_log": [
                *(call("add_header_map_value", map_type, "x", "1") for map_type in range(4)),
                the_map(0),
                the_map(2),
            ],
        },
    ),
    Case(
        "maps of callouts are not there without one",
        {
            "on_request_headers": [
                step
                for map_type in range(4, 8)
                for step in (
                    the_map(map_type),
                    call("get_header_map_value", map_type, "x"),
                    call("add_header_map_value", map_type, "x", "y"),
                    call("get_header_map_size", map_type),
                )
            ]
        },
    ),
    Case(
        "there are 8 maps",
        {
            "on_request_headers": [
                call("get_header_map_value", 8, "x"),
                call("get_header_map_pairs", 8),
                call("add_header_map_value", 9, "x", "y"),
                call("replace_header_map_value", 255, "x", "y"),
                call("remove_header_map_value", 8, "x"),
                call("set_header_map_pairs", 8, b""),
                call("get_header_map_size", 8),
            ]
        },
    ),
]
