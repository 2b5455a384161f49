"""Batches of usage that a configuration leaves to the next one, in the proxy's shared data."""

from typing import Final

from pal.shared_data import SharedValue

_SIZE_BYTES: Final = 4
_MAX_BYTES: Final = 4 * 1024 * 1024


class UsageHandover:
    """A list of batches that all workers see.

    Args:
        name: Of the shared value.
    """

    def __init__(self, name: str) -> None:
        self._value = SharedValue(name)

    def leave(self, batches: list[bytes]) -> None:
        """Add batches.

        Raises:
            ContentionError: others were quicker a hundred times.
        """
        added = b"".join([_encode(batch) for batch in batches])
        self._value.update(lambda stored: _joined(stored, added))

    def take(self) -> list[bytes]:
        """All batches, of which none is left for others.

        Raises:
            ContentionError: others were quicker a hundred times.
        """
        for _ in range(100):
            found = self._value.read()
            if found.value is None or len(found.value) == 0:
                return []
            if self._value.replace(b"", found.version):
                return _decode(found.value)
        return []

    def remove(self, batch: bytes) -> None:
        """Take one batch away, when it is still there.

        Raises:
            ContentionError: others were quicker a hundred times.
        """
        self._value.update(lambda stored: _without(stored, batch))


def _joined(stored: bytes | None, added: bytes) -> bytes:
    kept = stored or b""
    # Nobody collects them: the receiver has been gone for long, and so have several configurations.
    return kept if len(kept) + len(added) > _MAX_BYTES else kept + added


def _without(stored: bytes | None, batch: bytes) -> bytes:
    return b"".join([_encode(one) for one in _decode(stored or b"") if one != batch])


def _encode(batch: bytes) -> bytes:
    return len(batch).to_bytes(_SIZE_BYTES, "little") + batch


def _decode(data: bytes) -> list[bytes]:
    """The batches; what somebody else wrote reads as if it ended there."""
    batches: list[bytes] = []
    at = 0
    while at + _SIZE_BYTES <= len(data):
        start = at + _SIZE_BYTES
        end = start + int.from_bytes(data[at:start], "little")
        if end > len(data):
            break
        batches.append(data[start:end])
        at = end
    return batches
