"""Foreign functions."""

import zlib

from mixer2.testhost.foreign import FILTER_STATE_KEYS
from mixer2.testhost.protobuf import bytes_field, number_field
from tests.conformance.case import Case
from tests.conformance.probe import Call, call


def foreign(name: str, arguments: bytes = b"") -> Call:
    return call("call_foreign_function", name, arguments)


def state(key: str, value: str, span: int = 0) -> Call:
    fields = bytes_field(1, key.encode()) + bytes_field(2, value.encode()) + number_field(3, span)
    return foreign("set_envoy_filter_state", fields)


def declare(name: str, read_only: bool = False, kind: int = 0) -> Call:
    fields = bytes_field(1, name.encode()) + number_field(2, read_only) + number_field(3, kind)
    return foreign("declare_property", fields)


def on_request(name: str, *steps: Call) -> Case:
    return Case(name, {"on_request_headers": list(steps)})


_COMPRESSED = foreign("compress", b"hello hello hello")
_NO_KEYS = ["envoy.tcp_proxy.receive_before_connect", "envoy.uint32", "", "own.key"]

CASES = [
    on_request(
        "uncompress",
        foreign("uncompress", zlib.compress(b"hello")),
        foreign("uncompress", b"bad"),
        foreign("uncompress", b""),
    ),
    on_request(
        "compress", _COMPRESSED, call("call_foreign_function", "uncompress", _COMPRESSED.result)
    ),
    on_request("functions that are none", foreign("absent"), foreign("")),
    *(
        on_request(
            f"what each key of the filter state takes of {value!r}",
            *(state(key, value) for key in [*sorted(FILTER_STATE_KEYS), *_NO_KEYS]),
        )
        for value in ("1.2.3.4:80", "80", "1.2.3.4", "true", "text")
    ),
    Case(
        "filter state is read back as an attribute",
        {
            "on_configure": [state("envoy.tcp_proxy.cluster", "x"), state("absent", "x")],
            "on_request_headers": [
                state("envoy.tcp_proxy.cluster", "x"),
                state("envoy.string", "v", 1),
                state("envoy.tcp_proxy.cluster", "y"),
                call("get_property", "filter_state\0envoy.tcp_proxy.cluster"),
                call("get_property", "filter_state\0envoy.string"),
                foreign("set_envoy_filter_state", b"\xff"),
                foreign("set_envoy_filter_state", b""),
            ],
        },
    ),
    Case(
        "declared properties",
        {
            "on_configure": [
                declare("ro", read_only=True),
                declare("ro"),
                declare("str", kind=1),
                foreign("declare_property", b"\xff"),
            ],
            "on_request_headers": [
                call("set_property", "ro", b"1"),
                call("set_property", "ro", b"2"),
                call("get_property", "ro"),
                call("set_property", "str", b"s"),
                call("get_property", "str"),
            ],
        },
    ),
    Case(
        "clear_route_cache",
        {
            "on_configure": [foreign("clear_route_cache")],
            "on_request_headers": [
                foreign("clear_route_cache"),
                call("replace_header_map_value", 0, ":path", "/other"),
            ],
        },
    ),
]
