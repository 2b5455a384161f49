"""One direction of a connection: bytes in, messages out, and the bytes that go on in their place.

A message that may change is held back until it is whole; what came before it goes on. It is held
here and not in the proxy's buffer: that is one for all, so that messages which could go would wait
too, and a proxy whose buffer is full reads no more.
"""

from typing import Final

from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.messages import SIZE_BYTES, Message, Pending, Splitter

_NOTHING: Final = Pending(0, b"", 0)


class _Edit:
    """Bytes that come in the place of others; places are counted from the connection's start."""

    def __init__(self, start: int, end: int, data: bytes) -> None:
        self.start = start
        self.end = end
        self.data = data


class Direction:
    """Follows a direction until a size comes that no message has.

    Args:
        max_kept: Most bytes of a message that are looked at.
        is_request: Which direction it is.
    """

    def __init__(self, max_kept: int, is_request: bool) -> None:
        self.max_kept = max_kept
        self._splitter: Splitter | None = Splitter(max_kept, is_request)
        self._input = b""
        # Bytes of the connection before the input.
        self._before = 0
        # The last of these, which are held back.
        self._held: list[bytes] = []
        self._held_size = 0
        self._edits: list[_Edit] = []

    def receive_data(self, data: bytes) -> None:
        """Take the next bytes; read the messages that end in them, then `pass_on`."""
        self._input = data
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
        self._edits.append(_Edit(end - message.size - SIZE_BYTES, end, data))

    def pass_on(self, hold: bool) -> bytes | None:
        """What goes on now in the place of the input.

        Args:
            hold: Whether the pending message is held back.

        Returns:
            None when the input goes on as it came.
        """
        data = self._input
        self._input = b""
        self._before += len(data)
        held_size = self.pending().received if hold else 0
        if held_size > self._held_size + len(data):
            # Its beginning went on when nothing was to be changed yet.
            held_size = 0
        if held_size == 0 and self._held_size == 0 and len(self._edits) == 0:
            return None
        if held_size == self._held_size + len(data) and len(self._edits) == 0:
            self._held.append(data)
            self._held_size = held_size
            return b""
        self._held.append(data)
        data = b"".join(self._held)
        kept_from = len(data) - held_size
        passed = self._edited(data, self._before - len(data), kept_from)
        self._held = [data[kept_from:]] if held_size > 0 else []
        self._held_size = held_size
        return passed

    def _edited(self, data: bytes, start: int, end: int) -> bytes:
        """Bytes up to `end`, with the changes; the first of all stands at `start`."""
        pieces: list[bytes] = []
        at = 0
        for edit in self._edits:
            pieces.append(data[at : edit.start - start])
            pieces.append(edit.data)
            at = edit.end - start
        pieces.append(data[at:end])
        self._edits = []
        return b"".join(pieces)
