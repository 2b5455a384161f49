"""Keyed digests for compiled filters: what `import hmac` means in profile aot. SHA-256 only.

Source: RFC 2104.
"""

from collections.abc import Callable
from typing import Final

from . import _bytes, _sha256, hashlib

_BLOCK: Final = 64
_INNER: Final = 0x36
_OUTER: Final = 0x5C


class HMAC:
    """A keyed digest that grows.

    Attributes:
        name: The algorithm.
        digest_size: Bytes of the digest.
        block_size: Bytes that the algorithm takes at a time.
    """

    def __init__(self, inner: hashlib._Hash, outer: hashlib._Hash) -> None:
        self.name = "hmac-sha256"
        self.digest_size = 32
        self.block_size = _BLOCK
        self._inner = inner
        self._outer = outer

    def update(self, msg: bytes | bytearray | memoryview) -> None:
        """Add bytes."""
        self._inner.update(msg)

    def digest(self) -> bytes:
        """The digest of all that was added."""
        outer = self._outer.copy()
        outer.update(self._inner.digest())
        return outer.digest()

    def hexdigest(self) -> str:
        """The digest in hexadecimal digits."""
        return _bytes.hex(self.digest())

    def copy(self) -> "HMAC":
        """One that goes on from here by itself."""
        return HMAC(self._inner.copy(), self._outer.copy())


def new(
    key: bytes | bytearray | memoryview,
    msg: bytes | bytearray | memoryview | None = None,
    digestmod: str | Callable[[bytes], hashlib._Hash] = "",
) -> HMAC:
    """A keyed digest of bytes, to which more can be added.

    Args:
        key: The secret.
        msg: The first bytes.
        digestmod: "sha256" or `hashlib.sha256`.

    Raises:
        TypeError: `digestmod` is missing.
        ValueError: it is another one than SHA-256.
    """
    if digestmod == "":
        raise TypeError("Missing required argument 'digestmod'.")
    if isinstance(digestmod, str):
        hashlib.new(digestmod)
    secret = _bytes.of(key)
    if len(secret) > _BLOCK:
        secret = hashlib.sha256(secret).digest()
    inner = hashlib._Hash(_sha256.start_keyed(secret, _INNER))
    outer = hashlib._Hash(_sha256.start_keyed(secret, _OUTER))
    keyed = HMAC(inner, outer)
    if msg is not None:
        keyed.update(msg)
    return keyed


def digest(
    key: bytes | bytearray | memoryview,
    msg: bytes | bytearray | memoryview,
    digest: str | Callable[[bytes], hashlib._Hash],
) -> bytes:
    """The keyed digest of bytes."""
    return new(key, msg, digest).digest()


def compare_digest(
    a: str | bytes | bytearray | memoryview, b: str | bytes | bytearray | memoryview, /
) -> bool:
    """Whether two are equal, in a time that does not tell where they differ.

    Raises:
        TypeError: they are not both bytes or both ASCII text.
    """
    if isinstance(a, str) and isinstance(b, str):
        if not a.isascii() or not b.isascii():
            raise TypeError("comparing strings with non-ASCII characters is not supported")
        return _equal(a.encode(), b.encode())
    return _equal(_bytes.of(a), _bytes.of(b))


def _equal(left: bytes, right: bytes) -> bool:
    difference = len(left) ^ len(right)
    for index in range(min(len(left), len(right))):
        difference |= left[index] ^ right[index]
    return difference == 0
