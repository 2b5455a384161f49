import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer2.mesh.document import MOST_BYTES, Document
from mixer2.mesh.errors import InvalidMesh

PATH = Path("mesh.yaml")


def refused(text: str) -> list[str]:
    with pytest.raises(InvalidMesh) as caught:
        Document.parse(text, PATH)
    return [str(one) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: on", "on"),
        ("a: true", True),
        ("a: ~", None),
        ("a: 010", 10),
        ("a: 0x1f", 31),
        ("a: -1.5e3", -1500.0),
        ("a: 2026-01-02", "2026-01-02"),
        ("a: 10:20", "10:20"),
        ("a: '1'", "1"),
        ("a: [1, {b: c}]", [1, {"b": "c"}]),
        ("x: &x {b: 1}\na: *x", {"b": 1}),
    ],
)
def test_values_are_those_of_yaml_1_2(text: str, value: object) -> None:
    assert Document.parse(text, PATH).data["a"] == value


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert Document.parse("", PATH).data == {}
    assert Document.parse("# nothing\n", PATH).data == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: [1,\n", "mesh.yaml:3:1: while parsing a flow node"),
        ("a: 1\nb: 2\na: 3\n", "mesh.yaml:3:1: 'a' is there twice"),
        ("a: *nothing", "mesh.yaml:1:4: found undefined alias"),
        ("a: &a\n  - *a\n", "mesh.yaml:1:4: an alias of what contains it"),
        ("a: !!python/object:os.system x", "mesh.yaml:1:4: "),
        ("a: !!binary aGk=", "mesh.yaml:1:4: tag:yaml.org,2002:binary is no type of a mesh file"),
        ("? [1, 2]\n: 3\n", "mesh.yaml:1:3: expected a plain key"),
        ("<<: {a: 1}", "mesh.yaml:1:1: expected a plain key"),
        ("a: 1\n---\nb: 2\n", "mesh.yaml:2:1: expected a single document"),
        ("\ta: 1", "mesh.yaml:1:1: while scanning for the next token"),
        ("a: !!int x", "mesh.yaml:1:4: 'x' is no number"),
        ("[" * 5000, "mesh.yaml"),
        ("a: " + "[" * 100 + "]" * 100, "mesh.yaml:1:67: nested more than 64 deep"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(text: str, problem: str) -> None:
    assert refused(text)[0].startswith(problem)


def test_aliases_of_aliases_are_bounded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (problem,) = refused("\n".join(lines))
    assert "more than 200000 values" in problem


def test_a_file_of_50_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "mesh.yaml"
    with path.open("wb") as file:
        file.truncate(50 << 20)
    with pytest.raises(InvalidMesh, match="is larger than 1 MiB; put long lists of endpoints"):
        Document.read(path)
    assert MOST_BYTES == 1 << 20


def test_what_is_no_text_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "mesh.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(InvalidMesh, match=r"mesh\.yaml:2:4: is not UTF-8"):
        Document.read(path)
    path.write_bytes(b"a: \x00")
    with pytest.raises(InvalidMesh):
        Document.read(path)
    with pytest.raises(InvalidMesh, match="No such file"):
        Document.read(tmp_path / "nowhere.yaml")


def test_a_place_is_the_nearest_that_is_there() -> None:
    document = Document.parse("a:\n  - b: 1\n    c: 2\n", PATH)
    assert str(document.problem(("a", 0, "c"), "x")) == "mesh.yaml:3:8: x"
    assert str(document.problem(("a", 0, "c"), "x", at_key=True)) == "mesh.yaml:3:5: x"
    assert str(document.problem(("a", 0, "d", 7), "x")) == "mesh.yaml:2:5: x"
    assert str(document.problem(("a", 3), "x")) == "mesh.yaml:2:3: x"
    assert str(document.problem((), "x")) == "mesh.yaml:1:1: x"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcxyz.-", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), JSON))
def test_json_is_read_as_yaml(value: dict[str, object]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    assert Document.parse(text, PATH).data == value


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_only_invalid_mesh_escapes(text: str) -> None:
    with suppress(InvalidMesh):
        Document.parse(text, PATH)
