"""CEL: the foreign functions `expr_create`, `expr_evaluate` and `expr_delete`."""

from tests.conformance.case import Case, Message
from tests.conformance.cases.foreign import foreign
from tests.conformance.probe import Call, call

_REQUEST = Message(
    "POST /api/users?full=1", [("x-user", "bob"), ("x-many", "1"), ("x-many", "2")], "abc"
)
_RESPONSE = Message("404", [("x-r", "1")], "gone")


def evaluated(*expressions: str) -> list[Call]:
    """Each expression created, evaluated and deleted."""
    calls: list[Call] = []
    for text in expressions:
        created = foreign("expr_create", text.encode())
        result = created.result
        calls += [
            created,
            call("call_foreign_function", "expr_evaluate", result),
            call("call_foreign_function", "expr_delete", result),
        ]
    return calls


def in_request(name: str, *expressions: str) -> Case:
    return Case(name, {"on_request_headers": evaluated(*expressions)}, _REQUEST, _RESPONSE)


_SIZES_AND_TIMES = (
    "request.size",
    "request.total_size > 100",
    "has(request.duration)",
    "response.size",
    "has(response.backend_latency)",
    "has(upstream.cx_pool_ready_duration)",
)

_TOKEN = foreign("expr_create", b"1 + 1")
_SECOND = foreign("expr_create", b"true")

