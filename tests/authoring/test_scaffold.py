"""`mixer2 new`: what it writes works, and nothing is written over."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mixer2.cli import app


def new(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["new", *map(str, arguments)])


def test_the_new_filters_tests_pass_in_both_hosts(tmp_path: Path) -> None:
    result = new("rate_limit", "--folder", tmp_path)
    assert result.exit_code == 0, result.output
    written = {"rate_limit.py", "test_rate_limit.py", "rate_limit.schema.json"}
    assert {path.name for path in tmp_path.iterdir()} == written
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "6 passed" in finished.stdout, finished.stdout + finished.stderr


def test_the_schema_and_the_filter_agree(tmp_path: Path) -> None:
    assert new("greeter", "--folder", tmp_path).exit_code == 0
    schema = json.loads((tmp_path / "greeter.schema.json").read_text())
    source = (tmp_path / "greeter.py").read_text()
    for field, rule in schema["properties"].items():
        assert f'("{field}", "{rule["default"]}")' in source


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text("precious")
    result = new("mine", "--folder", tmp_path)
    assert result.exit_code == 1
    assert "test_mine.py exists already; nothing was written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["test_mine.py"]


@pytest.mark.parametrize("name", ["rate-limit", "class", "Upper", "../x", ""])
def test_a_name_that_is_no_module(name: str, tmp_path: Path) -> None:
    result = new(name, "--folder", tmp_path)
    assert result.exit_code == 1
    assert "cannot be a module" in result.stderr
    assert list(tmp_path.iterdir()) == []
