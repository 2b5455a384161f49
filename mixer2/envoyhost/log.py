"""Envoy's log, taken apart: what the plugin wrote, what crossed its border, what trapped.

    [2026-01-31 12:00:00.000][4711][info][wasm] [source/....cc:1195] wasm log name: message

Only the worker's lines count: a plugin also starts in a VM that is thrown away, and in one of the
main thread. A message may have several lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mixer2.testhost import abi
from mixer2.testhost.abi import Kind, LogLevel
from mixer2.testhost.log import LogLine

_ENTRY: Final = re.compile(
    r"^\[[\d-]+ [\d:.]+\]\[(?P<thread>\d+)\]\[(?P<level>\w+)\]\[(?P<logger>\w+)\] "
    r"\[[^\]]*\] (?P<message>.*?)(?=\n\[[\d-]+ [\d:.]+\]\[\d+\]\[\w+\]|\Z)",
    re.MULTILINE | re.DOTALL,
)
_PLUGIN: Final = re.compile(r"wasm log(?P<prefix>[^:]*): ?(?P<message>.*)", re.DOTALL)
_TRAP: Final = re.compile(r"Function: (?P<callback>\w+) failed: (?P<why>.*)", re.DOTALL)
_CROSSING: Final = re.compile(r"(?P<arrow>\[[a-z<>-]+\]) (?P<name>[\w.]+)(?P<rest>.*)", re.DOTALL)
_SERIOUS: Final = ("error", "critical")
_LEVELS: Final = {"warning": LogLevel.WARN}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log."""

    thread: str
    level: str
    message: str


class PluginLog:
    """What one plugin, on the worker, had to do with the log.

    Args:
        text: The log, from the moment on in which the plugin came.
        main_thread: Thread id of the main thread.
        least: Lowest level of the plugin's messages that counts.
        first_worker: Thread whose crossings are kept; None for all.

    Attributes:
        lines: What the plugin wrote, and its traps.
        crossings: Host calls and callbacks, as the test host writes them.
        failures: What Envoy said of the plugin.
        trap: Why its VM is dead, or None.
    """

    def __init__(
        self, text: str, main_thread: str, least: LogLevel, first_worker: str | None = None
    ) -> None:
        self._first_worker = first_worker
        self.lines: list[LogLine] = []
        self.crossings: list[str] = []
        self.failures: list[str] = []
        self.trap: str | None = None
        for entry in read_entries(text):
            if entry.thread != main_thread:
                self._take(entry, least)

    def _take(self, entry: Entry, least: LogLevel) -> None:
        plugin = _PLUGIN.match(entry.message)
        trap = _TRAP.match(entry.message)
        if plugin:
            level = _level(entry.level)
            if level >= least:
                prefix = plugin["prefix"].rstrip()
                self.lines.append(LogLine(level, plugin["message"], prefix))
        elif trap:
            self.trap = f"{trap['callback']}: {trap['why'].splitlines()[0]}"
            self.lines.append(LogLine(LogLevel.ERROR, entry.message))
        elif entry.level in _SERIOUS:
            if entry.message not in self.failures:
                self.failures.append(entry.message)
        elif self._first_worker in (None, entry.thread):
            crossing = as_crossing(entry.message)
            if crossing is not None:
                self.crossings.append(crossing)


def first_thread(text: str) -> str:
    """The thread of the first entry: the main thread's."""
    found = _ENTRY.search(text)
    return found["thread"] if found else ""


def read_entries(text: str) -> Iterator[Entry]:
    """The entries of Envoy's Wasm logger."""
    for found in _ENTRY.finditer(text):
        if found["logger"] == "wasm":
            yield Entry(found["thread"], found["level"], found["message"].rstrip("\n"))


def as_crossing(message: str) -> str | None:
    """A line of Envoy's trace as the test host writes it: an underscore for each address.

    None for what is no crossing, or is one that the test host does not show: allocations, WASI.
    """
    found = _CROSSING.match(message)
    if not found:
        return None
    name = found["name"]
    if found["arrow"] in ("[host->vm]", "[host<-vm]"):
        return message if name in abi.CALLBACKS else None
    call = abi.HOST_CALLS.get(name.removeprefix("env."))
    if call is None:
        return None
    if found["arrow"] == "[vm<-host]":
        return message
    shown = _mask(call, found["rest"].strip("()").split(", "))
    return f"[vm->host] {name}({', '.join(shown)})"


def _mask(call: abi.HostCall, values: list[str]) -> list[str]:
    shown: list[str] = []
    rest = iter(values)
    for kind in call.arguments:
        value = next(rest, "")
        shown += ["_", next(rest, "")] if kind in (Kind.TEXT, Kind.BYTES) else [value]
    for kind in call.results:
        shown += ["_", "_"] if kind in (Kind.TEXT, Kind.BYTES) else ["_"]
    return shown


def _level(name: str) -> LogLevel:
    return _LEVELS.get(name) or LogLevel[name.upper()]
