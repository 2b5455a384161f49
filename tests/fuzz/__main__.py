"""`make fuzz`: random programs in CPython and compiled, and mutated sources for the compiler.

The last line gives the numbers of programs compared and of differences. The same seed gives the
same programs; how many depends on the time.
"""

import argparse
import os
from pathlib import Path

from tests.fuzz.fuzz import fuzz
from tests.fuzz.report import Report


def main() -> None:
    """Read the options, fuzz, say what was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--folder", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    report = Report(options.folder)
    fuzz(options.seed, options.seconds, report, options.jobs)
    report.exit()


if __name__ == "__main__":
    main()
