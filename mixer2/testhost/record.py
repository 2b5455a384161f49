"""What happened in a host during a test, line by line, so that two hosts can be compared.

What differs from run to run is left out: times, what is recorded in histograms, and headers that
belong to the connection, or that HTTP/1.1 does not carry.
"""

import difflib
import re
from collections.abc import Iterable
from typing import Any, Final

from mixer2.testhost.errors import HeldError
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.messages import Request, Response

VOLATILE: Final = frozenset(
    {":scheme", "content-length", "date", "transfer-encoding", "x-envoy-upstream-service-time"}
)
_CONTEXT: Final = 4
_CHANCE: Final = (
    # Most of what is recorded is a duration, and the test host's clock stands still.
    re.compile(r"(?<=proxy_record_metric\()(\d+, )\d+"),
    # Numbers of the whole process, which has served others before.
    re.compile(r"(?<=proxy_set_shared_data\()(_, \d+, _, \d+, )[1-9]\d*"),
    re.compile(r"(?<=queue\()()\d+"),
    # Some servers say grpc-message also when there is none.
    re.compile(r"(?<=proxy_on_grpc_receive_trailing_metadata\()(\d+, \d+, )\d+"),
    re.compile(r"(?<=proxy_on_queue_ready\()(\d+, )\d+"),
)
"""Numbers in a transcript that are others in every run; what stands before them is kept."""

_SHARED_DATA: Final = "[vm<-host] env.proxy_get_shared_data return: "
_CONFIGURED: Final = "[host<-vm] proxy_on_configure"
_CROSSINGS: Final = "host calls and callbacks:"
_TICK: Final = "proxy_set_tick_period_milliseconds"


def record(host: Any, *, with_crossings: bool) -> list[str]:
    """Everything that can be seen of a host, test host or Envoy.

    Args:
        host: A `Host`, or what has its methods.
        with_crossings: Whether every host call and callback is shown as well.
    """
    lines: list[str] = []
    for number, exchange in enumerate(host.exchanges, 1):
        lines += [f"request {number}:", *_exchange(exchange)]
    for number, connection in enumerate(host.connections, 1):
        lines.append(f"connection {number}:")
        lines.append(f"  upstream received {connection.upstream_received!r}")
        lines.append(f"  client received {connection.received!r}")
    for callout in (one for one in host.http_callouts if one.arrived):
        lines += [f"callout to {callout.cluster}:", *_request(callout.request)]
    for call in host.grpc_calls:
        asked = call.request
        lines.append(f"gRPC call to {asked.cluster}: {asked.service}/{asked.method}")
        lines.append(f"  message {asked.message!r}")
    if lines_of_log := [line for line in host.log if line.prefix]:
        lines.append("log:")
        for line in lines_of_log:
            first, *more = line.message.split("\n")
            lines.append(f"  [{line.level.name.lower()}] {first}")
            lines += [f"    {one}" for one in more]
    stats = {name: value for name, value in sorted(dict(host.stats).items()) if value}
    sample_counts = {name: count for name, count in sorted(host.sample_counts.items()) if count}
    if stats or sample_counts:
        lines.append("stats:")
        lines += [f"  {name} = {value}" for name, value in stats.items()]
        lines += [f"  {name}: {count} samples" for name, count in sample_counts.items()]
    if with_crossings:
        lines += [_CROSSINGS, *_crossings(host.transcript.lines)]
    return lines


def without_crossings(lines: list[str]) -> list[str]:
    """A record of a host whose crossings nobody wrote down."""
    return lines[: lines.index(_CROSSINGS)] if _CROSSINGS in lines else lines


def compare(expected: Iterable[str], observed: Iterable[str]) -> str:
    """The difference between the test host's record and Envoy's; empty when there is none."""
    return "\n".join(
        difflib.unified_diff(
            list(expected), list(observed), "test host", "Envoy", lineterm="", n=_CONTEXT
        )
    )


def _crossings(transcript: list[str]) -> list[str]:
    """A transcript as far as it can be the same twice."""
    if any(_TICK in line for line in transcript):
        return ["  (not compared: the plugin has timers, which real time moves)"]
    lines = []
    is_starting = True
    for line in transcript:
        # Envoy starts a plugin several times, and an earlier start may have stored the value.
        shown = f"{line[:-1]}_" if is_starting and line.startswith(_SHARED_DATA) else line
        is_starting = is_starting and not line.startswith(_CONFIGURED)
        for pattern in _CHANCE:
            shown = pattern.sub(r"\1_", shown)
        lines.append(f"  {shown}")
    return lines


def _exchange(exchange: Any) -> list[str]:
    lines = []
    if exchange.upstream_request is not None:
        lines += _request(exchange.upstream_request)
    try:
        response: Response = exchange.response
    except HeldError:
        return [*lines, "  client received nothing"]
    lines.append(f"  client received {response.status}")
    lines += _parts(response.headers, response.body, response.trailers)
    return lines


def _request(request: Request) -> list[str]:
    lines = [f"  upstream received {request.method} {request.path}"]
    return [*lines, *_parts(request.headers, request.body, request.trailers)]


def _parts(headers: HeaderMap, body: bytes, trailers: HeaderMap | None) -> list[str]:
    shown = sorted(item for item in headers.items() if item[0] not in VOLATILE)
    lines = [f"    {name}: {value}" for name, value in shown if name != ":status"]
    if body:
        lines.append(f"    body {body!r}")
    lines += [f"    trailer {name}: {value}" for name, value in (trailers or HeaderMap()).items()]
    return lines
