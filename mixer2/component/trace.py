"""Which modules a filter imports late: its tests show it.

The tests run in plain Python, in a process of their own, and every module counts that is imported
after the filter was loaded. Imports that no test reaches are found nowhere; in a proxy they are an
ImportError that says so.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from mixer2.component.errors import TraceError

REPORT_VARIABLE: Final = "MIXER2_TRACE"
"""Environment variable: the filter, and where the traced process writes its findings to
(mixer2/testhost/late_imports.py)."""

_TIMEOUT_S: Final = 300


def tests_beside(source: Path) -> list[Path]:
    """The test file that belongs to a filter by its name, if there is one."""
    beside = source.with_name(f"test_{source.name}")
    return [beside] if beside.is_file() else []


def late_imports(source: Path, tests: list[Path]) -> list[str]:
    """Modules that are imported while a filter's tests run, after it was loaded.

    Args:
        source: The filter.
        tests: Files or folders for pytest; without any nothing is run.

    Raises:
        TraceError: the tests did not pass, or do not load the filter.
    """
    if not tests:
        return []
    with tempfile.TemporaryDirectory(prefix="mixer2-") as folder:
        report = Path(folder) / "imports.json"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, *map(str, tests)],
            env={**os.environ, REPORT_VARIABLE: f"{source.resolve()}{os.pathsep}{report}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-2000:]
            raise TraceError(f"the tests that show its late imports do not pass:\n{said}")
        if not report.exists():
            shown = ", ".join(map(str, tests))
            raise TraceError(f"no test in {shown} loads the filter, to show its late imports")
        found: list[str] = json.loads(report.read_text(encoding="utf-8"))
    return found
