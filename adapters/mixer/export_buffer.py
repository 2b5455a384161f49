"""Export buffers: records that wait until a batch of them goes out.

A batch goes when it is full or its time is over, one at a time. One that failed comes again, later
each time; what exceeds the limit meanwhile is dropped and counted.
"""

# ruff: noqa: BLE001 - whatever an exporter raises is a failed delivery

from typing import Final

from adapters.backend.report import Delivery, Exporter
from adapters.mixer.chance import Chance
from adapters.mixer.complaints import Complaints
from adapters.mixer.meters import ReportMeter
from adapters.mixer.policy import Policy
from pal import PluginContext, clock, dispatch
from pal.timers import Timer

_NS_PER_MS: Final = 1_000_000
_LARGEST_BYTES: Final = 8 * 1024 * 1024
_LONGEST_PAUSE_MS: Final = 30_000


class Drained:
    """Who waits for a buffer to become empty."""

    def drained(self) -> None:
        """It is."""
        raise NotImplementedError


class ExportBuffer(Timer):
    """Records of one handler.

    Args:
        exporter: Where they go.
        policy: How many, how often, how long.
        chance: Decides about faults.
        meter: What is counted.
        complaints: Where failures are told.
        plugin: Owner of the timer.
    """

    def __init__(
        self,
        exporter: Exporter,
        policy: Policy,
        chance: Chance,
        meter: ReportMeter,
        complaints: Complaints,
        plugin: PluginContext,
    ) -> None:
        super().__init__(plugin)
        self.plugin = plugin
        self._exporter = exporter
        self._policy = policy
        self._chance = chance
        self._meter = meter
        self._complaints = complaints
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._batch: list[bytes] = []
        self._batch_bytes = 0
        self._attempts = 0
        self._under_way: _BatchDelivery | None = None
        self._drained: Drained | None = None

    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return len(self._waiting) == 0 and len(self._batch) == 0

    def close(self, drained: Drained) -> None:
        """Send what there is without waiting for more, and say when nothing is left.

        A batch that cannot be delivered now is lost, and counted as dropped.
        """
        self._drained = drained
        self.flush()

    def add(self, record: bytes) -> None:
        """Keep a record, or drop it when there are too many."""
        held = len(self._waiting) + len(self._batch)
        size = self._bytes + self._batch_bytes + len(record)
        if held >= self._policy.buffer.limit or size > _LARGEST_BYTES:
            self._meter.dropped.increment()
            return
        self._waiting.append(record)
        self._bytes += len(record)
        if len(self._waiting) >= self._policy.buffer.size and len(self._batch) == 0:
            self.flush()
        elif not self.is_running and self._under_way is None:
            self.start(self._policy.buffer.interval_ms, repeat=False)

    def flush(self) -> None:
        """Send a batch now, unless one is under way."""
        if self._under_way is not None:
            return
        if len(self._batch) == 0:
            size = self._policy.buffer.size
            self._batch = self._waiting[:size]
            self._waiting = self._waiting[size:]
            self._batch_bytes = 0
            for record in self._batch:
                self._batch_bytes += len(record)
            self._bytes -= self._batch_bytes
            self._attempts = 0
        if len(self._batch) == 0:
            return
        self.cancel()
        self._send()

    def on_fire(self) -> None:
        """The time of a batch, or of the pause after a failure, is over."""
        self.flush()

    def send_delayed(self, delivery: "_BatchDelivery", fails: bool) -> None:
        """An injected delay is over."""
        if fails:
            delivery.fail("injected failure")
        else:
            self._export(delivery)

    def ended(self, delivery: "_BatchDelivery", reason: str, is_final: bool = False) -> None:
        """A delivery is over.

        Args:
            delivery: The delivery.
            reason: Why it failed; empty when it did not.
            is_final: Whether it would fail again.
        """
        if self._under_way is not delivery:
            return
        self._under_way = None
        took_ms = max(0, clock.now_ns() - delivery.sent_ns) // _NS_PER_MS
        self._meter.latency.record(took_ms)
        if not reason:
            self._drop_batch()
            self._go_on()
            return
        self._meter.errors.increment()
        self._complaints.warn(f"not exported: {reason}")
        self._attempts += 1
        is_last = is_final or self._attempts >= self._policy.buffer.attempts
        if self._drained is not None or (is_last and not self._exporter.at_least_once):
            self._meter.dropped.increment(len(self._batch))
            self._drop_batch()
        if self._drained is not None or (is_final and len(self._batch) == 0):
            self._go_on()
            return
        pause_ms = self._policy.buffer.interval_ms << min(self._attempts, 5)
        self.start(min(pause_ms, _LONGEST_PAUSE_MS), repeat=False)

    def _send(self) -> None:
        self._meter.calls.increment()
        delivery = _BatchDelivery(self, clock.now_ns())
        self._under_way = delivery
        fault = self._policy.fault
        if not fault.strikes(self._chance):
            self._export(delivery)
            return
        self._meter.fault()
        if fault.delay_ms > 0:
            _Delay(self, delivery, fault.fails).start(fault.delay_ms, repeat=False)
        else:
            delivery.fail("injected failure")

    def _export(self, delivery: "_BatchDelivery") -> None:
        try:
            self._exporter.export(self._batch, delivery)
        except Exception as error:
            dispatch.report(error)
            delivery.fail("the backend raised")

    def _drop_batch(self) -> None:
        self._batch = []
        self._batch_bytes = 0
        self._attempts = 0

    def _go_on(self) -> None:
        """A batch is gone: send the next one when it is full, or wait for it."""
        drained = self._drained
        if drained is not None:
            self.flush()
            if self.is_idle():
                drained.drained()
        elif len(self._waiting) >= self._policy.buffer.size:
            self.start(1, repeat=False)
        elif len(self._waiting) > 0:
            self.start(self._policy.buffer.interval_ms, repeat=False)


class _BatchDelivery(Delivery):
    def __init__(self, buffer: ExportBuffer, sent_ns: int) -> None:
        self.sent_ns = sent_ns
        self._buffer = buffer

    def delivered(self) -> None:
        self._buffer.ended(self, "")

    def fail(self, reason: str) -> None:
        self._buffer.ended(self, reason or "no reason given")

    def refuse(self, reason: str) -> None:
        self._buffer.ended(self, reason or "no reason given", is_final=True)


class _Delay(Timer):
    """An injected delay before an export."""

    def __init__(self, buffer: ExportBuffer, delivery: _BatchDelivery, fails: bool) -> None:
        super().__init__(buffer.plugin)
        self._buffer = buffer
        self._delivery = delivery
        self._fails = fails

    def on_fire(self) -> None:
        """The delay is over."""
        self._buffer.send_delayed(self._delivery, self._fails)
