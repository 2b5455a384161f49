"""The binary formats: what is read and written, and what is refused."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer2.component.component_format import read_component
from mixer2.component.errors import MalformedError, TemplateMismatchError
from mixer2.component.prune import UnknownFunctionError, prune, read_removed
from mixer2.component.template import TEMPLATE, read_template, shipped_template, write_template
from mixer2.component.wasm_format import (
    CODE,
    Reader,
    function_types,
    i32_constant,
    leb,
    module,
    name,
    read_exports,
    read_imports,
    rename,
    sections,
    signed_leb,
)

ROOT = Path(__file__).parents[2]


@given(st.integers(0, 1 << 64))
def test_unsigned_numbers_survive(value: int) -> None:
    assert Reader(leb(value), "number").number() == value


@given(st.integers(-(1 << 63), 1 << 63))
def test_signed_numbers_survive(value: int) -> None:
    assert Reader(signed_leb(value), "number").signed() == value


@given(st.text())
def test_names_survive(text: str) -> None:
    assert Reader(name(text), "name").name() == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_component, read_imports, read_exports, function_types):
        try:
            read(b"\0asm\x0d\0\1\0" + data)
        except MalformedError:
            continue


@given(st.integers(0, 300), st.binary(min_size=1, max_size=4))
def test_a_damaged_template_is_read_or_refused(place: int, damage: bytes) -> None:
    code = bytearray(shipped_template().code[:4000])
    code[place + 8 : place + 8 + len(damage)] = damage
    for read in (read_imports, read_exports):
        try:
            read(bytes(code))
        except MalformedError:
            continue


def test_renaming_keeps_everything_else() -> None:
    code = shipped_template().code
    renamed = rename(code, lambda one: ("x", one.name), lambda one: one.name)

    assert [one.name for one in read_imports(renamed)] == [one.name for one in read_imports(code)]
    assert {one.module for one in read_imports(renamed)} == {"x"}
    assert dict(sections(renamed))[CODE] == dict(sections(code))[CODE]


def named_module() -> bytes:
    body = leb(4) + b"\0\x41\1\x0b"
    names = leb(3) + b"".join(leb(i) + name(text) for i, text in enumerate("abc"))
    custom = name("name") + b"\1" + leb(len(names)) + names
    return module([(1, b"\1\x60\0\1\x7f"), (3, b"\3\0\0\0"), (10, b"\3" + body * 3), (0, custom)])


def test_pruned_functions_trap_and_the_others_stay() -> None:
    removed = read_removed("# why\n[_x _y]\na .. b  # and why\n[]\nelsewhere\n")

    pruned, found = prune(named_module(), removed.ranges)

    assert removed.modules == ["_x", "_y"]
    assert [one.first for one in found] == ["a"]
    assert dict(sections(pruned))[CODE] == b"\3" + (b"\3\0\0\x0b") * 2 + b"\4\0\x41\1\x0b"


def test_a_range_without_end_is_refused() -> None:
    with pytest.raises(UnknownFunctionError, match="z does not follow b"):
        prune(named_module(), read_removed("b .. z").ranges)


def test_constants_have_their_end() -> None:
    with pytest.raises(MalformedError, match="expected a constant"):
        Reader(b"\x20\0\x0b", "global").constant()
    assert Reader(i32_constant(-5), "global").constant() == i32_constant(-5)


def test_the_template_is_written_the_same_each_time(tmp_path: Path) -> None:
    write_template(tmp_path / "again.zip", shipped_template())

    assert (tmp_path / "again.zip").read_bytes() == TEMPLATE.read_bytes()


def test_another_file_is_no_template(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK")
    with pytest.raises(TemplateMismatchError, match="no template of profile cpython"):
        read_template(tmp_path / "x.zip")


def build_script() -> ModuleType:
    folder = ROOT / "build" / "component"
    spec = importlib.util.spec_from_file_location("component_build", folder / "build.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(folder))
    try:
        spec.loader.exec_module(script)
    finally:
        sys.path.remove(str(folder))
    return script


def test_the_committed_template_is_of_these_sources() -> None:
    script = build_script()

    assert shipped_template().meta.sources == script.source_digest(), "run `make artefacts`"
    assert shipped_template().wit == script.WIT.read_text(encoding="utf-8")
