"""Where mixer2 must land, judged within one run.

Ahead of every SDK: at most hand-written C and a microsecond on F1 and F3, ahead of C that reads
value by value on F2, in a module of at most 40 KB that starts within 40 ms and takes 20 MB.
"""

from collections.abc import Iterator
from typing import NamedTuple

from bench.catalogue import AOT, C
from bench.proxy import Scenario
from bench.report import Report
from bench.summary import Row

_MODULE_BYTES = 40_000
_START_MS = 40.0
_RSS_MB = 20.0
_MORE_THAN_C_US = {"F1": 1.0, "F2": 0.0, "F3": 1.0}


class Judgement(NamedTuple):
    """A target, and what was measured."""

    what: str
    figure: float
    limit: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether the figure is within the limit."""
        return self.figure <= self.limit


def judge(report: Report) -> Iterator[Judgement]:
    """Judge every target that the run has figures for."""
    for work, more in _MORE_THAN_C_US.items():
        row = report.row(Scenario.DIRECT.value, work, AOT)
        if row is None:
            continue
        by_hand = report.row(Scenario.DIRECT.value, work, C)
        if by_hand is not None:
            limit = by_hand.added_cpu_us.median + more
            name = f"CPU per request, {C}{f' + {more:g} us' if more else ''}"
            yield Judgement(f"{work}: {name}", row.added_cpu_us.median, limit, "us")
        yield from _judge_size(work, row)


def _judge_size(work: str, row: Row) -> Iterator[Judgement]:
    if row.module_bytes is not None:
        yield Judgement(f"{work}: module", row.module_bytes / 1e3, _MODULE_BYTES / 1e3, "KB")
    yield Judgement(f"{work}: start", row.added_start_ms.median, _START_MS, "ms")
    yield Judgement(f"{work}: resident memory", row.added_rss_mb, _RSS_MB, "MB")
