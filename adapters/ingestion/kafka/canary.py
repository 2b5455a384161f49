"""Canaries of topics: which produced records go to another topic, and splitting a batch for it.

A record goes by a header of its own, by its key, or by a share of all records.
"""

from typing import Final

from adapters.ingestion.kafka.errors import ProtocolError
from adapters.ingestion.kafka.record_batch import BatchHead
from adapters.ingestion.kafka.records import Records, varint
from pal.checksum import crc32c

_PARTS: Final = 10_000
_RANGE: Final = 1 << 32
# The golden ratio's fraction: multiples of it fall evenly into the range (Knuth, TAOCP, 6.4).
_STEP: Final = 0x9E37_79B9


class CanaryRule:
    """Which records of a topic go to its canary.

    Args:
        to: The canary's name.
    """

    def __init__(self, to: str) -> None:
        self.to = to

    def chooses(self, records: bytes, walk: Records) -> bool:
        """Whether the record that was read last goes there.

        Raises:
            ProtocolError: it is none.
        """
        raise NotImplementedError


class ByHeader(CanaryRule):
    """Records that have a header.

    Args:
        to: The canary's name.
        name: The header's name.
        value: The value that it has to have; empty for any.
    """

    def __init__(self, to: str, name: bytes, value: bytes) -> None:
        super().__init__(to)
        self._name = name
        self._value = value

    def chooses(self, records: bytes, walk: Records) -> bool:
        """By the first header of that name."""
        found = walk.header(self._name)
        return found is not None and (not self._value or found == self._value)


class ByKey(CanaryRule):
    """Records of a share of all keys; all records of a key go the same way, those without stay.

    Args:
        to: The canary's name.
        share: The share, 0.0 to 1.0: keys whose CRC-32C modulo 10,000 is below it.
    """

    def __init__(self, to: str, share: float) -> None:
        super().__init__(to)
        self._parts = int(share * _PARTS + 0.5)

    def chooses(self, records: bytes, walk: Records) -> bool:
        """By the key's hash."""
        if walk.key_size < 0:
            return False
        key = records[walk.key_at : walk.key_at + walk.key_size]
        return crc32c(key) % _PARTS < self._parts


class ByShare(CanaryRule):
    """A share of all records, evenly spread over them.

    Args:
        to: The canary's name.
        share: The share, 0.0 to 1.0.
    """

    def __init__(self, to: str, share: float) -> None:
        super().__init__(to)
        self._below = int(share * _RANGE)
        self._point = 0

    def chooses(self, records: bytes, walk: Records) -> bool:
        """By their number."""
        self._point = (self._point + _STEP) % _RANGE
        return self._point < self._below


class Part:
    """Some records of a batch, numbered anew.

    Args:
        base_timestamp_ms: The batch's first time stamp.
    """

    def __init__(self, base_timestamp_ms: int) -> None:
        self.count = 0
        self.max_timestamp_ms = base_timestamp_ms
        self._base_timestamp_ms = base_timestamp_ms
        self._written = bytearray()

    def add(self, records: bytes, walk: Records) -> None:
        """Take over the record that was read last."""
        offset = varint(self.count)
        before = walk.offset_at - walk.body_at
        self._written += varint(before + len(offset) + walk.end - walk.offset_end)
        self._written += records[walk.body_at : walk.offset_at]
        self._written += offset
        self._written += records[walk.offset_end : walk.end]
        self.count += 1
        timestamp_ms = self._base_timestamp_ms + walk.timestamp_delta
        if self.count == 1 or timestamp_ms > self.max_timestamp_ms:
            self.max_timestamp_ms = timestamp_ms

    def records(self) -> bytes:
        """The records."""
        return bytes(self._written)


class Split:
    """The records of a batch, in two parts.

    Attributes:
        kept: Those that stay with their topic.
        moved: Those that go to the canary.
    """

    def __init__(self, base_timestamp_ms: int) -> None:
        self.kept = Part(base_timestamp_ms)
        self.moved = Part(base_timestamp_ms)


def split(records: bytes, head: BatchHead, rule: CanaryRule) -> Split:
    """Part the records of a batch.

    Args:
        records: The records, uncompressed.
        head: Their batch's head.
        rule: Which of them go.

    Raises:
        ProtocolError: the bytes are not the records of that batch.
    """
    parts = Split(head.base_timestamp_ms)
    walk = Records(records)
    for _ in range(head.count):
        walk.advance()
        part = parts.moved if rule.chooses(records, walk) else parts.kept
        part.add(records, walk)
    if walk.remaining != 0:
        raise ProtocolError(f"{walk.remaining} bytes behind the records of a batch")
    return parts
