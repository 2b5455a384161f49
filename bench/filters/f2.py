"""F2: telemetry. Twelve attributes, eight of them the key of a counter and a histogram, at log."""

from typing import Final

from pal import HttpContext, PluginContext, attributes
from pal.metrics import LabelledCounter, LabelledHistogram

_LABELS: Final = ["tenant", "method", "host", "agent", "code", "flags", "protocol", "route"]
_LIMIT: Final = 100


class F2(HttpContext):
    """One exchange."""

    def __init__(self, plugin: "F2Plugin") -> None:
        super().__init__(plugin)
        self._telemetry = plugin

    def on_log(self) -> None:
        """Report the exchange, unless it is a health check."""
        request = self.request_headers
        if request.get(":path") == "/healthz":
            return
        key = [
            request.get("x-tenant") or "unknown",
            request.get(":method") or "none",
            request.get(":authority") or "none",
            request.get("user-agent") or "none",
            str(self.response_code()),
            str(attributes.int_or("response\0flags", 0)),
            attributes.get_str("request\0protocol") or "",
            attributes.get_str("xds\0route_name") or "",
        ]
        received = attributes.int_or("request\0total_size", 0)
        sent = attributes.int_or("response\0total_size", 0)
        duration_ns = attributes.int_or("request\0duration", 0)
        self._telemetry.traffic.increment(key, received + sent)
        self._telemetry.duration.record(key, duration_ns // 1000)


class F2Plugin(PluginContext):
    """The plugin, and its metrics."""

    def __init__(self) -> None:
        super().__init__()
        self.traffic = LabelledCounter("bench_f2_bytes_total", _LABELS, _LIMIT)
        self.duration = LabelledHistogram("bench_f2_duration_us", _LABELS, _LIMIT)

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return F2(self)
