"""Report handlers: a report backend under the mixer's policies."""

# ruff: noqa: BLE001 - whatever a backend raises is counted, and traffic goes on

from adapters.backend.instance import Instance
from adapters.backend.report import Exporter, Passage, Report
from adapters.events import HttpExchange
from adapters.mixer.chance import Chance
from adapters.mixer.complaints import Complaints
from adapters.mixer.export_buffer import ExportBuffer
from adapters.mixer.meters import ReportMeter
from adapters.mixer.policy import Policy
from pal import HeaderMap, PluginContext, dispatch


class ReportHandler:
    """One handler.

    Args:
        name: Its name.
        report: The backend.
        policy: Its policies.
        chance: Decides about faults.
        plugin: Owner of the timer of what is exported.

    Attributes:
        meter: What it counts.
        wants_begin: Whether it is told when a request comes.
        wants_sizes: Whether it needs the exchange's sizes.
        buffer: What waits for its export; None when the backend is told at once.
        place: Where a stream keeps what `begin` answers; -1 for nowhere.
    """

    def __init__(
        self, name: str, report: Report, policy: Policy, chance: Chance, plugin: PluginContext
    ) -> None:
        self.meter = ReportMeter(name)
        self.wants_begin = report.wants_begin
        self.wants_sizes = report.wants_sizes
        self.buffer: ExportBuffer | None = None
        self.place = -1
        self._report = report
        self._exporter: Exporter | None = None
        self._policy = policy
        self._chance = chance
        if isinstance(report, Exporter):
            complaints = Complaints(name)
            self._exporter = report
            self.buffer = ExportBuffer(report, policy, chance, self.meter, complaints, plugin)

    def begin(self, headers: HeaderMap, started_ns: int) -> Passage | None:
        """A request came."""
        try:
            return self._report.begin(headers, started_ns)
        except Exception as error:
            self._raised(error)
        return None

    def report(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> None:
        """An exchange is over."""
        buffer = self.buffer
        exporter = self._exporter
        try:
            if buffer is not None and exporter is not None:
                record = exporter.record(instance, values, exchange, passage)
                if record is not None:
                    buffer.add(record)
                return
            self.meter.calls.increment()
            if self._policy.fault.strikes(self._chance):
                self.meter.fault()
                self.meter.errors.increment()
                return
            self._report.report(instance, values, exchange, passage)
        except Exception as error:
            self._raised(error)

    def finish(self) -> bool:
        """Let the backend send what it keeps itself; whether nothing of that is left."""
        try:
            return self._report.finish()
        except Exception as error:
            self._raised(error)
        return True

    def _raised(self, error: Exception) -> None:
        self.meter.errors.increment()
        dispatch.report(error)
