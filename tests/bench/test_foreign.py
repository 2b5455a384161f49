"""Modules of other SDKs: what lies in the folder is measured, if it does the work."""

import shutil
from pathlib import Path

import pytest

from bench import build
from bench.catalogue import foreign
from bench.errors import BenchError
from bench.run import check


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(build, "FOREIGN", tmp_path)
    return tmp_path


def test_nothing_is_measured_where_nothing_lies(folder: Path) -> None:
    (folder / "notes.txt").write_text("no module")
    assert foreign() == []


@pytest.mark.envoy
async def test_each_file_is_a_row(folder: Path) -> None:
    shutil.copy(build.c_module("f1"), folder / "another SDK.wasm")
    shutil.copy(build.c_module("f1", pairs=True), folder / "a third.wasm")

    rows = foreign()

    assert [(row.name, row.work.name, row.note) for row in rows] == [
        ("a third", "F1", "foreign"),
        ("another SDK", "F1", "foreign"),
    ]
    for row in rows:
        await check(build.tools(), row)


@pytest.mark.envoy
async def test_a_module_that_does_other_work_is_found_out(folder: Path) -> None:
    shutil.copy(build.c_module("f2"), folder / "measures.wasm")
    (row,) = foreign()

    with pytest.raises(BenchError, match="F1, measures: "):
        await check(build.tools(), row)
