"""Identifiers of traces and spans, which no other worker or proxy gives.

Proxy-Wasm has no source of randomness. The generator starts from what tells workers apart: a number
that the proxy's shared data counts, the proxy's node id, and the nanosecond of the start.

Source: G. Marsaglia, "Xorshift RNGs" (2003), period 2**128 - 1. Not for secrets.
"""

from typing import Final

from pal import attributes, clock
from pal.shared_data import SharedValue

_MASK: Final = 0xFFFF_FFFF
_COUNTER: Final = "mixer2.identifiers"
_WARM_UP: Final = 16

# FNV-1a, over the bytes of the node id.
_HASH_START: Final = 0x811C_9DC5
_HASH_FACTOR: Final = 0x0100_0193

_RATIO_BITS: Final = 56


class Identifiers:
    """A generator for one plugin context; make it in `on_configure`."""

    def __init__(self) -> None:
        started_ns = clock.now_ns()
        self._x = started_ns & _MASK
        self._y = started_ns >> 32 & _MASK
        self._z = _hash(attributes.get_str("xds.node.id") or "")
        # Never 0, since one word must not be.
        self._w = _number_of_worker() + 1
        for _ in range(_WARM_UP):
            self._next()

    def trace_id(self) -> str:
        """32 hexadecimal digits, not all 0."""
        return (self._word() + self._word() + self._word() + self._last_word()).hex()

    def span_id(self) -> str:
        """16 hexadecimal digits, not all 0."""
        return (self._word() + self._last_word()).hex()

    def _word(self) -> bytes:
        return self._next().to_bytes(4, "big")

    def _last_word(self) -> bytes:
        """A word that is not 0, so that no identifier is."""
        return (self._next() | 1).to_bytes(4, "big")

    def _next(self) -> int:
        """32 random bits."""
        mixed = (self._x ^ self._x << 11) & _MASK
        self._x = self._y
        self._y = self._z
        self._z = self._w
        self._w = self._w ^ self._w >> 19 ^ mixed ^ mixed >> 8
        return self._w


def is_chosen(trace_id: str, ratio: float) -> bool:
    """Whether a trace is among the share `ratio`, 0 to 1, of all; everywhere the same traces.

    Source: W3C Trace Context Level 2, "Random Trace ID Flag": the last 56 bits are random.
    """
    if ratio >= 1.0:
        return True
    return int(trace_id[-_RATIO_BITS // 4 :], 16) < ratio * float(1 << _RATIO_BITS)


def _number_of_worker() -> int:
    """A number that no other context in this proxy process gets."""
    stored = SharedValue(_COUNTER).update(_counted)
    return int.from_bytes(stored, "little")


def _counted(stored: bytes | None) -> bytes:
    number = 0 if stored is None or len(stored) != 4 else int.from_bytes(stored, "little")
    return ((number + 1) % _MASK).to_bytes(4, "little")


def _hash(text: str) -> int:
    number = _HASH_START
    for byte in text.encode("utf-8", "replace"):
        number = ((number ^ byte) * _HASH_FACTOR) & _MASK
    return number
