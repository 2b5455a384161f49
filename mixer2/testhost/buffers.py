"""A byte buffer that the guest reads and edits.

Envoy edits at the ends only: from byte 0, or behind the last byte. What the specification says
of edits in the middle is refused. Source: Envoy, `context.cc`, `Buffer::copyFrom`.
"""

from mixer2.testhost.abi import Status
from mixer2.testhost.errors import Refused


class Buffer:
    """Bytes in flight.

    Args:
        data: What is in it.
        writable: False for configurations and what callouts brought.
    """

    __slots__ = ("data", "writable")

    def __init__(self, data: bytes = b"", writable: bool = True) -> None:
        self.data = data
        self.writable = writable

    def __len__(self) -> int:
        return len(self.data)

    def read(self, start: int, size: int) -> bytes:
        """Up to `size` bytes from `start`; none when `start` lies behind the end."""
        return self.data[start : start + size]

    def write(self, start: int, size: int, data: bytes) -> None:
        """Replace, prepend (start 0, size 0) or append (start at the end or behind).

        Raises:
            Refused: BAD_ARGUMENT for an edit in the middle, or of a read-only buffer.
        """
        if not self.writable:
            raise Refused(Status.BAD_ARGUMENT)
        if start == 0:
            self.data = data + self.data[size:]
        elif start >= len(self.data):
            self.data += data
        else:
            raise Refused(Status.BAD_ARGUMENT)

    def move_to(self, other: "Buffer") -> None:
        """Append everything to `other` and be empty."""
        if other is not self:
            other.data += self.data
            self.data = b""
