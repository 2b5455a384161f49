"""SHA-256: functions of the run-time (build/runtime/sha256.c)."""


def start() -> bytes:
    """The state before the first byte."""
    raise NotImplementedError


def start_keyed(key: bytes, mask: int) -> bytes:
    """The state after a block of a key (its first 64 bytes), each byte combined with `mask`."""
    raise NotImplementedError


def update(state: bytes, data: bytes) -> bytes:
    """The state after more bytes."""
    raise NotImplementedError


def finish(state: bytes) -> bytes:
    """The digest of all bytes."""
    raise NotImplementedError
