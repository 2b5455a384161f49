"""DNS lookups. Only names that need no server: others depend on the machine."""

from mixer2.testhost import FailurePolicy
from tests.conformance.case import Case
from tests.conformance.probe import Call, Raw, Round, Trap, call

_SHOWN = [call("get_buffer_status", 8), call("get_buffer_bytes", 8, 0, 1000)]


def resolve(name: str | bytes | Raw) -> Call:
    return call("envoy_resolve_dns", name)


def answered_at_once(name: str, *names: str | bytes | Raw) -> Case:
    callbacks = {
        "on_request_headers": [resolve(each) for each in names],
        "envoy_on_resolve_dns": [*_SHOWN, call("get_property", "plugin_name")],
    }
    return Case(f"DNS: {name}", callbacks)


CASES = [
    answered_at_once("addresses", "127.0.0.1", "::1", "2001:db8::1"),
    answered_at_once("localhost", "localhost"),
    answered_at_once("malformed names", "[::1]", "a b", b"\xff", "127.0.0.1:80"),
    answered_at_once("a name outside of memory", Raw(0x7FFFFF00, 5)),
    Case(
        "DNS: tokens, and in which callbacks",
        {
            "on_vm_start": [resolve("::1")],
            "on_configure": [resolve("::1")],
            "on_request_headers": [resolve("::1"), resolve("::1")],
            "on_response_headers": [resolve("::1")],
            "on_log": [resolve("::1")],
            "on_done": [resolve("::1")],
            "on_delete": [resolve("::1")],
            "envoy_on_resolve_dns": [],
        },
    ),
    Case("DNS: nobody listens", {"on_request_headers": [resolve("::1")]}),
    Case(
        "DNS: the answer traps",
        {"on_request_headers": [resolve("::1")], "envoy_on_resolve_dns": [Trap()], "on_log": []},
        settings={"failure_policy": FailurePolicy.FAIL_CLOSED},
    ),
    *(
        Case(
            f"DNS: the answer {what} the request, whose callback returns {returns}",
            {
                "on_request_headers": Round([resolve("::1")], returns),
                "envoy_on_resolve_dns": [call("set_effective_context", 2), step],
                "on_response_headers": [],
                "on_log": [],
            },
        )
        for what, step, returns in (
            ("refuses", call("send_local_response", 403, "", b"no", b"", 0), 0),
            ("refuses", call("send_local_response", 403, "", b"no", b"", 0), 4),
            ("resumes", call("continue_stream", 0), 4),
        )
    ),
]
