"""The heads of Kafka's messages, and how a stream of bytes is cut into them.

Source: Kafka protocol guide, "Protocol Request and Response Headers"; KIP-511 for ApiVersions,
whose response header is never flexible.
"""

from dataclasses import dataclass
from typing import Final

from adapters.ingestion.kafka import apis
from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.reader import Reader

SIZE_BYTES: Final = 4
MAX_MESSAGE: Final = 1_073_741_824
"""A broker's `socket.request.max.bytes` and a client's fetches stay far below, bytes."""

_MIN_REQUEST: Final = 8
_MIN_RESPONSE: Final = 4


@dataclass(frozen=True, slots=True)
class RequestHead:
    """The header of a request.

    Attributes:
        api_key: Which API.
        version: Which version of it.
        correlation_id: The client's number for the request; its response has it too.
        client_id: What the client calls itself; empty for null.
    """

    api_key: int
    version: int
    correlation_id: int
    client_id: str


def read_request_head(reader: Reader) -> RequestHead:
    """Read a request's header, and leave the reader at the body, set to its types.

    Raises:
        ProtocolError: it is none.
    """
    api_key = reader.int16()
    version = reader.int16()
    correlation_id = reader.int32()
    reader.flexible = False
    client_id = reader.string() or ""
    if apis.is_flexible(api_key, version):
        reader.flexible = True
        reader.end()
    return RequestHead(api_key, version, correlation_id, client_id)


def read_response_head(reader: Reader, api_key: int, version: int) -> int:
    """Read the header of the response to a request, and leave the reader at the body.

    Returns:
        The correlation id.

    Raises:
        ProtocolError: it is none.
    """
    correlation_id = reader.int32()
    reader.flexible = apis.is_flexible(api_key, version)
    if api_key != apis.API_VERSIONS:
        reader.end()
    return correlation_id


@dataclass(frozen=True, slots=True)
class Message:
    """A message without its size.

    Attributes:
        data: Its first bytes, all of them when they are few enough.
        size: How many it has.
    """

    data: bytes
    size: int

    @property
    def is_whole(self) -> bool:
        """Whether `data` is all of it."""
        return len(self.data) == self.size


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that has not ended.

    Attributes:
        size: How many bytes it has without its size; 0 when no message has begun.
        start: Its first four bytes, as far as they have come.
        received: How many bytes of it have come, its size counted.
    """

    size: int
    start: bytes
    received: int


class Splitter:
    """Cuts one direction of a connection into messages, of which it keeps a bounded part.

    Args:
        max_kept: Most bytes of one message that are kept; the rest only passes.
        is_request: Which direction it is.
    """

    def __init__(self, max_kept: int, is_request: bool) -> None:
        self._max_kept = max_kept
        self._least = _MIN_REQUEST if is_request else _MIN_RESPONSE
        self._kept = bytearray()
        # Bytes of the current message, its size not counted, that have not come yet.
        self._missing = 0
        self._size = -1
        self._input = b""
        self._at = 0

    def receive_data(self, data: bytes) -> None:
        """Take the next bytes; read the messages that end in them before the next call."""
        self._input = data
        self._at = 0

    def next_message(self) -> Message | None:
        """The next message that ended; None when more bytes are needed.

        Raises:
            ProtocolError: a size that no message has; nobody can tell what follows.
        """
        if self._size < 0:
            self._keep(SIZE_BYTES - len(self._kept))
            if len(self._kept) < SIZE_BYTES:
                return None
            self._begin()
        self._missing -= self._keep(min(self._missing, self._max_kept - len(self._kept)))
        if len(self._kept) == self._max_kept:
            passed = min(self._missing, len(self._input) - self._at)
            self._at += passed
            self._missing -= passed
        return self._finish() if self._missing == 0 else None

    @property
    def consumed(self) -> int:
        """Bytes of the last input that the messages read so far have used up."""
        return self._at

    def pending(self) -> Pending:
        """The message that has begun and not ended."""
        if self._size < 0:
            size = SIZE_BYTES + _MIN_REQUEST if self._kept else 0
            return Pending(size, b"", len(self._kept))
        received = SIZE_BYTES + self._size - self._missing
        return Pending(self._size, bytes(self._kept[:4]), received)

    def _begin(self) -> None:
        size = Reader(bytes(self._kept)).int32()
        if not self._least <= size <= MAX_MESSAGE:
            raise ProtocolError(f"expected a message's size, got {size}")
        self._size = size
        self._missing = size
        self._kept.clear()

    def _finish(self) -> "Message":
        message = Message(bytes(self._kept), self._size)
        self._kept.clear()
        self._size = -1
        return message

    def _keep(self, wanted: int) -> int:
        piece = self._input[self._at : self._at + wanted]
        self._kept += piece
        self._at += len(piece)
        return len(piece)
