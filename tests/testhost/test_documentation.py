"""The examples of docs/tutorial.md and docs/testing.md are run as they stand there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def unpack(document: Path, folder: Path) -> dict[str, str]:
    """Write the files that a document shows, each under the name in its first line."""
    shown = re.findall(r"```python\n# (\S+\.py)\n(.*?)```", document.read_text(), re.DOTALL)
    for name, code in shown:
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(code)
    return dict(shown)


def run_tests(folder: Path, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_the_example_of_the_test_hosts_page_passes_in_both_hosts(tmp_path: Path) -> None:
    unpack(ROOT / "docs" / "testing.md", tmp_path)
    (tmp_path / "filters" / "__init__.py").touch()

    assert "8 passed" in run_tests(tmp_path, "tests")


def test_the_tutorial_has_at_most_forty_lines_and_passes_in_both_hosts(tmp_path: Path) -> None:
    shown = unpack(ROOT / "docs" / "tutorial.md", tmp_path)

    code = [line for line in shown["rate_per_key.py"].splitlines() if line]
    assert len(code) <= 40
    assert "6 passed" in run_tests(tmp_path)


@pytest.mark.envoy
def test_the_tutorial_passes_in_envoy(tmp_path: Path) -> None:
    unpack(ROOT / "docs" / "tutorial.md", tmp_path)

    # The one that moves the clock by a minute is skipped there.
    assert "8 passed, 1 skipped" in run_tests(tmp_path, "--envoy")
