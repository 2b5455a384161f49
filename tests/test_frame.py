"""The frame: what is importable, what the command loads, what the wheel holds."""

import subprocess
import sys
import zipfile
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from mixer2.cli import app

ROOT = Path(__file__).parent.parent


def run_outside_the_checkout(code: str, cwd: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_version_is_that_of_the_installed_package() -> None:
    result = CliRunner().invoke(app, ["--version"])

    assert result.exit_code == 0
    assert result.output == f"mixer2 {version('mixer2')}\n"


def test_help_loads_none_of_the_heavy_machinery(tmp_path: Path) -> None:
    heavy = {"mypy", "mypyc", "grpc", "envoy", "wasmtime", "aiohttp", "google", "rich"}

    loaded = run_outside_the_checkout(
        f"import sys, mixer2.cli; print(*sorted({heavy} & set(sys.modules)))", tmp_path
    )

    assert loaded == ""


@pytest.mark.parametrize("name", ["build", "tests", "bench", "e2e", "docs"])
def test_only_the_four_packages_are_installed(name: str, tmp_path: Path) -> None:
    found = run_outside_the_checkout(
        f"import importlib.util as u; print(u.find_spec({name!r}) is not None)", tmp_path
    )

    assert found == "False"


def test_the_wheel_is_pure_and_holds_the_four_packages(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )

    (wheel,) = tmp_path.glob("*.whl")
    files = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in files if ".dist-info/" not in name}
    assert wheel.name == f"mixer2-{version('mixer2')}-py3-none-any.whl"
    assert tops == {"pal", "adapters", "filters", "mixer2"}
    assert "mixer2/compiler/runtime.wasm" in files
    assert {f"{top}/py.typed" for top in tops} <= set(files)


def required_here() -> list[Requirement]:
    every = [Requirement(text) for text in requires("mixer2") or []]
    return [
        one
        for one in every
        if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in ("test", "envoy"))
    ]


@pytest.mark.parametrize("requirement", required_here(), ids=str)
def test_what_is_installed_is_what_mixer2_requires(requirement: Requirement) -> None:
    assert version(requirement.name) in requirement.specifier


@pytest.mark.parametrize("name", ["dev.txt", "artefacts.txt"])
def test_every_locked_version_has_hashes_and_no_index_is_named(name: str) -> None:
    lock = (ROOT / "requirements" / name).read_text()

    entries = lock.replace("\\\n", "").splitlines()
    assert entries
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock
