"""Strict mode: what Envoy lets pass and what is a defect nevertheless fails the test.

Each check raises `MisuseError` when the proxy is strict, and does nothing otherwise.
"""

from typing import TYPE_CHECKING, Final

from mixer2.testhost import pairs
from mixer2.testhost.abi import BufferType, MapType
from mixer2.testhost.errors import MisuseError

if TYPE_CHECKING:
    from mixer2.testhost.contexts import Context
    from mixer2.testhost.vm import Vm

METRIC_LIMIT: Final = 10_000
"""Metric ids of one VM. Envoy never frees a stat: more of them mean unbounded names."""

_HTTP_MAPS: Final = {
    MapType.REQUEST_HEADERS: "request headers are there until on_request_headers let them go on, "
    "and for reading in on_log; keep there what a later callback needs",
    MapType.REQUEST_TRAILERS: "request trailers are there in on_request_trailers, and can be made "
    "in the on_request_body of the last part",
    MapType.RESPONSE_HEADERS: "response headers are there until on_response_headers let them go "
    "on, and for reading in on_log",
    MapType.RESPONSE_TRAILERS: "response trailers are there in on_response_trailers, and can be "
    "made in the on_response_body of the last part",
}


def check_map(vm: "Vm", context: "Context", map_type: MapType, verb: str) -> None:
    """A map that is not there in this callback."""
    if not vm.proxy.strict or context.in_log_phase:
        return
    rule = _HTTP_MAPS.get(map_type, "a callout's maps are there in its callback, for reading")
    raise MisuseError(
        f"{_where(vm, context)} wants to {verb} {map_type.name.lower().replace('_', ' ')}: {rule}"
    )


def check_buffer(vm: "Vm", context: "Context", buffer_type: BufferType) -> None:
    """A buffer that is not there in this callback."""
    if vm.proxy.strict:
        raise MisuseError(
            f"{_where(vm, context)} wants the buffer "
            f"{buffer_type.name.lower().replace('_', ' ')}, which is not there: "
            "each is shown to its own callback only"
        )


def check_stream(vm: "Vm", context: "Context", verb: str, kind: str) -> None:
    """What acts on a stream, in a context that is none or of another kind: Envoy does nothing."""
    if not vm.proxy.strict or context.kind == kind:
        return
    if vm.ended_context_id:
        why = (
            f"context {vm.ended_context_id} has ended: proxy_set_effective_context said so, and "
            "what follows it acts on nothing"
        )
    elif context.kind == "root":
        why = "a plugin's context is no stream: choose one by proxy_set_effective_context first"
    else:
        why = f"that is for {kind} streams"
    raise MisuseError(f"{_where(vm, context)} wants to {verb}, which does nothing: {why}")


def check_pairs(vm: "Vm", data: bytes) -> None:
    """Pairs that Envoy would take for an empty list."""
    if vm.proxy.strict and len(data) > 4 and not pairs.decode(data):
        count = int.from_bytes(data[:4], "little")
        if len(data) > pairs.MAX_BYTES:
            why = f"{len(data)} bytes of headers, more than {pairs.MAX_BYTES}"
        elif count > pairs.MAX_PAIRS:
            why = f"{count} headers, more than {pairs.MAX_PAIRS}"
        else:
            why = f"{len(data)} bytes of malformed pairs"
        raise MisuseError(
            f"{why}: Envoy takes them for an empty list without a word, and clears the header map"
        )


def check_metric(vm: "Vm", kind: int, name: str) -> None:
    """A metric defined per request, or without bound."""
    if not vm.proxy.strict:
        return
    current = vm.current
    if current is not None and current.root is not current and vm.metrics.is_defined(kind, name):
        raise MisuseError(
            f"metric {name!r} is defined again while a request is served: every definition takes "
            "memory for ever; keep the id"
        )
    if len(vm.metrics) >= METRIC_LIMIT:
        raise MisuseError(
            f"more than {METRIC_LIMIT} metrics, the last of them {name!r}: Envoy never frees one; "
            "bound the values of labels, as LabelledCounter does"
        )


def _where(vm: "Vm", context: "Context") -> str:
    callback = vm.running_callback or "a host call outside of all callbacks"
    return f"{callback} ({context.kind} context {context.context_id})"
