"""The author's loop: `python -m bench.authoring` (half a minute).

From the start of `mixer2 run` to the first answer, and from a save to the new module in force, as
the command itself tells it, of the filter that `mixer2 new` makes. The first start, which fills
the compiler's cache, is not counted.
"""

import re
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Final

from rich.console import Console
from rich.table import Column, Table

from mixer2.authoring.scaffold import scaffold

FIRST_ANSWER_LIMIT_S: Final = 3.0
SWAP_LIMIT_S: Final = 1.0

_STARTS: Final = 5
_SAVES: Final = 10
_REST_S: Final = 0.5
_ANSWERED: Final = re.compile(r"^ *\+ x-envoy-upstream-service-time:")
_SWAPPED: Final = re.compile(r"in force in \d+ ms, (\d+) ms after the save")


def measure(source: Path) -> tuple[list[float], list[float]]:
    """Seconds until the first answers of several starts, and until several swaps."""
    _started(source)[0].communicate()
    answers = []
    for _ in range(_STARTS):
        process, seconds = _started(source)
        process.communicate()
        answers.append(seconds)
    return answers, _swaps(source)


def _started(source: Path) -> tuple[subprocess.Popen[str], float]:
    """A run that ends after the first answer, and how long that took."""
    began = time.perf_counter()
    process = _run(source, "--no-watch")
    _line(process.stdout, _ANSWERED)
    return process, time.perf_counter() - began


def _swaps(source: Path) -> list[float]:
    text = source.read_text(encoding="utf-8")
    process = _run(source)
    swaps = []
    try:
        _line(process.stdout, _ANSWERED)
        for _ in range(_SAVES):
            time.sleep(_REST_S)
            # A program that no cache has seen.
            changed = text.replace('"hello"', f'"{secrets.token_hex(8)}"')
            source.write_text(changed, encoding="utf-8")
            swaps.append(int(_line(process.stdout, _SWAPPED)[1]) / 1000)
            _line(process.stdout, _ANSWERED)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()
    return swaps


def _run(source: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mixer2", "run", str(source), "--request", "/", *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    )


def _line(output: IO[str] | None, wanted: re.Pattern[str]) -> re.Match[str]:
    assert output is not None
    seen = []
    for line in output:
        seen.append(line)
        if found := wanted.search(line):
            return found
    raise SystemExit(f"mixer2 run ended before {wanted.pattern!r}:\n{''.join(seen)}")


def main() -> None:
    """Measure, and print the table."""
    # In the background of a shell it is ignored, and so would be by what is started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="mixer2-authoring-") as folder:
        source = scaffold("greeter", Path(folder))[0]
        answers, swaps = measure(source)
    table = Table(
        "",
        *(Column(name, justify="right") for name in ("median, s", "worst, s", "limit, s")),
        title=f"mixer2 run {source.name}",
    )
    for what, seconds, limit in (
        ("start to first answer, warm", answers, FIRST_ANSWER_LIMIT_S),
        ("save to in force", swaps, SWAP_LIMIT_S),
    ):
        figures = (statistics.median(seconds), max(seconds), limit)
        table.add_row(what, *(f"{figure:.2f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