CASES = [
    in_request(
        "CEL: values of all types",
        "1",
        "-1",
        "1u",
        "1.5",
        "true",
        "false",
        "'text'",
        "b'bytes'",
        "null",
        "[1, 'a']",
        "[]",
        "{'a': 1}",
        "{}",
        "duration('1.5s')",
        "timestamp('2020-01-01T00:00:00Z')",
        "type(1)",
        "'\u00e4'",
        "[[1], [2]]",
        "{1: 2}",
        "{true: 2}",
        "[null]",
        "{'a': null}",
    ),
    in_request(
        "CEL: operators",
        "1 + 2 * 3",
        "7 / 2",
        "7 % 4",
        "-(-1)",
        "1.0 / 2.0",
        "1 / 0",
        "1 % 0",
        "1.0 / 0.0",
        "9223372036854775807 + 1",
        "1 == 1.0",
        "1 == 1u",
        "1 < 2.5",
        "1 == 'a'",
        "'a' < 'b'",
        "!true",
        "true && false",
        "true || 1 / 0 == 1",
        "1 / 0 == 1 || true",
        "false && 1 / 0 == 1",
        "true ? 1 : 2",
        "1 in [1, 2]",
        "'a' in {'a': 1}",
        "[1, 2][0]",
        "[1, 2][2]",
        "{'a': 1}.a",
        "{'a': 1}['b']",
        "has({'a': 1}.b)",
        "1 + 1u",
        "1 + 'a'",
    ),
    in_request(
        "CEL: functions",
        "'abc'.startsWith('a')",
        "'abc'.endsWith('c')",
        "'abc'.contains('b')",
        "'abc'.matches('^a.c$')",
        "matches('abc', 'b')",
        "'abc'.matches('[')",
        "'abc'.size()",
        "size('\u00e4')",
        "size([1])",
        "size({})",
        "int('5')",
        "int(1.9)",
        "int(2u)",
        "uint(3)",
        "double(1)",
        "double('1.5')",
        "bool('true')",
        "dyn(1)",
        "bytes('a')",
        "int('x')",
        "timestamp('2020-01-02T03:04:05Z').getFullYear()",
        "duration('90s').getMinutes()",
        "duration('1s') + duration('2s')",
        "duration('1s') < duration('2s')",
    ),
    in_request(
        "CEL: conversions, macros, and what is not in the standard",
        "'a' + 'b'",
        "[1] + [2]",
        "b'a' + b'b'",
        "string(1)",
        "string(1.5)",
        "string(true)",
        "string('a')",
        "[1].all(x, x == 1)",
        "[1].exists(x, x == 1)",
        "[1].exists_one(x, x == 1)",
        "[1].map(x, x + 1)",
        "[1].filter(x, x == 1)",
        "'A'.lowerAscii()",
        "'a,b'.split(',')",
        "'a'.replace('a', 'b')",
        "'abc'.matches('(a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u){100}')",
        "google.protobuf.Int64Value{value: 5}",
        "nosuch(1)",
        "math.greatest(1, 2)",
    ),
    in_request(
        "CEL: what is none",
        "",
        "1 +",
        "(",
        "'",
        "a b",
        "1 == ",
        "has(1)",
        "\xff",
        "1 \x00",
        "request.path == 'x' &&",
    ),
    in_request(
        "CEL: attributes",
        "request.path",
        "request.url_path",
        "request.method == 'POST'",
        "request.headers['x-user']",
        "request.headers['X-User']",
        "request.headers['x-many']",
        "request.headers['absent']",
        "'x-user' in request.headers",
        "'X-USER' in request.headers",
        "'absent' in request.headers",
        "has(request.headers.absent)",
        "has(request.host)",
        "has(request.nosuch)",
        "request.nosuch",
        "request.query",
        "request.size",
        "request.protocol",
        "has(response.code)",
        "response.code",
        "response.flags",
        "source.port > 1",
        "destination.port > 1u",
        "connection.mtls",
        "connection.requested_server_name",
        "connection.id > 0u",
        "upstream.num_endpoints",
        "upstream.num_endpoints == 1",
        "upstream.request_attempt_count",
        "has(upstream.address)",
        "xds.cluster_name",
        "xds.node.id",
        "xds.node.cluster",
        "xds.listener_direction",
        "plugin_name",
        "plugin_root_id",
        "nosuch",
        "nosuch.member",
        "node.id",
        "cluster_name",
        "metadata.filter_metadata",
        "has(metadata.filter_metadata)",
        "metadata",
        "metadata.filter_metadata['a']",
        "size(metadata.filter_metadata)",
        "metadata.nosuch",
        "filter_state['absent']",
        "request",
        "size(request.headers)",
        "request.headers.size()",
        "source",
        "xds.cluster_metadata",
        "request.time > timestamp('2020-01-01T00:00:00Z')",
        "request.time == 1",
        "has(request.duration)",
        "type(request.path) == string",
        "request.path + 'x'",
        "request.path.startsWith('/api') && request.headers['x-user'] == 'bob'",
        "request['path']",
        "request['pa']",
        "request.path.path",
        "connection",
        "request.total_size > request.size",
        "type(request.size) == int",
        "type(source.port) == int",
        "type(upstream.num_endpoints) == uint",
    ),
    Case(
        "CEL: attributes of the response",
        {
            name: evaluated(
                "request.path",
                "has(request.path)",
                "response.code",
                "response.code == 404",
                "response.headers['x-r']",
                "response.trailers",
                "response.code_details",
                "response.grpc_status",
                "response.flags",
                "response.size",
                "request.duration < duration('60s')",
                "has(request.duration)",
                "response.backend_latency < duration('60s')",
                "upstream.address.startsWith('127')",
                "upstream.port > 0",
                "size(response.trailers)",
                "size(request.headers)",
                "upstream.cx_pool_ready_duration < duration('60s')",
                "type(response.code) == int",
                "type(response.flags) == int",
            )
            for name in ("on_response_headers", "on_log")
        },
        _REQUEST,
        _RESPONSE,
    ),
    *(
        Case(
            f"CEL: sizes and times with {name}",
            {
                callback: evaluated(*_SIZES_AND_TIMES)
                for callback in (
                    "on_request_headers",
                    "on_response_headers",
                    "on_response_body",
                    "on_response_trailers",
                    "on_log",
                )
            },
            Message("POST /", [], request),
            Message("200", [], response, trailers),
        )
        for name, request, response, trailers in (
            ("bodies of known length", "abc", "abcd", None),
            ("bodies in parts", ["ab", "cde"], ["abcd", "ef"], [("t", "1")]),
            ("no body of the response", "abc", None, None),
        )
    ),
    Case(
        "CEL: the size of a group",
        {"on_request_headers": evaluated("size(request)")},
        differs="the test host counts its members, Envoy says 0",
    ),
    Case(
        "CEL: a header that is no UTF-8",
        {
            "on_request_headers": [
                call("add_header_map_value", 0, "x-b", b"\xff"),
                *evaluated("request.headers['x-b']"),
            ]
        },
        differs="the test host raises UnsupportedError",
    ),
    Case(
        "CEL: what set_property and the filter state hold",
        {
            "on_request_headers": [
                call("set_property", "own", b"1"),
                call("set_property", "a\0b", b"2"),
                foreign("set_envoy_filter_state", b"\x0a\x0cenvoy.string\x12\x01v"),
                *evaluated(
                    "own",
                    "own == b'1'",
                    "own == '1'",
                    "filter_state['wasm.own']",
                    "filter_state['wasm.own'] == b'1'",
                    "filter_state['envoy.string']",
                    "'wasm.own' in filter_state",
                    "'absent' in filter_state",
                    "a.b",
                    "type(own) == bytes",
                    "type(filter_state['envoy.string']) == string",
                ),
            ]
        },
    ),
    Case(
        "CEL: tokens",
        {
            "on_configure": [
                foreign("expr_create", b"("),
                foreign("expr_create", b"plugin_name"),
                call("call_foreign_function", "expr_evaluate", b"\0\0\0\0"),
            ],
            "on_request_headers": [
                foreign("expr_evaluate", b"\0\0\0\0"),
                _TOKEN,
                _SECOND,
                call("call_foreign_function", "expr_evaluate", _TOKEN.result),
                call("call_foreign_function", "expr_evaluate", _TOKEN.result),
                call("call_foreign_function", "expr_delete", _TOKEN.result),
                call("call_foreign_function", "expr_evaluate", _TOKEN.result),
                call("call_foreign_function", "expr_delete", _TOKEN.result),
                foreign("expr_create", b"nosuch(2)"),
                foreign("expr_create", b"2"),
                foreign("expr_evaluate", b"\xff\xff\0\0"),
                foreign("expr_evaluate", b""),
                foreign("expr_evaluate", b"\0\0\0\0\0"),
                foreign("expr_delete", b"\xff\xff\0\0"),
                foreign("expr_delete", b""),
            ],
        },
    ),
]
