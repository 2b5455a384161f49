"""What the author sees: builds, deliveries, the filter's log, its metrics as they change."""

import re
from contextlib import AbstractContextManager
from time import time

from rich.console import Console
from rich.markup import escape

from mixer2.authoring.exchange import Exchange, Mark, compared
from mixer2.authoring.progress import progress
from mixer2.authoring.session import Delivery
from mixer2.envoy.admin import Histogram

# [time][thread][level][component] [file:line] wasm log NAME: message; further lines belong to it.
_LOG_LINE = re.compile(r"^\[[^]]*\]\[\d+\]\[(?P<level>\w+)\]\[(?P<component>\w+)\] (?P<text>.*)$")
_SOURCE = re.compile(r"^\[[^]]*\] ")
# Envoy puts the plugin's name, its root id and the VM's id before every message.
_PLUGIN = re.compile(r"^wasm log (?:\S+ )*?mixer2-[0-9a-f]+: ")
_COLOURS = {"trace": "dim", "debug": "dim", "info": "cyan", "warning": "yellow", "warn": "yellow"}
_CUSTOM = "wasmcustom."
_MARKS: dict[Mark, str] = {" ": "default", "-": "red", "+": "green"}


class AuthorConsole:
    """Prints; nothing of it is needed for the session to run.

    Args:
        console: Where to print; the terminal by default.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._log_read = 0
        self._something_serves = False
        self._in_plugin_line = False
        self._stats: dict[str, int] = {}
        self._samples: dict[str, int] = {}

    def progress(self, what: str) -> AbstractContextManager[None]:
        """Show what is done in the block, if it takes longer than a second."""
        return progress(what, self._console)

    def serving(self, proxy_url: str, admin_url: str) -> None:
        """Say where everything is."""
        self._say("green", "serving", f"{proxy_url}   admin {admin_url}   Ctrl-C ends")

    def built(self, size: int, seconds: float) -> None:
        """A module was made."""
        self._say("green", "built", f"{size / 1024:.1f} KiB in {seconds:.2f} s")

    def refused_by_compiler(self, complaints: list[str]) -> None:
        """The source cannot be compiled; what runs keeps running."""
        for complaint in complaints:
            self._say("red", "refused", complaint)

    def delivered(self, delivery: Delivery, saved: float | None = None) -> None:
        """Envoy answered.

        Args:
            delivery: What it answered.
            saved: When the author saved, in seconds since 1970.
        """
        if delivery.refusal is None:
            self._something_serves = True
            whole = "" if saved is None else f", {(time() - saved) * 1000:.0f} ms after the save"
            self._say("green", "in force", f"in {delivery.seconds * 1000:.0f} ms{whole}")
        else:
            rest = (
                "the one before keeps serving" if self._something_serves else "nothing is in force"
            )
            self._say("red", "refused", f"{delivery.refusal}; {rest}")

    def problem(self, text: str) -> None:
        """Something else that the author should know."""
        self._say("red", "problem", text)

    def exchange(self, seen: Exchange) -> None:
        """The headers of a request and its response, before and after the filter."""
        if seen.arrived is not None:
            self._headers("request", "- as the client sent it, + as the upstream got it")
            self._lines(compared(seen.sent, seen.arrived))
        else:
            reached = (
                "it did not reach the upstream" if seen.is_observed else "as the client sent it"
            )
            self._headers("request", reached)
            self._lines(compared(seen.sent, seen.sent))
        if seen.answered is not None:
            self._headers("response", "- as the upstream sent it, + as the client got it")
            self._lines(compared(seen.answered, seen.received))
        else:
            self._headers("response", "as the client got it")
            self._lines(compared(seen.received, seen.received))

    def _headers(self, what: str, text: str) -> None:
        self._console.print(f"[bold]{what:>9}[/] [dim]{text}[/]")

    def _lines(self, lines: list[tuple[Mark, str, str]]) -> None:
        for mark, name, value in lines:
            style = _MARKS[mark]
            self._console.print(f"        [{style}]{mark} {escape(name)}: {escape(value)}[/]")

    def log(self, whole_log: str) -> None:
        """Print what plugins wrote into Envoy's log since the last call."""
        fresh = whole_log[self._log_read :]
        complete, newline, _ = fresh.rpartition("\n")
        self._log_read += len(complete) + len(newline)
        for line in complete.splitlines():
            self._log_line(line)

    def _log_line(self, line: str) -> None:
        match = _LOG_LINE.match(line)
        if match is None:
            # A traceback's further lines.
            if self._in_plugin_line:
                self._console.print(f"          [red]{escape(line)}[/]")
            return
        text = _SOURCE.sub("", match["text"])
        self._in_plugin_line = text.startswith("wasm log ")
        if self._in_plugin_line:
            colour = _COLOURS.get(match["level"], "red")
            self._say(colour, match["level"], _PLUGIN.sub("", text))

    def stats(self, stats: dict[str, int]) -> None:
        """Print the plugin's metrics that changed since the last call."""
        for name, value in sorted(stats.items()):
            before = self._stats.get(name, 0)
            if value != before:
                change = f"{value - before:+d}"
                self._say("blue", "metric", f"{name.removeprefix(_CUSTOM)} {value} ({change})")
        self._stats = stats

    def histograms(self, histograms: dict[str, Histogram]) -> None:
        """Print the plugin's histograms that got samples since the last call."""
        for name, histogram in sorted(histograms.items()):
            more = histogram.count - self._samples.get(name, 0)
            if more:
                told = f"{histogram.count} samples ({more:+d}), mean {histogram.mean:.3g}"
                self._say("blue", "metric", f"{name.removeprefix(_CUSTOM)} {told}")
            self._samples[name] = histogram.count

    def _say(self, colour: str, what: str, text: str) -> None:
        self._console.print(f"[{colour}]{what:>9}[/] {escape(text)}")
