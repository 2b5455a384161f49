"""Random numbers: for sampling, jitter and identifiers. Not for secrets.

    self._random = Random()                  # in on_configure
    if self._random.chance(0.01): ...

Plugins have no source of randomness that is theirs alone, so a generator starts from what tells
them apart: the nanosecond, the proxy's node id, and a number that the shared data counts. Workers
and proxies that start together thus draw different numbers.

Source: G. Marsaglia, "Xorshift RNGs" (2003), 128 bits of state, period 2**128 - 1.
"""

from typing import Final

from pal import attributes, clock
from pal.shared_data import SharedValue

_MASK: Final = 0xFFFF_FFFF
_RANGE: Final = 4294967296.0
_COUNTER: Final = "mixer2.random"
_WARM_UP: Final = 16

# FNV-1a, over the bytes of the node id.
_HASH_START: Final = 0x811C_9DC5
_HASH_FACTOR: Final = 0x0100_0193


class Random:
    """A generator for one plugin context; making it takes three host calls."""

    def __init__(self) -> None:
        now_ns = clock.now_ns()
        self._x = now_ns & _MASK
        self._y = now_ns >> 32 & _MASK
        self._z = _hash(attributes.get_bytes("xds.node.id") or b"")
        # Never 0, since one of the words must not be.
        self._w = int.from_bytes(SharedValue(_COUNTER).update(_counted), "little") + 1
        for _ in range(_WARM_UP):
            self.bits()

    def bits(self) -> int:
        """32 random bits, as a number."""
        mixed = (self._x ^ self._x << 11) & _MASK
        self._x = self._y
        self._y = self._z
        self._z = self._w
        self._w = self._w ^ self._w >> 19 ^ mixed ^ mixed >> 8
        return self._w

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1, each as likely; `limit` is 1 to 2**32.

        Raises:
            ValueError: `limit` is out of range.
        """
        if limit < 1 or limit > _MASK + 1:
            raise ValueError(f"below: expected 1 to 4294967296, got {limit}")
        # The last, incomplete run of `limit` numbers would make the first ones likelier.
        whole = (_MASK + 1) // limit * limit
        drawn = self.bits()
        while drawn >= whole:
            drawn = self.bits()
        return drawn % limit

    def ratio(self) -> float:
        """A number from 0 to 1, without 1."""
        return float(self.bits()) / _RANGE

    def chance(self, probability: float) -> bool:
        """True with this probability: never for 0, always for 1."""
        return self.ratio() < probability


def _counted(stored: bytes | None) -> bytes:
    number = 0 if stored is None or len(stored) != 4 else int.from_bytes(stored, "little")
    return ((number + 1) % _MASK).to_bytes(4, "little")


def _hash(data: bytes) -> int:
    value = _HASH_START
    for byte in data:
        value = (value ^ byte) * _HASH_FACTOR & _MASK
    return value
