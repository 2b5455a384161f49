"""Bodies, trailers, and how a stream is held."""

from tests.conformance.case import GET, Case, Message
from tests.conformance.cases.headers import (
    FULL,
    FULL_RESPONSE,
    everywhere,
    the_map,
)
from tests.conformance.probe import Call, Round, call

END = 0xFFFFFFFF
WITH_TRAILERS = Message("POST /", [], ["ab", "cd"], [("x-t", "1")])


def post(*chunks: str) -> Message:
    return Message("POST /", [], list(chunks))


def body(which: int = 0) -> Call:
    return call("get_buffer_bytes", which, 0, 100)


CASES = [
    Case("order of callbacks, with bodies and trailers", everywhere(), FULL, FULL_RESPONSE),
    Case("order of callbacks, without bodies", everywhere()),
    Case(
        "a body of known length ends with an empty part",
        everywhere(),
        Message("POST /p", [], "abc"),
        Message("200", [], "xyz"),
    ),
    Case(
        "buffers in every callback",
        everywhere(*(call("get_buffer_bytes", buffer, 0, 100) for buffer in range(10))),
        FULL,
        FULL_RESPONSE,
    ),
    Case(
        "a body can be edited at its ends only",
        {
            "on_request_body": [
                call("set_buffer_bytes", 0, END, 0, b"-END"),
                body(),
                call("set_buffer_bytes", 0, 0, 0, b"0123"),
                body(),
                call("set_buffer_bytes", 0, 0, 4, b"NEW"),
                body(),
                call("set_buffer_bytes", 0, 2, 1, b"x"),
                call("set_buffer_bytes", 0, 1, 0, b"x"),
                call("get_buffer_bytes", 0, 3, 4),
                call("get_buffer_bytes", 0, 100, 4),
                call("get_buffer_bytes", 0, END, END),
                call("get_buffer_bytes", 0, 2, END),
                call("get_buffer_status", 0),
            ]
        },
        post("0123456789"),
    ),
    Case(
        "more than a body is replaced by what is given",
        {
            "on_request_body": [
                call("set_buffer_bytes", 0, 0, END, b"all"),
                body(),
                call("set_buffer_bytes", 0, 0, 3, b""),
                body(),
                call("set_buffer_bytes", 0, 0, 0, b"z"),
            ]
        },
        post("0123456789"),
    ),
    Case(
        "configurations can be read, not written",
        {
            "on_vm_start": [body(6), body(7)],
            "on_configure": [
                call("get_buffer_status", 6),
                body(6),
                call("get_buffer_bytes", 7, 1, 2),
                call("get_buffer_bytes", 7, 100, 2),
                call("set_buffer_bytes", 7, 0, 0, b"x"),
                call("set_buffer_bytes", 6, 0, 0, b"x"),
                call("set_buffer_bytes", 8, 0, 0, b"x"),
            ],
            "on_request_headers": [body(6), body(7)],
        },
        settings={"configuration": "config", "vm_configuration": "vmconf"},
    ),
    Case(
        "there are 9 buffers",
        {
            "on_request_headers": [
                call("get_buffer_status", 9),
                call("get_buffer_bytes", 9, 0, 1),
                call("set_buffer_bytes", 9, 0, 0, b"x"),
            ]
        },
    ),
    *(
        Case(
            f"on_request_headers returns {status}",
            {
                "on_request_headers": Round([], status),
                "on_request_body": [body()],
                "on_request_trailers": [],
                "on_response_headers": [],
            },
            WITH_TRAILERS,
        )
        for status in (0, 1, 2, 3, 4, 77)
    ),
    *(
        Case(
            f"on_response_headers returns {status}",
            {
                "on_response_headers": Round([], status),
                "on_response_body": [body(1)],
                "on_response_trailers": [],
            },
            GET,
            Message("200", [], ["ab", "cd"], [("x-t", "1")]),
        )
        for status in (0, 1, 2, 3, 4, 77)
    ),
    *(
        Case(
            f"on_request_body returns {status}",
            {"on_request_body": Round([body()], status), "on_response_headers": []},
            post("ab", "cd"),
        )
        for status in (0, 1, 2, 3, 4, 77)
    ),
    *(
        Case(
            f"headers wait for a body whose callback returns {status}",
            {
                "on_request_headers": Round([], 1),
                "on_request_body": [Round([body()], status), Round([body()], 0)],
            },
            post("ab", "cd"),
        )
        for status in (0, 1, 2, 3, 4)
    ),
    *(
        Case(
            f"on_request_trailers returns {status}",
            {"on_request_trailers": Round([], status), "on_response_headers": []},
            WITH_TRAILERS,
        )
        for status in (1, 2, 77)
    ),
    Case(
        "StopIteration of headers is StopAll unless the configuration allows it",
        {"on_request_headers": Round([], 1), "on_request_body": [body()]},
        post("ab"),
        settings={"allow_stop_iteration": False},
    ),
    Case(
        "a collected body is there in on_request_trailers",
        {
            "on_request_body": Round([body()], 1),
            "on_request_trailers": [body(), call("set_buffer_bytes", 0, 0, END, b"new")],
        },
        WITH_TRAILERS,
    ),
    Case(
        "a body held at the watermark is not there in on_request_trailers",
        {"on_request_body": Round([body()], 2), "on_request_trailers": [body()]},
        WITH_TRAILERS,
    ),
    Case(
        "request trailers can be made in the last body callback",
        {
            "on_request_body": [
                Round([call("add_header_map_value", 1, "x-early", "1")]),
                Round([]),
                Round(
                    [
                        call("get_header_map_value", 1, "x"),
                        call("add_header_map_value", 1, "x-made", "1"),
                        the_map(1),
                    ]
                ),
            ],
            "on_request_trailers": [],
        },
        post("ab", "cd"),
    ),
    Case(
        "request trailers can be made when the body was held",
        {
            "on_request_body": [
                Round([], 1),
                Round([], 1),
                Round([call("add_header_map_value", 1, "x-made", "1")], 0),
            ],
            "on_request_trailers": [],
        },
        post("ab", "cd"),
    ),
    Case(
        "response trailers can be made in the last body callback",
        {
            "on_response_body": [
                Round([]),
                Round([]),
                Round([call("add_header_map_value", 3, "x-made", "1")]),
            ],
            "on_response_trailers": [],
        },
        GET,
        Message("200", [], ["ab", "cd"]),
    ),
    Case(
        "asking for the size of the trailers makes them",
        {"on_request_body": [Round([]), Round([]), Round([call("get_header_map_size", 1)])]},
        post("ab", "cd"),
    ),
    Case(
        "a whole response body is replaced",
        {
            "on_response_headers": Round([call("remove_header_map_value", 2, "content-length")], 1),
            "on_response_body": [
                Round([], 1),
                Round([call("set_buffer_bytes", 1, 0, END, b"replaced!")], 0),
            ],
        },
        GET,
        Message("200", [], "abcd"),
    ),
    Case(
        "a body longer than its content-length is cut",
        {"on_response_body": [call("set_buffer_bytes", 1, END, 0, b"more")]},
        GET,
        Message("200", [], "abcd"),
        differs="the test host shows what the filter made of the body; in strict mode it refuses",
    ),
    Case(
        "continue_stream in the callback that pauses, without a body",
        {
            "on_request_headers": Round([call("continue_stream", 0)], 4),
            "on_response_headers": [],
        },
    ),
    *(
        Case(
            f"continue_stream in the callback that returns {status}, with a body",
            {
                "on_request_headers": Round([call("continue_stream", 0)], status),
                "on_request_body": [body()],
            },
            post("abc", "def"),
        )
        for status in (1, 4)
    ),
    Case(
        "continue_stream in on_response_headers that pauses",
        {
            "on_response_headers": Round([call("continue_stream", 1)], 4),
            "on_response_body": [body(1)],
        },
        GET,
        Message("200", [], ["hello", "x"]),
    ),
    Case(
        "continue_stream in a body callback lets all go on",
        {
            "on_request_headers": Round([], 1),
            "on_request_body": [Round([], 1), Round([call("continue_stream", 0)], 1)],
            "on_response_headers": [],
        },
        post("abc", "def"),
    ),
    Case(
        "continue_stream of what is not held does nothing",
        {"on_response_headers": [call("continue_stream", 0)]},
    ),
    Case(
        "streams that continue_stream takes in an HTTP filter",
        {"on_request_headers": [call("continue_stream", stream) for stream in (2, 3, 4)]},
    ),
    *(
        Case(
            f"close_stream of the {which}",
            {
                callback: Round([call("close_stream", stream)]),
                "on_log": [
                    call("get_property", "response\0code_details"),
                    call("get_property", "response\0code"),
                ],
                "on_done": [],
                "on_delete": [],
            },
        )
        for which, stream, callback in (
            ("request", 0, "on_request_headers"),
            ("response", 1, "on_response_headers"),
        )
    ),
    Case(
        "streams that close_stream takes in an HTTP filter",
        {"on_request_headers": [call("close_stream", stream) for stream in (2, 3, 4)]},
    ),
]
