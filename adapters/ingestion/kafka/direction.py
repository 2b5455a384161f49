"""One direction of a connection: bytes in, messages out, and changes of what passes."""

from typing import Final

from adapters.ingestion.kafka.edit import Edit
from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.messages import SIZE_BYTES, Message, Pending, Splitter

_NOTHING: Final = Pending(0, b"")


class Direction:
    """Follows a direction until a size comes that no message has.

    Args:
        max_kept: Most bytes of a message that are looked at.
        is_request: Which direction it is.
    """

    def __init__(self, max_kept: int, is_request: bool) -> None:
        self.max_kept = max_kept
        self._splitter: Splitter | None = Splitter(max_kept, is_request)
        self._before = 0
        self._input_size = 0
        self._edits: list[Edit] = []

    def receive_data(self, data: bytes) -> None:
        """Take the next bytes; read the messages that end in them before the next call."""
        self._before += self._input_size
        self._input_size = len(data)
        if self._splitter is not None:
            self._splitter.receive_data(data)

    def next_message(self) -> Message | None:
        """The next message that ended; None when more bytes are needed.

        Raises:
            ProtocolError: a size that no message has; from then on there are none.
        """
        splitter = self._splitter
        if splitter is None:
            return None
        try:
            return splitter.next_message()
        except ProtocolError:
            self._splitter = None
            raise

    def pending(self) -> Pending:
        """The message that has begun and not ended."""
        return _NOTHING if self._splitter is None else self._splitter.pending()

    def replace(self, message: Message, data: bytes) -> None:
        """Have other bytes, their size before them, in the place of the message read last."""
        splitter = self._splitter
        assert splitter is not None
        end = self._before + splitter.consumed
        self._edits.append(Edit(end - message.size - SIZE_BYTES, end, data))

    def take_edits(self) -> list[Edit]:
        """The changes since the last call, in order."""
        edits = self._edits
        self._edits = []
        return edits
