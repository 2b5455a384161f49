"""Counts HTTP exchanges by tenant, method and outcome, and times them.

Configuration, a JSON object whose fields all have defaults:

    tenant_header    "x-tenant"  request header that names the tenant
    max_tenants      100         tenants with metrics of their own, per worker; the rest are `other`
    response_header  "x-mixer2"  response header that names the plugin and its version
    sizes            false       also measure bytes: two more host calls per exchange, about 3 us

The metrics are those of `adapters.backend.metrics`. Every exchange counts once, when it is over:
also one that was answered by a filter before this one, and one that ended without a response.
Tenant and method are those of the request as it came to this filter.
"""

from typing import Final

from adapters.backend.metrics import HttpMetrics
from adapters.events import UNMEASURED, HttpRequest
from adapters.ingestion import http
from pal import Action, HttpContext, PluginContext, attributes, clock
from pal.config import Config

VERSION: Final = "0.1.0"


class HttpTelemetry(HttpContext):
    """One exchange; it is observed, and never held back or changed but for one header."""

    def __init__(self, plugin: "HttpTelemetryPlugin") -> None:
        super().__init__(plugin)
        self._telemetry = plugin
        self._request: HttpRequest | None = None

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """Note the request while its headers are there."""
        self._request = self._read_request(clock.now_ns())
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        """Name the plugin to whoever looks at the response."""
        self.response_headers.set(self._telemetry.response_header, self._telemetry.signature)
        return Action.CONTINUE

    def on_log(self) -> None:
        """Report the exchange."""
        request = self._request
        if request is None:
            # Answered by an earlier filter: the headers are there (again), the time has passed.
            request = self._read_request(attributes.get_int("request.time") or clock.now_ns())
        sizes = self._telemetry.sizes
        exchange = http.exchange(
            request,
            self.response_code(),
            clock.now_ns(),
            _size("request.total_size") if sizes else UNMEASURED,
            _size("response.total_size") if sizes else UNMEASURED,
        )
        self._telemetry.metrics.report(exchange)

    def _read_request(self, started_ns: int) -> HttpRequest:
        headers = self.request_headers
        tenant = headers.get(self._telemetry.tenant_header)
        return http.request(headers.get(":method"), None, None, tenant, started_ns)


class HttpTelemetryPlugin(PluginContext):
    """The plugin: its configuration, and the metrics that all its contexts report to."""

    def __init__(self) -> None:
        super().__init__()
        self.tenant_header: str = ""
        self.response_header: str = ""
        self.signature: str = ""
        self.sizes: bool = False
        self.metrics: HttpMetrics = HttpMetrics(0)

    def on_configure(self) -> bool:
        """Read the configuration; see the module's docstring."""
        config = Config.parse(self.configuration)
        self.tenant_header = config.get_header_name("tenant_header", "x-tenant")
        self.response_header = config.get_header_name("response_header", "x-mixer2")
        self.sizes = config.get_bool("sizes", False)
        max_tenants = config.get_int("max_tenants", 100, minimum=1, maximum=10_000)
        config.refuse_unknown_fields()
        self.metrics = HttpMetrics(max_tenants)
        self.signature = f"{self.plugin_name or 'http_telemetry'}/{VERSION}"
        return True

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return HttpTelemetry(self)


def _size(path: str) -> int:
    size = attributes.get_int(path)
    return UNMEASURED if size is None else size
