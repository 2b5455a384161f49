"""Report backends: what happened, told to whoever wants to know.

The mixer gives every report: sampling, per-rule conditions, fault injection and metrics; and to an
`Exporter` batches, a bound, the time-out and the retry, with a counter of what was dropped.
"""

from adapters.backend.instance import Instance
from adapters.events import HttpExchange
from pal import HeaderMap


class Passage:
    """What a report keeps of one exchange from its begin to its end. Subclasses hold the rest."""


class Report:
    """A configured report backend.

    Attributes:
        wants_begin: Whether `begin` is called.
        wants_sizes: Whether the exchange's sizes are to be measured: two host calls more.
    """

    def __init__(self, wants_begin: bool = False, wants_sizes: bool = False) -> None:
        self.wants_begin = wants_begin
        self.wants_sizes = wants_sizes

    def begin(self, headers: HeaderMap, started_ns: int) -> Passage | None:
        """A request came, and no check has seen it yet.

        Args:
            headers: Its headers, to read and to change (`traceparent`).
            started_ns: Now, nanoseconds since 1970.

        Returns:
            What `report` gets back at the end of the same exchange.
        """
        return None

    def report(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> None:
        """An exchange is over; it is the callback `on_log`.

        Args:
            instance: Names and types of the values.
            values: The instance's values.
            exchange: What is known of every exchange.
            passage: What `begin` returned; None also when the request never came this far.
        """
        raise NotImplementedError

    def finish(self) -> bool:
        """The configuration is about to go: send what is left.

        Returns:
            Whether nothing is left. Until then it is asked again, as long as the proxy waits.
        """
        return True


class Delivery:
    """A batch on its way."""

    def delivered(self) -> None:
        """The receiver has it."""
        raise NotImplementedError

    def fail(self, reason: str) -> None:
        """The receiver does not have it, or it is not known.

        Args:
            reason: Why, for the proxy's log; rate-limited there.
        """
        raise NotImplementedError

    def refuse(self, reason: str) -> None:
        """The receiver will never take it: the batch should not come again.

        Args:
            reason: As of `fail`.
        """
        self.fail(reason)


class Exporter(Report):
    """A report that is sent to a receiver: records now, batches of them later.

    Attributes:
        at_least_once: Whether a batch comes again until it is delivered; else it is dropped after
            the attempts of the handler's policy.
    """

    def __init__(
        self, wants_begin: bool = False, wants_sizes: bool = False, at_least_once: bool = False
    ) -> None:
        super().__init__(wants_begin, wants_sizes)
        self.at_least_once = at_least_once

    def record(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> bytes | None:
        """The record of an exchange, as it is kept until it is sent; arguments as of `report`.

        Returns:
            None when there is nothing to send.
        """
        raise NotImplementedError

    def export(self, records: list[bytes], delivery: Delivery) -> None:
        """Send records in one call, and tell `delivery` how it ended.

        An exception counts as `delivery.fail`. A batch that failed may come again, the same records
        in the same order, before newer ones: the same list means the same batch.
        """
        raise NotImplementedError

    def report(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> None:
        """Never called: the mixer buffers what `record` returns."""
