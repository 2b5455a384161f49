"""`make fuzz`: random programs in CPython and compiled, and mutated sources for the compiler.

The last line gives the numbers of programs compared and of differences. The same seed gives the
same programs; how many depends on the time.
"""

import argparse
import os
import sys
from pathlib import Path

from tests.fuzz.fuzz import fuzz
from tests.fuzz.report import Report
from tests.oracle.c_module import missing


def main() -> None:
    """Read the options, fuzz, say what was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--c-oracle", action="store_true", help="compare the IR as C, too")
    parser.add_argument("--folder", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    if options.c_oracle and (why := missing()):
        sys.exit(f"tests.fuzz: {why}")
    report = Report(options.folder)
    fuzz(options.seed, options.seconds, report, options.jobs, with_c=options.c_oracle)
    report.exit()


if __name__ == "__main__":
    main()
