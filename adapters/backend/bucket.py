"""Token buckets, each in one number.

A bucket holds up to `burst` tokens and gains one every `interval_ns`. What is kept of it is the
time at which it will be full again: now, when it is full, and `interval_ns` later for each token
that is missing. So nothing has to be refilled, and no number grows with time.

Source: the Generic Cell Rate Algorithm, ITU-T I.371, in its form of virtual scheduling.
"""

from typing import Final

_STATE_BYTES: Final = 8


class BucketShape:
    """The size of buckets.

    Args:
        requests: Tokens gained in `per_ns`, at least 1.
        per_ns: Nanoseconds; at least 100 for each token, so that rounding changes the rate by less
            than 1 %.
        burst: Most tokens, at least 1.
    """

    def __init__(self, requests: int, per_ns: int, burst: int) -> None:
        self.interval_ns = per_ns // requests
        self.burst = burst
        self.capacity_ns = self.interval_ns * burst


class Draw:
    """Tokens taken from one bucket.

    Args:
        shape: Of the bucket.
        state: What `state` said the last time; None or garbage of a bucket that is full.
        now_ns: Nanoseconds since 1970.
        wanted: Tokens, at least 1.

    Attributes:
        granted: Tokens taken: what is wanted, or as many as there are.
        remaining: Tokens left.
        full_ns: Nanoseconds until the bucket is full.
        wait_ns: Nanoseconds until there is a token; 0 when there is.
    """

    def __init__(self, shape: BucketShape, state: bytes | None, now_ns: int, wanted: int) -> None:
        missing_ns = 0
        if state is not None and len(state) == _STATE_BYTES:
            # A clock that was set back cannot make a bucket emptier than empty.
            missing_ns = min(max(0, _full_at(state) - now_ns), shape.capacity_ns)
        there = (shape.capacity_ns - missing_ns) // shape.interval_ns
        self.granted = min(wanted, there)
        self.remaining = there - self.granted
        missing_ns += self.granted * shape.interval_ns
        self.full_ns = missing_ns
        over_ns = missing_ns + shape.interval_ns - shape.capacity_ns
        self.wait_ns = max(0, over_ns)
        self._full_at_ns = now_ns + missing_ns

    def state(self) -> bytes:
        """What to keep."""
        return self._full_at_ns.to_bytes(_STATE_BYTES, "little")


def _full_at(state: bytes) -> int:
    # The highest byte would be beyond 63 bits only if it was not ours.
    if state[_STATE_BYTES - 1] >= 0x40:
        return 0
    return int.from_bytes(state, "little")
