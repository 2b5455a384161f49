"""Chance: for sampling and for injected faults. Nothing secret depends on it.

Source: Marsaglia, "Xorshift RNGs", 2003: the generator of 32 bits.
"""

from typing import Final

_MASK: Final = 0xFFFF_FFFF
_RANGE: Final = 4294967296.0


class Chance:
    """Independent draws.

    Args:
        seed: Where the sequence starts; workers had better differ.
    """

    def __init__(self, seed: int) -> None:
        self._state = (seed & _MASK) or 1

    def strikes(self, probability: float) -> bool:
        """True with this probability: 0.0 never, 1.0 always."""
        if probability >= 1.0:
            return True
        state = self._state
        state ^= (state << 13) & _MASK
        state ^= state >> 17
        state ^= (state << 5) & _MASK
        self._state = state
        return float(state) < probability * _RANGE
