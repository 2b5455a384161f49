"""`mixer2 build` as a person types it."""

from pathlib import Path

import pytest
import wasmtime
from typer.testing import CliRunner, Result

from mixer2.cli import app

HELLO = Path(__file__).parents[2] / "filters" / "hello.py"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


def build(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["build", *map(str, arguments)])


def test_the_module_goes_where_it_is_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "out" / "hello.wasm"
    target.parent.mkdir()
    result = build(HELLO, "-o", target)
    assert result.exit_code == 0, result.output
    wasmtime.Module(wasmtime.Engine(), target.read_bytes())
    assert str(target) in result.stdout
    assert [path.name for path in target.parent.iterdir()] == ["hello.wasm"]


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first.wasm", tmp_path / "second.wasm"
    assert build(HELLO, "-o", first).exit_code == build(HELLO, "-o", second).exit_code == 0
    assert first.read_bytes() == second.read_bytes()


def test_without_output_it_lies_beside_the_source(tmp_path: Path) -> None:
    source = tmp_path / "hello.py"
    source.write_bytes(HELLO.read_bytes())
    assert build(source).exit_code == 0
    assert (tmp_path / "hello.wasm").exists()


def test_an_edit_of_an_imported_module_is_built(tmp_path: Path) -> None:
    source, target = tmp_path / "greeter.py", tmp_path / "greeter.wasm"
    greeting = tmp_path / "greeting.py"
    text = HELLO.read_text().replace('"from Python"', "TEXT")
    source.write_text(text.replace("from pal", "from greeting import TEXT\nfrom pal", 1))
    for said in ("good morning", "good evening", "good morning"):
        # Of one length and within one second: neither size nor time tells them apart.
        greeting.write_text(f"TEXT = {said!r}\n")
        assert build(source).exit_code == 0
        assert said.encode() in target.read_bytes()
    greeting.write_text("TEXT = 1\n")
    refused = build(source)
    assert refused.exit_code == 1
    assert "greeter.py:12:" in refused.stderr


def test_a_refused_filter_leaves_what_was_there(tmp_path: Path) -> None:
    source, target = tmp_path / "broken.py", tmp_path / "broken.wasm"
    source.write_text("import os\n\nx: int = 'one'\n")
    target.write_bytes(b"the last good one")
    result = build(source, "-o", target)
    assert result.exit_code == 1
    assert result.stdout == ""
    first, last = result.stderr.splitlines()[0], result.stderr.splitlines()[-1]
    assert first.startswith("broken.py:1:1: import of 'os': not guest code")
    assert last == "1 error; nothing was written"
    assert target.read_bytes() == b"the last good one"
    assert {path.name for path in tmp_path.iterdir()} == {"broken.py", "broken.wasm"}


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = build(HELLO, "-o", tmp_path / "absent" / "hello.wasm")
    assert result.exit_code == 1
    assert "cannot be written: No such file or directory" in result.stderr
