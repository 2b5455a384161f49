"""A client's conversation with a broker: both directions in, facts out.

    conversation.receive_data(data, at_ns)           # of the client
    conversation.receive_response_data(data, at_ns)  # of the broker
    while (event := conversation.next_event()) is not None: ...

Nothing is ever refused: what is not understood is a `KafkaUnparsed`, and after a size that no
message has a direction is not followed any more.
"""

from typing import Final, TypeAlias

from adapters.events import KafkaBatch, KafkaExchange, KafkaUnparsed
from adapters.ingestion.kafka import apis, facts, fetch, groups, metadata, produce, rewrite
from adapters.ingestion.kafka.consumed import read_batches
from adapters.ingestion.kafka.edit import Edit
from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.facts import Outstanding
from adapters.ingestion.kafka.messages import (
    Message,
    Pending,
    RequestHead,
    Splitter,
    read_request_head,
    read_response_head,
)
from adapters.ingestion.kafka.reader import Reader
from adapters.ingestion.kafka.topics import Directory
from adapters.ingestion.kafka.traces import TraceContexts

Event: TypeAlias = KafkaExchange | KafkaBatch | KafkaUnparsed

_MAX_OUTSTANDING: Final = 1_000


class Conversation:
    """One connection.

    Args:
        directory: What all connections learn of topics and groups.
        max_request: Most bytes of a request that are looked at.
        max_response: Most bytes of a response that are looked at.
        contexts: Gives contexts to produced records that have none; None to leave them alone.
    """

    def __init__(
        self,
        directory: Directory,
        max_request: int,
        max_response: int,
        contexts: TraceContexts | None = None,
    ) -> None:
        self._directory = directory
        self._max_request = max_request
        self._contexts = contexts
        self._requests: Splitter | None = Splitter(max_request, is_request=True)
        self._responses: Splitter | None = Splitter(max_response, is_request=False)
        self._outstanding: dict[int, Outstanding] = {}
        self._events: list[Event] = []
        self._next = 0
        self._received = 0
        self._edits: list[Edit] = []

    def next_event(self) -> Event | None:
        """The next fact; None when there is none yet."""
        if self._next == len(self._events):
            self._events.clear()
            self._next = 0
            return None
        self._next += 1
        return self._events[self._next - 1]

    def receive_data(self, data: bytes, at_ns: int) -> None:
        """Take bytes of the client.

        Args:
            data: The next bytes.
            at_ns: Now, nanoseconds since 1970.
        """
        splitter = self._requests
        if splitter is None:
            return
        splitter.receive_data(data)
        try:
            while (message := splitter.next_message()) is not None:
                end = self._received + splitter.consumed
                replaced = self._request(message, at_ns)
                if replaced is not None:
                    self._edits.append(Edit(end - message.size - 4, end, replaced))
        except ProtocolError:
            self._requests = None
            self._events.append(KafkaUnparsed(-1, -1, "malformed"))
        self._received += len(data)

    def waits(self) -> bool:
        """Whether the last bytes are of a request that may be changed once it is whole."""
        splitter = self._requests
        if splitter is None or self._contexts is None:
            return False
        pending = splitter.pending()
        return 0 < pending.size <= self._max_request and _may_be_produce(pending)

    def edits(self) -> list[Edit]:
        """What is to be changed in the client's bytes since the last call, in order."""
        edits = self._edits
        self._edits = []
        return edits

    def receive_response_data(self, data: bytes, at_ns: int) -> None:
        """Take bytes of the broker; arguments as of `receive_data`."""
        splitter = self._responses
        if splitter is None:
            return
        splitter.receive_data(data)
        try:
            while (message := splitter.next_message()) is not None:
                self._response(message, at_ns)
        except ProtocolError:
            self._responses = None
            self._events.append(KafkaUnparsed(-1, -1, "malformed"))

    def _request(self, message: Message, at_ns: int) -> bytes | None:
        """Note a request; the bytes in its place when it changes."""
        reader = Reader(message.data)
        head = read_request_head(reader)
        outstanding = Outstanding(head, message.size, at_ns)
        replaced: bytes | None = None
        answered = True
        if apis.known(head.api_key, head.version) is None:
            self._unparsed(head, "version")
        else:
            try:
                if head.api_key == apis.PRODUCE:
                    answered = self._produce(message, reader, outstanding)
                    replaced = self._replaced(message, reader.flexible, outstanding)
                else:
                    group = groups.read_group(reader, head.api_key, head.version)
                    if group:
                        self._directory.join(head.client_id, group)
            except ProtocolError:
                self._unparsed(head, "malformed")
        if not answered:
            self._produced(outstanding, None, at_ns)
            self._exchanged(outstanding, 0, at_ns, 0)
        elif len(self._outstanding) < _MAX_OUTSTANDING:
            self._outstanding[head.correlation_id] = outstanding
        return replaced

    def _produce(self, message: Message, reader: Reader, outstanding: Outstanding) -> bool:
        """Look into produced records; whether the broker will answer."""
        version = outstanding.head.version
        if not produce.is_known(version):
            self._unparsed(outstanding.head, "version")
            return True
        if not message.is_whole:
            self._unparsed(outstanding.head, "too_large")
            # How many acknowledgements are wanted stands before the records.
            reader.string()
            return reader.int16() != 0
        request = produce.read_request(reader)
        outstanding.partitions = request.partitions
        for partition in request.partitions:
            traced = rewrite.trace_partition(message.data, partition, version, self._contexts)
            outstanding.traced.append(traced)
            if traced.unparsed is not None:
                self._events.append(traced.unparsed)
        return request.acks != 0

    def _replaced(self, message: Message, flexible: bool, outstanding: Outstanding) -> bytes | None:
        for traced in outstanding.traced:
            if traced.records is not None:
                data = rewrite.splice(
                    message.data, outstanding.partitions, outstanding.traced, flexible
                )
                for kept in outstanding.traced:
                    kept.records = None
                return data
        return None

    def _response(self, message: Message, at_ns: int) -> None:
        reader = Reader(message.data)
        outstanding = self._outstanding.pop(reader.int32(), None)
        if outstanding is None:
            self._events.append(KafkaUnparsed(-1, -1, "malformed"))
            return
        head = outstanding.head
        throttle_ms = 0
        if apis.known(head.api_key, head.version) is not None:
            try:
                throttle_ms = self._read_response(message, outstanding, at_ns)
            except ProtocolError:
                self._unparsed(head, "malformed")
        self._exchanged(outstanding, message.size, at_ns, throttle_ms)

    def _read_response(self, message: Message, outstanding: Outstanding, at_ns: int) -> int:
        """Read what a response tells; the milliseconds for which it slows the client down."""
        head = outstanding.head
        reader = Reader(message.data)
        read_response_head(reader, head.api_key, head.version)
        if head.api_key == apis.PRODUCE and produce.is_known(head.version):
            response = produce.read_response(reader, head.version)
            self._produced(outstanding, response, at_ns)
            return response.throttle_ms
        if head.api_key == apis.FETCH:
            if fetch.is_known(head.version):
                fetched = fetch.read_response(reader, head.version, message.is_whole)
                if not fetched.is_whole:
                    self._unparsed(head, "too_large")
                self._fetched(message, outstanding, fetched, at_ns)
                return fetched.throttle_ms
            self._unparsed(head, "version")
        elif head.api_key == apis.METADATA and message.is_whole:
            self._directory.name_topics(metadata.read_topic_names(reader, head.version))
        return 0

    def _produced(
        self, outstanding: Outstanding, response: produce.ProduceResponse | None, at_ns: int
    ) -> None:
        for number in range(len(outstanding.partitions)):
            self._events.append(facts.produced(outstanding, number, response, at_ns))

    def _fetched(
        self,
        message: Message,
        outstanding: Outstanding,
        response: fetch.FetchResponse,
        at_ns: int,
    ) -> None:
        for partition in response.partitions:
            if partition.size == 0 and partition.error_code == 0:
                continue
            end = partition.records_at + partition.known_size
            batches = read_batches(message.data[partition.records_at : end])
            if batches.is_malformed and partition.known_size == partition.size:
                self._unparsed(outstanding.head, "malformed")
            self._events.append(
                facts.fetched(outstanding, partition, batches, self._directory, at_ns)
            )

    def _exchanged(
        self, outstanding: Outstanding, response_bytes: int, at_ns: int, throttle_ms: int
    ) -> None:
        self._events.append(facts.exchange(outstanding, response_bytes, at_ns, throttle_ms))

    def _unparsed(self, head: RequestHead, reason: str) -> None:
        self._events.append(KafkaUnparsed(head.api_key, head.version, reason))


def _may_be_produce(pending: Pending) -> bool:
    return b"\0\0".startswith(pending.start)
