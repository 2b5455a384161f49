"""Attributes (properties)."""

from tests.conformance.case import GET, Case, Message
from tests.conformance.cases.local_responses import answer
from tests.conformance.probe import Call, Round, call

_REQUEST = (
    "path url_path host scheme method referer useragent id query headers.x-a headers.missing "
    "protocol size total_size headers_bytes headers path.x time.x"
)
_RESPONSE = (
    "code code_details grpc_status flags size total_size headers_bytes headers.x-r trailers "
    "trailers.x-rt"
)
_CONNECTION = (
    "mtls requested_server_name tls_version subject_local_certificate uri_san_peer_certificate "
    "sha256_peer_certificate_digest transport_failure_reason termination_details absent"
)
_UPSTREAM = (
    "transport_failure_reason num_endpoints request_attempt_count locality locality.zone "
    "tls_version"
)
_XDS = (
    "node.id node.cluster node.metadata.x cluster_name cluster_metadata route_name route_metadata "
    "virtual_host_name virtual_host_metadata listener_direction listener_metadata "
    "filter_chain_name upstream_host_metadata upstream_host_locality_metadata absent"
)
_OTHERS = (
    "source.absent destination.absent metadata metadata.filter_metadata.x metadata.absent "
    "filter_state filter_state.none plugin_name plugin_root_id node.id cluster_name route_name "
    "listener_direction request response source xds absent absent.absent"
)
PATHS = [
    *(f"request.{name}" for name in _REQUEST.split()),
    *(f"response.{name}" for name in _RESPONSE.split()),
    *(f"connection.{name}" for name in _CONNECTION.split()),
    *(f"upstream.{name}" for name in _UPSTREAM.split()),
    *(f"xds.{name}" for name in _XDS.split()),
    *_OTHERS.split(),
]
_REQUEST_MESSAGE = Message(
    "POST /p?a=b&c",
    [("x-a", "1"), ("x-a", "2"), ("user-agent", "ua"), ("referer", "ref")],
    ["abc", "de"],
    [("x-t", "1")],
)
_RESPONSE_MESSAGE = Message("200", [("x-r", "1")], ["fgh", "ij"], [("x-rt", "1")])
_CALLBACKS = [
    "on_configure",
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


def all_paths() -> list[Call]:
    return [call("get_property", path.replace(".", "\0")) for path in PATHS]


CASES = [
    *(
        Case(f"all attributes in {name}", {name: all_paths()}, _REQUEST_MESSAGE, _RESPONSE_MESSAGE)
        for name in _CALLBACKS
    ),
    *(
        Case(
            f"all attributes of a local response in {name}",
            {"on_request_headers": Round([answer()], 4), name: all_paths()},
        )
        for name in ("on_response_headers", "on_log")
    ),
    Case(
        "paths that are empty or end early",
        {
            "on_request_headers": [
                call("get_property", path)
                for path in ("", "\0", "request\0", "request\0path\0", "request\0\0path")
            ]
        },
    ),
    Case(
        "the gRPC status of headers",
        {
            name: [call("get_property", "response\0grpc_status")]
            for name in ("on_response_headers", "on_log")
        },
        GET,
        Message("200", [("grpc-status", "3")]),
    ),
    Case(
        "the gRPC status of trailers",
        {
            name: [call("get_property", "response\0grpc_status")]
            for name in ("on_response_headers", "on_log")
        },
        GET,
        Message("200", [], ["a"], [("grpc-status", "3")]),
    ),
    Case(
        "what set_property stores",
        {
            "on_configure": [call("set_property", "a", b"1")],
            "on_request_headers": [
                call("set_property", "a", b"1"),
                call("get_property", "a"),
                call("set_property", "a\0b", b"2"),
                call("get_property", "a\0b"),
                call("get_property", "filter_state\0wasm.a"),
                call("set_property", "a", b"3"),
                call("get_property", "a"),
                call("set_property", "plugin_name", b"x"),
                call("get_property", "plugin_name"),
                call("set_property", "request", b"x"),
                call("get_property", "request"),
                call("set_property", "", b"e"),
                call("get_property", ""),
            ],
            "on_log": [
                call("get_property", "a"),
                call("set_property", "late", b"1"),
                call("get_property", "late"),
            ],
        },
    ),
    Case(
        "asking for the name of the route does not choose it",
        {
            "on_request_headers": [
                call("get_property", "xds\0route_name"),
                call("remove_header_map_value", 0, "x-forwarded-proto"),
            ]
        },
    ),
]
