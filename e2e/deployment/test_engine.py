"""Scenarios in containers are never left out: without an engine the run fails, and says so once."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_without_an_engine_there_is_one_line(tmp_path: Path) -> None:
    scenarios = [sys.executable, "-m", "pytest", "e2e/scenarios", "--world", "containers", "-q"]
    done = subprocess.run(
        scenarios,
        cwd=ROOT,
        # Neither docker nor dockerd is on this path.
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    said = [line for line in (done.stdout + done.stderr).splitlines() if "engine" in line]
    assert len(said) == 1
    assert "no Docker engine answers, and none can be started" in said[0]
    assert "Traceback" not in done.stdout + done.stderr
