"""Parts of the PAL: the callbacks that they bring, in plain Python as in the compiled module."""

from pathlib import Path

import pytest

from mixer2.testhost import Target, load
from mixer2.testhost.plugin import compile_filter

HERE = Path(__file__).parent
BASE = {"proxy_on_context_create", "proxy_on_configure", "proxy_on_delete"}
HTTP = BASE | {"proxy_on_request_headers"}
BOTH = HTTP | {"proxy_on_response_headers"}
GRPC = {
    "proxy_on_grpc_receive_initial_metadata",
    "proxy_on_grpc_receive",
    "proxy_on_grpc_receive_trailing_metadata",
    "proxy_on_grpc_close",
}
CONNECTION = {
    "proxy_on_new_connection",
    "proxy_on_downstream_data",
    "proxy_on_upstream_data",
    "proxy_on_downstream_connection_close",
    "proxy_on_upstream_connection_close",
    "proxy_on_log",
    "proxy_on_done",
}
EXPORTS = {
    "ticking": HTTP | {"proxy_on_tick"},
    "asking": BOTH | {"proxy_on_tick", "proxy_on_http_call_response"},
    "calling": BOTH | {"proxy_on_tick"} | GRPC,
    "queueing": HTTP | {"proxy_on_queue_ready"},
    "caching": HTTP,
    "piping": BASE | CONNECTION,
    "logging_access": BASE | {"proxy_on_log"},
    "telling": HTTP | {"proxy_on_done"},
}


@pytest.mark.parametrize("target", list(Target), ids=[target.value for target in Target])
@pytest.mark.parametrize(("name", "expected"), EXPORTS.items(), ids=list(EXPORTS))
def test_a_program_exports_what_its_parts_need(
    name: str, expected: set[str], target: Target
) -> None:
    host = load(HERE / f"{name}.py", target, compile_filter)
    exports = host.workers[0].vm.exports
    assert {export for export in exports if export.startswith("proxy_on_")} == expected
