"""F1: read a request header, count per tenant, add a response header."""

from pal import Action, HttpContext, PluginContext
from pal.metrics import LabelledCounter


class F1(HttpContext):
    """One request."""

    def __init__(self, plugin: "F1Plugin") -> None:
        super().__init__(plugin)
        self._requests = plugin.requests

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """Count the request for its tenant."""
        self._requests.increment(self.request_headers.get("x-tenant") or "unknown")
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        """Add the header."""
        self.response_headers.add("x-bench", "f1")
        return Action.CONTINUE


class F1Plugin(PluginContext):
    """The plugin, and its counters."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = LabelledCounter("bench_f1_requests_total", ["tenant"], limit=100)

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return F1(self)
