"""Tells one report backend about each exchange, without anything of the mixer.

Configuration: {"kind": NAME, "settings": {...}, "names": [...], "ints": [...], "batch": 1}. A value
is the request's header of the same name. A batch is exported when it is full, and kept while it is
under way and when it failed; request `/again` sends it again. Outcomes are in the log.
"""

from adapters.backend.access_log import AccessLogKind
from adapters.backend.exchange_metrics import MetricsKind
from adapters.backend.instance import Instance, ValueType
from adapters.backend.kind import ReportKind, Setup
from adapters.backend.log_line import ExchangeFields
from adapters.backend.report import Delivery, Exporter, Passage, Report
from adapters.backend.tracing import TracingKind
from adapters.backend.usage import UsageKind
from adapters.events import UNMEASURED, HttpExchange, HttpRequest
from pal import (
    Action,
    ConfigurationError,
    HttpContext,
    PluginContext,
    attributes,
    clock,
    hostcalls,
    log,
)
from pal.config import Config
from pal.timers import Timer

KINDS: list[ReportKind] = [
    TracingKind(),
    AccessLogKind(ExchangeFields()),
    MetricsKind(),
    UsageKind(),
]


class Nothing(Report):
    """Before there is a configuration."""


class Reporting(HttpContext):
    def __init__(self, plugin: "ReportingPlugin") -> None:
        super().__init__(plugin)
        self._reporting = plugin
        self._passage: Passage | None = None
        self._started_ns = clock.now_ns()
        self._values: list[str] = []

    def on_request_headers(self, end_of_stream: bool) -> Action:
        reporting = self._reporting
        headers = self.request_headers
        if headers.get(":path") == "/again":
            reporting.export()
        self._values = [headers.get(name) or "" for name in reporting.instance.names]
        if reporting.report.wants_begin:
            self._passage = reporting.report.begin(headers, self._started_ns)
        return Action.CONTINUE

    def on_log(self) -> None:
        headers = self.request_headers
        reporting = self._reporting
        report = reporting.report
        request = HttpRequest(
            headers.get(":method") or "",
            headers.get(":authority") or "",
            headers.get(":path") or "",
            "",
            self._started_ns,
        )
        exchange = HttpExchange(
            request,
            self.response_code(),
            clock.now_ns() - self._started_ns,
            _size("request.total_size") if report.wants_sizes else UNMEASURED,
            _size("response.total_size") if report.wants_sizes else UNMEASURED,
        )
        if isinstance(report, Exporter):
            record = report.record(reporting.instance, self._values, exchange, self._passage)
            if record is not None:
                reporting.keep(record)
        else:
            report.report(reporting.instance, self._values, exchange, self._passage)


class Logged(Delivery):
    def __init__(self, plugin: "ReportingPlugin") -> None:
        self._plugin = plugin

    def delivered(self) -> None:
        self._plugin.sent = []
        log.info("delivered")

    def fail(self, reason: str) -> None:
        log.info(f"failed: {reason}")

    def refuse(self, reason: str) -> None:
        self._plugin.sent = []
        log.info(f"refused: {reason}")


class Finishing(Timer):
    """Lets the plugin go once its report has nothing left, or after a while."""

    def __init__(self, plugin: "ReportingPlugin") -> None:
        super().__init__(plugin)
        self._reporting = plugin
        self._attempts = 0

    def on_fire(self) -> None:
        self._attempts += 1
        if self._reporting.report.finish() or self._attempts == 20:
            self.cancel()
            hostcalls.done()


class ReportingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.instance = Instance(0, [], [])
        self.report: Report = Nothing()
        self.sent: list[bytes] = []
        self._kept: list[bytes] = []
        self._batch = 1

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        names = config.get_str_list("names", [])
        ints = config.get_str_list("ints", [])
        types = [ValueType.INT if name in ints else ValueType.TEXT for name in names]
        self.instance = Instance(0, names, types)
        self._batch = config.get_int("batch", 1)
        wanted = config.get_str("kind", "")
        settings = config.get_section("settings")
        for kind in KINDS:
            if kind.name == wanted:
                setup = Setup("under-test", settings, [self.instance], self, timeout_ms=200)
                self.report = kind.create(setup)
                config.refuse_unknown_fields()
                return True
        raise ConfigurationError(f"kind: no such kind: {wanted}")

    def create_http_context(self) -> HttpContext:
        return Reporting(self)

    def on_done(self) -> bool:
        if self.report.finish():
            return True
        Finishing(self).start(50)
        return False

    def keep(self, record: bytes) -> None:
        self._kept.append(record)
        if len(self._kept) >= self._batch and not self.sent:
            self.sent = self._kept
            self._kept = []
            self.export()

    def export(self) -> None:
        report = self.report
        if isinstance(report, Exporter) and self.sent:
            report.export(self.sent, Logged(self))


def _size(path: str) -> int:
    size = attributes.get_int(path)
    return UNMEASURED if size is None else size
