"""The proxy's clock."""

from pal import hostcalls


def now_ns() -> int:
    """Wall clock, nanoseconds since 1970. It may be set back: clamp differences at 0."""
    return hostcalls.get_current_time_nanoseconds()
