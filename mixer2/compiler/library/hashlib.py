"""Digests for compiled filters: what `import hashlib` means in profile aot. SHA-256 only."""

from . import _bytes, _sha256


class _Hash:
    """A digest that grows.

    Attributes:
        name: The algorithm.
        digest_size: Bytes of the digest.
        block_size: Bytes that the algorithm takes at a time.
    """

    def __init__(self, state: bytes) -> None:
        self.name = "sha256"
        self.digest_size = 32
        self.block_size = 64
        self._state = state

    def update(self, data: bytes | bytearray | memoryview, /) -> None:
        """Add bytes."""
        self._state = _sha256.update(self._state, _bytes.of(data))

    def digest(self) -> bytes:
        """The digest of all that was added."""
        return _sha256.finish(self._state)

    def hexdigest(self) -> str:
        """The digest in hexadecimal digits."""
        return _bytes.hex(self.digest())

    def copy(self) -> "_Hash":
        """One that goes on from here by itself."""
        return _Hash(self._state)


def sha256(string: bytes | bytearray | memoryview = b"", *, usedforsecurity: bool = True) -> _Hash:
    """A SHA-256 digest of bytes, to which more can be added."""
    return _Hash(_sha256.update(_sha256.start(), _bytes.of(string)))


def new(
    name: str, data: bytes | bytearray | memoryview = b"", *, usedforsecurity: bool = True
) -> _Hash:
    """A digest by the name of its algorithm.

    Raises:
        ValueError: it is another one than SHA-256.
    """
    if name.lower() not in ("sha256", "sha-256"):
        raise ValueError(f"unsupported hash type {name}")
    return sha256(data)
