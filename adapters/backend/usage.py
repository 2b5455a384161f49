"""`usage`: records for billing, at least once: requests and bytes of each consumer.

    handlers:
      billing:
        usage: {cluster: billing, path: /usage, interval: 10s}
    rules:
    - report: billing
      with: {consumer: "request.headers['x-consumer']"}

Each worker adds up what consumers use, and sends a batch (`adapters.backend.usage_ledger`) every
`interval` by `POST`. Any answer but 2xx, or none, means that the same batch comes again, with the
same sequence number, after a pause that grows to 16 intervals; meanwhile what follows adds up in
the next batch. So an outage of any length costs memory for consumers, not for requests. When the
configuration goes, what is left goes to its successor through the proxy's shared data.

With more than `max_consumers` in a batch the rest counts as `other`, which the counter
`mixer2_usage_other_total` tells. A proxy that is killed loses what it had not sent.
"""

from typing import Final

from adapters.backend.http_receiver import HttpReceiver
from adapters.backend.identifiers import Identifiers
from adapters.backend.instance import Instance
from adapters.backend.kind import Field, ReportKind, Setup
from adapters.backend.report import Delivery, Passage, Report
from adapters.backend.settings import duration_ms, required
from adapters.backend.usage_handover import UsageHandover
from adapters.backend.usage_ledger import UsageLedger
from adapters.events import HttpExchange
from pal import PluginContext, attributes, log
from pal.errors import PalError
from pal.metrics import OVERFLOW, Counter
from pal.stat_names import stat_name
from pal.timers import Timer

_MAX_BACK_OFF: Final = 16
_MAX_CONSUMERS: Final = 10_000


class Usage(Report):
    """Counts and sends.

    Args:
        name: Of the handler.
        plugin: Owner of the timer.
        ledger: Where is counted.
        handover: Where a successor finds what is left.
        receiver: Who gets batches.
        interval_ms: Milliseconds between batches.
    """

    def __init__(
        self,
        name: str,
        plugin: PluginContext,
        ledger: UsageLedger,
        handover: UsageHandover,
        receiver: HttpReceiver,
        interval_ms: int,
    ) -> None:
        super().__init__(wants_sizes=True)
        self._name = name
        self._ledger = ledger
        self._handover = handover
        self._receiver = receiver
        self._interval_ms = interval_ms
        self._back_off = 1
        # The first is under way, or failed.
        self._outbox: list[bytes] = []
        self._is_under_way = False
        self._is_finishing = False
        self._flush = _Flush(plugin, self)
        self._flush.start(interval_ms, repeat=False)

    def report(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> None:
        """Count an exchange."""
        consumer = values[0]
        ledger = self._ledger
        if ledger.is_full() and not ledger.knows(consumer):
            consumer = OVERFLOW
            self._count("mixer2_usage_other_total")
        ledger.add(consumer, exchange)
        if not self._flush.is_running and not self._is_under_way:
            self._flush.start(self._interval_ms, repeat=False)

    def finish(self) -> bool:
        """Send what is left, and leave it to a successor as long as it is not delivered."""
        if not self._is_finishing:
            self._is_finishing = True
            if not self._ledger.is_empty():
                self._outbox.append(self._ledger.close())
            if self._outbox:
                self._handover.leave(self._outbox)
            self.flush()
        return len(self._outbox) == 0

    def flush(self) -> None:
        """Send the oldest batch, unless one is under way."""
        if self._is_under_way:
            return
        if not self._outbox:
            self._fill()
        if not self._outbox:
            return
        self._is_under_way = True
        try:
            self._receiver.send(self._outbox[0], _Sent(self))
        except PalError as error:
            self.failed(str(error))

    def delivered(self) -> None:
        """The receiver has the oldest batch."""
        self._is_under_way = False
        batch = self._outbox.pop(0)
        self._back_off = 1
        self._count("mixer2_usage_batches_total", "delivered")
        if self._is_finishing:
            self._handover.remove(batch)
        if self._outbox:
            self.flush()
        elif not self._ledger.is_empty():
            self._flush.start(self._interval_ms, repeat=False)

    def failed(self, reason: str) -> None:
        """Whether the receiver has the oldest batch is not known: it comes again."""
        self._is_under_way = False
        self._count("mixer2_usage_batches_total", "failed")
        if self._back_off == 1:
            log.warning(f"{self._name}: usage is kept until the receiver takes it: {reason}")
        self._flush.start(self._interval_ms * self._back_off, repeat=False)
        self._back_off = min(self._back_off * 2, _MAX_BACK_OFF)

    def _fill(self) -> None:
        """Put into the outbox what a predecessor left, and what was counted since."""
        if not self._is_finishing:
            self._outbox = self._handover.take()
        if not self._ledger.is_empty():
            self._outbox.append(self._ledger.close())

    def _count(self, metric: str, outcome: str = "") -> None:
        if outcome:
            name = stat_name(metric, ["handler", "outcome"], [self._name, outcome])
        else:
            name = stat_name(metric, ["handler"], [self._name])
        Counter(name).increment()


class _Flush(Timer):
    """The time of a batch."""

    def __init__(self, plugin: PluginContext, usage: Usage) -> None:
        super().__init__(plugin)
        self._usage = usage

    def on_fire(self) -> None:
        self._usage.flush()


class _Sent(Delivery):
    """A batch on its way."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    def delivered(self) -> None:
        self._usage.delivered()

    def fail(self, reason: str) -> None:
        self._usage.failed(reason)


class UsageKind(ReportKind):
    """The kind `usage`."""

    def __init__(self) -> None:
        super().__init__("usage")

    def fields(self) -> list[Field]:
        """Who is charged."""
        return [Field("consumer")]

    def create(self, setup: Setup) -> Report:
        """Read `cluster`, `path`, `authority`, `interval` and `max_consumers`."""
        settings = setup.settings
        cluster = required(settings, "cluster")
        receiver = HttpReceiver(
            setup.plugin,
            cluster,
            settings.get_str("authority", cluster),
            settings.get_str("path", "/"),
            "application/json",
            setup.timeout_ms,
        )
        interval_ms = duration_ms(settings, "interval", "10s", minimum_ms=100)
        most = settings.get_int("max_consumers", _MAX_CONSUMERS, minimum=1, maximum=1_000_000)
        node = attributes.get_str("xds.node.id") or "envoy"
        ledger = UsageLedger(f"{node}/{Identifiers().span_id()}", most)
        handover = UsageHandover(f"usage.{setup.name}")
        return Usage(setup.name, setup.plugin, ledger, handover, receiver, interval_ms)
