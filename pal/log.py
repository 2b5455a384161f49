"""The proxy's log.

A message below the proxy's level costs a host call of about 0.1 us, and whatever it took to format
it; ask `enabled` before formatting something long.

Source: Proxy-Wasm ABI 0.2.1, "Logging". Envoy prefixes plugin name, root id and vm id.
"""

from typing import Final

from pal import hostcalls

TRACE: Final = 0
DEBUG: Final = 1
INFO: Final = 2
WARNING: Final = 3
ERROR: Final = 4
CRITICAL: Final = 5


def enabled(level: int) -> bool:
    """Whether the proxy writes messages of `level` now."""
    return level >= hostcalls.get_log_level()


def trace(message: str) -> None:
    """Log at level trace."""
    hostcalls.log(TRACE, message)


def debug(message: str) -> None:
    """Log at level debug."""
    hostcalls.log(DEBUG, message)


def info(message: str) -> None:
    """Log at level info."""
    hostcalls.log(INFO, message)


def warning(message: str) -> None:
    """Log at level warning."""
    hostcalls.log(WARNING, message)


def error(message: str) -> None:
    """Log at level error."""
    hostcalls.log(ERROR, message)


def critical(message: str) -> None:
    """Log at level critical."""
    hostcalls.log(CRITICAL, message)
