"""What programs do by way of C, against CPython."""

import itertools
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.compare import Difference, in_cpython
from tests.fuzz.program import PRELUDE_NAME
from tests.oracle.c_module import build_c_module
from tests.oracle.known import known_behaviour, read_alike

_CHILD = Path(__file__).with_name("child.py")

_SECONDS = 120

KIND = "c oracle"
"""Of differences that the oracle finds."""


def by_way_of_c(sources: dict[str, str]) -> dict[str, list[str] | str]:
    """What programs print, by name; a text where the process ended, and why."""
    with tempfile.TemporaryDirectory() as folder:
        module = build_c_module(sources, Path(folder))
        runs: dict[str, list[str] | str] = {}
        waiting = list(sources)
        while waiting:
            ended = subprocess.run(
                [sys.executable, _CHILD, module, PRELUDE_NAME, *waiting],
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
            found = dict(map(json.loads, ended.stdout.decode().splitlines()))
            runs |= found
            waiting = [name for name in waiting if name not in found]
            if waiting:
                why = ended.stderr.decode(errors="replace")[-1000:]
                runs[waiting.pop(0)] = f"ended with {ended.returncode}: {why}"
    return runs


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing programs.

    Attributes:
        equal: How many did the same.
        known: How many differ in what C is known to do otherwise, by its name.
        differences: The others.
    """

    equal: int
    known: Counter[str]
    differences: dict[str, Difference]


def compare_with_c(sources: dict[str, str]) -> Comparison:
    """Compare programs that the compiler takes."""
    equal, known, differences = 0, Counter[str](), {}
    for name, printed in by_way_of_c(sources).items():
        expected = read_alike(in_cpython(sources[name]))
        if isinstance(printed, str):
            differences[name] = Difference(KIND, printed)
            continue
        pairs = list(itertools.zip_longest(expected, read_alike(printed)))
        same = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)))
        if same == len(pairs):
            equal += 1
        elif reason := known_behaviour(
            sources[name], (line for pair in pairs[same:] for line in pair if line)
        ):
            known[reason] += 1
        else:
            detail = "CPython {!r}, C {!r}".format(*pairs[same])
            differences[name] = Difference(KIND, detail)
    return Comparison(equal, known, differences)


def fails_alike_in_c(source: str, difference: Difference) -> bool:
    """Whether a program fails as another one did, where the oracle found it."""
    try:
        in_cpython(source)
        found = compare_with_c({"program": source}).differences.get("program")
    except Exception:  # noqa: BLE001  (a program that is no program)
        return False
    return found is not None and difference.kind == KIND
