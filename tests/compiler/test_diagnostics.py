"""What an author sees when a filter cannot be compiled: one place, one reason, one way out."""

from pathlib import Path

import pytest

from mixer2.compiler import CompileError, build

FILTER = """from pal import Action, HttpContext, PluginContext


class Stream(HttpContext):
    def on_request_headers(self, end_of_stream: bool) -> Action:
        {statement}
        return Action.CONTINUE


class Plugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Stream(self)
"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def complaints(text: str, tmp_path: Path, cache: Path) -> list[str]:
    source = tmp_path / "author.py"
    source.write_text(text)
    with pytest.raises(CompileError) as caught:
        build(source, cache_folder=cache)
    return [str(diagnostic) for diagnostic in caught.value.diagnostics]


def test_a_syntax_error_has_its_place(tmp_path: Path, cache: Path) -> None:
    assert complaints("def f(:\n", tmp_path, cache) == ["author.py:1:7: invalid syntax"]


def test_a_type_error_has_its_place(tmp_path: Path, cache: Path) -> None:
    text = FILTER.format(statement='count: int = "many"')
    (complaint,) = complaints(text, tmp_path, cache)
    assert complaint.startswith("author.py:6:22: Incompatible types in assignment")


def test_a_foreign_import_says_what_there_is(tmp_path: Path, cache: Path) -> None:
    (complaint,) = complaints("import socket\n" + FILTER.format(statement="pass"), tmp_path, cache)
    assert complaint.startswith("author.py:1:1: import of 'socket': not guest code.")
    assert "profile cpython" in complaint


def test_a_type_error_in_a_rewritten_class_has_the_authors_place(
    tmp_path: Path, cache: Path
) -> None:
    dataclass = (
        "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass Point:\n"
        "    x: int\n    y: int\n\n\ndef move(p: Point) -> None:\n    p.x = 3\n\n\n"
    )
    text = dataclass + FILTER.format(statement="move(Point(1, 2))")
    (complaint,) = complaints(text, tmp_path, cache)
    assert complaint.startswith('author.py:11:5: Property "x" defined in "Point" is read-only')


def test_no_plugin(tmp_path: Path, cache: Path) -> None:
    (complaint,) = complaints("x = 1\n", tmp_path, cache)
    assert complaint.startswith("author.py:1:1: no plugin: a filter module has one subclass of")


def test_two_plugins(tmp_path: Path, cache: Path) -> None:
    text = FILTER.format(statement="pass") + "\n\nclass Other(PluginContext):\n    pass\n"
    (complaint,) = complaints(text, tmp_path, cache)
    assert complaint.startswith("author.py:15:1: more than one plugin (Plugin, Other)")


def test_a_file_that_is_not_utf8(tmp_path: Path, cache: Path) -> None:
    source = tmp_path / "author.py"
    source.write_bytes(b"x = '\xff'\n")
    with pytest.raises(CompileError, match="the module is not UTF-8: byte 5 is 0xff"):
        build(source, cache_folder=cache)


def test_a_missing_file(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(CompileError, match="cannot read the module: No such file or directory"):
        build(tmp_path / "absent.py", cache_folder=cache)


def test_all_complaints_come_at_once(tmp_path: Path, cache: Path) -> None:
    text = FILTER.format(statement='a: int = "x"; b: str = 3')
    assert len(complaints(text, tmp_path, cache)) == 2
