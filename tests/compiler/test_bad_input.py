"""Whatever the source, the answer is a module or a complaint with a place."""

import sys
from pathlib import Path

import pytest

from mixer2.compiler import CompileError, build
from mixer2.compiler.bug import crashes_as_errors

PLUGIN = """from pal import PluginContext

{body}

class Plugin(PluginContext):
    pass
"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def complaint(source: Path, cache: Path) -> str:
    with pytest.raises(CompileError) as caught:
        build(source, cache_folder=cache)
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("break", "author.py:3:1: 'break' outside loop"),
        ("return 1", "author.py:3:1: 'return' outside function"),
        ("X = 1\0", "author.py:1: source code string cannot contain null bytes"),
        ("X = " + "9" * 5000, "author.py:3: Exceeds the limit (4300 digits)"),
        ("X = 0x" + "9" * 5000, "author.py:3:5: this is beyond 63 bits"),
        ("X = 4611686018427387904", "author.py:3:5: this is beyond 63 bits"),
        ("X = 9**9**9", "author.py:3:5: this is beyond 63 bits"),
        ("X = 1 << 10**9", "author.py:3:5: this is beyond 63 bits"),
        ("X = (0,) * 100000000", "author.py:3:5: a constant repeated more than 100000 times"),
        ("X = 2 * 10**8 * 'a'", "author.py:3:5: a constant repeated more than 100000 times"),
        ("X = -4611686018427387905", "author.py:3:6: this is beyond 63 bits"),
        ("X = " + "(" * 500 + "1" + ")" * 500, "author.py:3:205: too many nested parentheses"),
        ("X = " + "not " * 5000 + "1", "author.py:1: nested too deeply for the compiler"),
        ("from . import x", "author.py:3:1: a relative import outside a package"),
        ("from ... import x", "author.py:3:1: a relative import outside a package"),
        ("import author.author", "author.py:3:1: import of 'author.author': not guest code"),
    ],
)
def test_refused_with_a_place(body: str, expected: str, tmp_path: Path, cache: Path) -> None:
    source = tmp_path / "author.py"
    source.write_text(PLUGIN.format(body=body))
    assert complaint(source, cache).startswith(expected)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"# coding: latin-1\n", "author.py:1: the module says that it is iso-8859-1"),
        (b"# coding: klingon\n", "author.py:1: unknown encoding: klingon"),
        (b"\n\n\nx = '\xed\xa0\x80'\n", "author.py:1: the module is not UTF-8: byte 8 is 0xed"),
        (b"x = '\xff'\n", "author.py:1: the module is not UTF-8: byte 5 is 0xff"),
    ],
)
def test_other_encodings_are_refused(
    data: bytes, expected: str, tmp_path: Path, cache: Path
) -> None:
    source = tmp_path / "author.py"
    source.write_bytes(data)
    assert complaint(source, cache).startswith(expected)


@pytest.mark.parametrize(
    "name", ["my-filter", "1st", "class", "typing", "builtins", "pal", "mixer2_entry", "pystd"]
)
def test_a_file_that_cannot_be_imported(name: str, tmp_path: Path, cache: Path) -> None:
    source = tmp_path / f"{name}.py"
    source.write_text(PLUGIN.format(body=""))
    found = complaint(source, cache)
    assert found.startswith(f"{name}.py:1: {name!r} is ")
    assert found.endswith("rename the file, e.g. my_filter.py")


@pytest.mark.parametrize("mark", ["\ufeff", "# coding: utf-8\n", "\r\n"])
def test_what_cpython_takes_too(mark: str, tmp_path: Path, cache: Path) -> None:
    source = tmp_path / "author.py"
    source.write_bytes((mark + PLUGIN.format(body="X = 'é'")).replace("\n", "\r\n").encode())
    assert build(source, cache_folder=cache).wasm.startswith(b"\0asm")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("a.py:24: AssertionError: no\na.py:24: note: this is", "a.py:24: a bug in the compiler"),
        ("a.py:3: error: INTERNAL ERROR -- Please", "a.py:3: a bug in the compiler"),
        ("nothing that helps", "author.py:1: a bug in the compiler"),
    ],
)
def test_a_crash_of_the_front_end_is_a_complaint(
    printed: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash() -> None:
        sys.stdout.write(printed)
        raise SystemExit(2)

    with pytest.raises(CompileError) as caught, crashes_as_errors("author.py"):
        crash()
    assert str(caught.value).startswith(expected)
    assert capsys.readouterr() == ("", "")
