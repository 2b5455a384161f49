"""Identifiers of traces and spans, which no other worker or proxy gives.

They are drawn by `pal.random`, whose generators of other workers and proxies start elsewhere. Not
for secrets.
"""

from typing import Final

from pal.random import Random

_RATIO_BITS: Final = 56


class Identifiers:
    """A generator for one plugin context; make it in `on_configure`."""

    def __init__(self) -> None:
        self._random = Random()

    def trace_id(self) -> str:
        """32 hexadecimal digits, not all 0."""
        return (self._word() + self._word() + self._word() + self._last_word()).hex()

    def span_id(self) -> str:
        """16 hexadecimal digits, not all 0."""
        return (self._word() + self._last_word()).hex()

    def _word(self) -> bytes:
        return self._random.bits().to_bytes(4, "big")

    def _last_word(self) -> bytes:
        """A word that is not 0, so that no identifier is."""
        return (self._random.bits() | 1).to_bytes(4, "big")


def is_chosen(trace_id: str, ratio: float) -> bool:
    """Whether a trace is among the share `ratio`, 0 to 1, of all; everywhere the same traces.

    Source: W3C Trace Context Level 2, "Random Trace ID Flag": the last 56 bits are random.
    """
    if ratio >= 1.0:
        return True
    return int(trace_id[-_RATIO_BITS // 4 :], 16) < ratio * float(1 << _RATIO_BITS)
