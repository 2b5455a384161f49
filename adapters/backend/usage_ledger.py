"""What consumers used since the last batch, and batches of it.

    {"source": "edge-1/5f0c...", "sequence": 7, "from": "2026-...Z", "to": "2026-...Z",
     "records": [{"consumer": "ann", "requests": 3, "errors": 1,
                  "request_bytes": 420, "response_bytes": 93012}]}

A batch is known by its source and its sequence number, which counts from 1 without gaps: a receiver
that sees one again drops it, and one that misses a number knows that something is still to come.
"""

from typing import Final

from adapters.events import HttpExchange
from adapters.wire import json_text
from adapters.wire.timestamp import rfc3339

UNKNOWN_CONSUMER: Final = "unknown"
_FIRST_ERROR: Final = 400
_MAX_NAME_CHARACTERS: Final = 256


class Consumption:
    """What one consumer used."""

    def __init__(self) -> None:
        self.requests = 0
        self.errors = 0
        self.request_bytes = 0
        self.response_bytes = 0

    def add(self, exchange: HttpExchange) -> None:
        """Count an exchange; one without response, or with a status from 400 on, is an error."""
        self.requests += 1
        if exchange.status_code == 0 or exchange.status_code >= _FIRST_ERROR:
            self.errors += 1
        self.request_bytes += max(0, exchange.request_bytes)
        self.response_bytes += max(0, exchange.response_bytes)

    def json(self, consumer: str) -> str:
        """A record."""
        return (
            f'{{"consumer":{json_text.string(consumer)},"requests":{self.requests},'
            f'"errors":{self.errors},"request_bytes":{self.request_bytes},'
            f'"response_bytes":{self.response_bytes}}}'
        )


class UsageLedger:
    """Counts by consumer.

    Args:
        source: Name of this ledger; no other has it, in any proxy, at any time.
        max_consumers: Most that are kept apart.
    """

    def __init__(self, source: str, max_consumers: int) -> None:
        self._source = source
        self._max_consumers = max_consumers
        self._sequence = 0
        self._consumers: dict[str, Consumption] = {}
        self._from_ns = 0
        self._to_ns = 0

    def is_empty(self) -> bool:
        """Whether nobody used anything."""
        return len(self._consumers) == 0

    def is_full(self) -> bool:
        """Whether a further consumer would not be kept apart."""
        return len(self._consumers) >= self._max_consumers

    def knows(self, consumer: str) -> bool:
        """Whether a consumer is there already."""
        return _name(consumer) in self._consumers

    def add(self, consumer: str, exchange: HttpExchange) -> None:
        """Count an exchange."""
        ended_ns = exchange.request.started_ns + exchange.duration_ns
        if self.is_empty():
            self._from_ns = ended_ns
        self._from_ns = min(self._from_ns, ended_ns)
        self._to_ns = max(self._to_ns, ended_ns)
        name = _name(consumer)
        used = self._consumers.get(name)
        if used is None:
            used = Consumption()
            self._consumers[name] = used
        used.add(exchange)

    def close(self) -> bytes:
        """A batch of all that was counted; the ledger is empty after it."""
        self._sequence += 1
        records = [used.json(consumer) for consumer, used in self._consumers.items()]
        batch = (
            f'{{"source":{json_text.string(self._source)},"sequence":{self._sequence},'
            f'"from":"{rfc3339(self._from_ns)}","to":"{rfc3339(self._to_ns)}",'
            f'"records":[{",".join(records)}]}}'
        )
        self._consumers = {}
        self._to_ns = 0
        return batch.encode()


def _name(consumer: str) -> str:
    return consumer[:_MAX_NAME_CHARACTERS] or UNKNOWN_CONSUMER
