"""The proxy's log, as far as plugins write to it."""

from dataclasses import dataclass

from mixer2.testhost.abi import LogLevel
from mixer2.testhost.errors import TrapError


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line.

    Attributes:
        level: Its severity.
        message: What the plugin wrote.
        prefix: Plugin name, root id and vm id, each behind a space, as Envoy puts them.
    """

    level: LogLevel
    message: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"[{self.level.name.lower()}] wasm log{self.prefix}: {self.message}"


class Log:
    """All lines that pass the level.

    Args:
        level: Lowest level that is written; Envoy's default is INFO.
    """

    def __init__(self, level: LogLevel = LogLevel.INFO) -> None:
        self.level = level
        self.lines: list[LogLine] = []

    def write(self, level: LogLevel, message: str, prefix: str) -> None:
        """A line from a plugin."""
        if level >= self.level:
            self.lines.append(LogLine(level, message, prefix))

    def write_trap(self, callback: str, trap: TrapError) -> None:
        """A trap, as Envoy reports it."""
        self.write_host_error(f"Function: {callback} failed: {trap}")

    def write_host_error(self, message: str) -> None:
        """A line of the proxy itself."""
        self.lines.append(LogLine(LogLevel.ERROR, message))
