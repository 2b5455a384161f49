"""The clock for compiled filters: what `import time` means in profile aot."""

from pal import hostcalls


def time() -> float:
    """Seconds since 1970, by the proxy's clock."""
    return hostcalls.get_current_time_nanoseconds() / 1e9


def time_ns() -> int:
    """Nanoseconds since 1970, by the proxy's clock."""
    return hostcalls.get_current_time_nanoseconds()
