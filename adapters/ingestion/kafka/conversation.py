"""A client's conversation with a broker: both directions in, facts out.

    conversation.receive_data(data, at_ns)           # of the client
    conversation.receive_response_data(data, at_ns)  # of the broker
    while (event := conversation.next_event()) is not None: ...

Nothing is ever refused: what is not understood is a `KafkaUnparsed`, and after a size that no
message has a direction is not followed any more.
"""

from typing import Final, TypeAlias

from adapters.events import KafkaBatch, KafkaExchange, KafkaUnparsed
from adapters.ingestion.kafka import apis, facts, fetch, groups, metadata, produce, reroute
from adapters.ingestion.kafka.consumed import Consumed, read_batches
from adapters.ingestion.kafka.direction import Direction
from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.facts import Outstanding
from adapters.ingestion.kafka.messages import (
    Message,
    Pending,
    RequestHead,
    read_request_head,
    read_response_head,
)
from adapters.ingestion.kafka.reader import Reader
from adapters.ingestion.kafka.rewrite import Rewriter
from adapters.ingestion.kafka.topics import Directory

Event: TypeAlias = KafkaExchange | KafkaBatch | KafkaUnparsed

_MAX_OUTSTANDING: Final = 1_000
_MAX_CLOSED: Final = 1_000


class Conversation:
    """One connection.

    Args:
        directory: What all connections learn of topics and groups.
        max_request: Most bytes of a request that are looked at.
        max_response: Most bytes of a response that are looked at.
        rewriter: Looks into produced records, and changes them.
    """

    def __init__(
        self, directory: Directory, max_request: int, max_response: int, rewriter: Rewriter
    ) -> None:
        self._directory = directory
        self._rewriter = rewriter
        self._requests = Direction(max_request, is_request=True)
        self._responses = Direction(max_response, is_request=False)
        self._outstanding: dict[int, Outstanding] = {}
        # How many of these have records that went to a canary.
        self._rerouted = 0
        # Partitions of canaries that this broker does not have.
        self._closed_canaries: set[str] = set()
        self._events: list[Event] = []
        self._next = 0

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
        self._requests.receive_data(data)
        try:
            while (message := self._requests.next_message()) is not None:
                self._request(message, at_ns)
        except ProtocolError:
            self._events.append(KafkaUnparsed(-1, -1, "malformed"))

    def receive_response_data(self, data: bytes, at_ns: int) -> None:
        """Take bytes of the broker; arguments as of `receive_data`."""
        self._responses.receive_data(data)
        try:
            while (message := self._responses.next_message()) is not None:
                self._response(message, at_ns)
        except ProtocolError:
            self._events.append(KafkaUnparsed(-1, -1, "malformed"))

    def pass_on(self, is_end: bool) -> bytes | None:
        """What goes on to the broker in the place of the client's last bytes.

        A request that may change is held back until it is whole.

        Args:
            is_end: Whether the client sends no more.

        Returns:
            None when they go on as they came.
        """
        return self._requests.pass_on(not is_end and self._may_change())

    def pass_on_response(self, is_end: bool) -> bytes | None:
        """What goes on to the client in the place of the broker's last bytes; as `pass_on`."""
        return self._responses.pass_on(not is_end and self._response_may_change())

    def _may_change(self) -> bool:
        """Whether the request that has begun may be changed once it is whole."""
        if not self._rewriter.changes:
            return False
        pending = self._requests.pending()
        return 0 < pending.size <= self._requests.max_kept and _may_be_produce(pending)

    def _response_may_change(self) -> bool:
        if self._rerouted == 0:
            return False
        pending = self._responses.pending()
        if not 0 < pending.size <= self._responses.max_kept:
            return False
        if len(pending.start) < 4:
            return True
        outstanding = self._outstanding.get(int.from_bytes(pending.start, "big", signed=True))
        return outstanding is not None and outstanding.is_rerouted

    def _request(self, message: Message, at_ns: int) -> None:
        reader = Reader(message.data)
        head = read_request_head(reader)
        outstanding = Outstanding(head, message.size, at_ns)
        answered = True
        if apis.known(head.api_key, head.version) is None:
            self._unparsed(head, "version")
        else:
            try:
                if head.api_key == apis.PRODUCE:
                    answered = self._produce(message, reader, outstanding)
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
            self._rerouted += int(outstanding.is_rerouted)

    def _produce(self, message: Message, reader: Reader, outstanding: Outstanding) -> bool:
        """Look into produced records, and change them; whether the broker will answer."""
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
        # A response that cannot be noted cannot be changed back.
        may_reroute = self._rewriter.has_canaries and len(self._outstanding) < _MAX_OUTSTANDING
        changed = False
        for partition in request.partitions:
            takes = may_reroute and self._canary_takes(request, partition)
            routed = self._rewriter.route(message.data, partition, version, takes)
            outstanding.add(routed)
            changed = changed or routed.is_changed
            if routed.unparsed is not None:
                self._events.append(routed.unparsed)
        if changed:
            data = reroute.request(message.data, request, outstanding.routed, reader.flexible)
            self._requests.replace(message, data)
        return request.acks != 0

    def _canary_takes(
        self, request: produce.ProduceRequest, partition: produce.ProducedPartition
    ) -> bool:
        canary = self._rewriter.canary_of(partition.topic)
        if _place(canary, partition.partition) in self._closed_canaries:
            return False
        # A request has each partition once.
        for other in request.partitions:
            if other.topic == canary and other.partition == partition.partition:
                return False
        return True

    def _response(self, message: Message, at_ns: int) -> None:
        reader = Reader(message.data)
        outstanding = self._outstanding.pop(reader.int32(), None)
        if outstanding is None:
            self._events.append(KafkaUnparsed(-1, -1, "malformed"))
            return
        self._rerouted -= int(outstanding.is_rerouted)
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
            if outstanding.is_rerouted:
                data = reroute.response(
                    message.data, response, outstanding.routed, head.version, reader.flexible
                )
                self._responses.replace(message, data)
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
        for sent in outstanding.sent():
            result = reroute.result_of(sent, response)
            self._events.append(facts.produced(outstanding, sent, result, at_ns))
            is_closed = result is not None and reroute.is_elsewhere(result.error_code)
            if is_closed and sent.canary_of and len(self._closed_canaries) < _MAX_CLOSED:
                self._closed_canaries.add(_place(sent.topic, sent.partition))

    def _fetched(
        self,
        message: Message,
        outstanding: Outstanding,
        response: fetch.FetchResponse,
        at_ns: int,
    ) -> None:
        for partition in response.partitions:
            end = partition.records_at + partition.known_size
            consumed = read_batches(message.data[partition.records_at : end], self._rewriter)
            if consumed.reason and partition.known_size == partition.size:
                self._unparsed(outstanding.head, consumed.reason)
            batches = consumed.batches
            if partition.error_code != 0:
                batches = [Consumed()]
            for batch in batches:
                self._events.append(
                    facts.fetched(outstanding, partition, batch, self._directory, at_ns)
                )

    def _exchanged(
        self, outstanding: Outstanding, response_bytes: int, at_ns: int, throttle_ms: int
    ) -> None:
        self._events.append(facts.exchange(outstanding, response_bytes, at_ns, throttle_ms))

    def _unparsed(self, head: RequestHead, reason: str) -> None:
        self._events.append(KafkaUnparsed(head.api_key, head.version, reason))


def _may_be_produce(pending: Pending) -> bool:
    return b"\0\0".startswith(pending.start[:2])


def _place(topic: str, partition: int) -> str:
    return f"{partition} {topic}"
