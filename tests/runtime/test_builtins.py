"""Built-in functions called by name, against CPython's."""

import builtins
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.runtime.harness import Handle, LinkedRuntime, Runtime, outcome

numbers = st.integers(-100, 100) | st.floats(-10, 10) | st.booleans()
anything = (
    numbers | st.text("aé", max_size=3) | st.none() | st.lists(st.integers(-3, 3), max_size=3)
)
iterables = (
    st.lists(anything, max_size=5)
    | st.lists(numbers, max_size=5)
    | st.lists(numbers, max_size=5).map(tuple)
    | st.text("ab", max_size=4)
    | st.binary(max_size=4)
    | st.dictionaries(st.integers(-3, 3), numbers, max_size=3)
    | st.none()
    | st.integers(-3, 3)
)


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def check(guest: Runtime, name: str, *args: Any, **keywords: Any) -> None:
    got = outcome(lambda: guest.invoke(f"builtin__{name}", 0, *args, **keywords))
    wanted = outcome(lambda: getattr(builtins, name)(*args, **keywords))
    assert got == wanted, (name, args, keywords)
    assert type(got) is type(wanted)


def check_items(guest: Runtime, name: str, *args: Any, **keywords: Any) -> None:
    """For functions that give iterators."""

    def listed() -> list[Any]:
        return list(getattr(builtins, name)(*args, **keywords))

    got = outcome(lambda: guest.invoke(f"builtin__{name}", 0, *args, result="items", **keywords))
    assert got == outcome(listed), (name, args, keywords)


@given(iterable=iterables)
def test_over_one_iterable(guest: Runtime, iterable: Any) -> None:
    for name in (
        "any",
        "all",
        "sum",
        "min",
        "max",
        "sorted",
        "len",
        "list",
        "tuple",
        "set",
        "dict",
    ):
        check(guest, name, iterable)
    check_items(guest, "iter", iterable)
    check_items(guest, "enumerate", iterable)
    check_items(guest, "enumerate", iterable, 5)
    check_items(guest, "enumerate", iterable, start=-1)
    check_items(guest, "filter", None, iterable)
    check_items(guest, "reversed", iterable)
    check(guest, "sum", iterable, 1.5)
    check(guest, "min", iterable, default=7)
    check(guest, "max", iterable, default=None)


@given(iterables=st.lists(iterables, max_size=3), strict=st.booleans())
@example(iterables=["ab", "abc"], strict=True)
@example(iterables=["abc", "ab"], strict=True)
@example(iterables=["ab", "ab", "abc"], strict=True)
def test_zip(guest: Runtime, iterables: list[Any], strict: bool) -> None:
    check_items(guest, "zip", *iterables)
    check_items(guest, "zip", *iterables, strict=strict)


class Type(Handle):
    """A type object, lent."""


def test_map_and_filter_call(guest: Runtime) -> None:
    int_type = Handle(guest.address("PyLong_Type"))
    bool_type = Handle(guest.address("PyBool_Type"))
    got = guest.invoke("builtin__map", 0, int_type, ["1", "02"], result="items")
    assert got == [1, 2]
    got = guest.invoke("builtin__map", 0, int_type, ["11", "ff"], (2, 16, 3), result="items")
    assert got == [3, 255]
    got = guest.invoke("builtin__filter", 0, bool_type, [0, 1, "", "x"], result="items")
    assert got == [1, "x"]
    with pytest.raises(ValueError, match="invalid literal"):
        guest.invoke("builtin__map", 0, int_type, ["1", "x"], result="items")


@given(values=st.lists(numbers | st.text(max_size=2), min_size=1, max_size=4))
def test_extremes_of_arguments(guest: Runtime, values: list[Any]) -> None:
    check(guest, "min", *values)
    check(guest, "max", *values)


def test_extremes_by_key(guest: Runtime) -> None:
    key = Handle(guest.address("PyLong_Type"))
    words = ["10", "9", "010", "09"]
    assert guest.invoke("builtin__max", 0, words, key=key) == max(words, key=int)
    assert guest.invoke("builtin__min", 0, *words, key=key) == min(words, key=int)
    with pytest.raises(ValueError, match="invalid literal"):
        guest.invoke("builtin__min", 0, ["1", "x"], key=key)


@pytest.mark.parametrize("name", ["min", "max"])
def test_extremes_of_nothing(guest: Runtime, name: str) -> None:
    check(guest, name)
    check(guest, name, [])
    check(guest, name, 1, 2, default=3)


@given(value=anything)
def test_over_one_object(guest: Runtime, value: Any) -> None:
    for name in ("repr", "ascii", "str", "bool", "int", "float", "bin", "oct", "hex", "abs"):
        check(guest, name, value)
    for name in ("len", "format", "round", "callable", "frozenset"):
        check(guest, name, value)
    check(guest, "isinstance", value, value)


@given(value=st.integers(-5, 0x110005) | st.text(max_size=2) | st.binary(max_size=2))
def test_characters(guest: Runtime, value: Any) -> None:
    check(guest, "ord", value)
    if not isinstance(value, int) or not 0xD800 <= value < 0xE000:
        check(guest, "chr", value)


@given(left=numbers, right=numbers)
def test_over_two_numbers(guest: Runtime, left: Any, right: Any) -> None:
    check(guest, "divmod", left, right)


@given(base=st.integers(-9, 9), exponent=st.integers(0, 9), modulus=st.integers(-9, 9) | st.none())
def test_pow(guest: Runtime, base: int, exponent: int, modulus: int | None) -> None:
    check(guest, "pow", base, exponent)
    check(guest, "pow", base, exponent, modulus)
    check(guest, "pow", base=base, exp=exponent, mod=modulus)


def test_next(guest: Runtime) -> None:
    made = guest.make([1])
    iterator = guest.raw("PyObject_GetIter", made)
    array = guest.raw("mixer2_alloc", 8)
    fallback = guest.make("over")
    guest.write(array, iterator.to_bytes(4, "little") + fallback.to_bytes(4, "little"))
    assert guest.call("builtin__next", 0, array, 1, 0) == 1
    assert guest.call("builtin__next", 0, array, 2, 0) == "over"
    assert outcome(lambda: guest.call("builtin__next", 0, array, 1, 0)) == (StopIteration, "")
    for address in (iterator, made, fallback):
        guest.release(address)
    guest.raw("mixer2_free", array)
    got = outcome(lambda: guest.invoke("builtin__next", 0, 5))
    assert got == (TypeError, "'int' object is not an iterator")


def test_isinstance(guest: Runtime) -> None:
    int_, bool_, str_, object_ = (
        Handle(guest.address(f"Py{name}_Type"))
        for name in ("Long", "Bool", "Unicode", "BaseObject")
    )
    assert guest.invoke("builtin__isinstance", 0, True, int_) is True
    assert guest.invoke("builtin__isinstance", 0, 1, bool_) is False
    assert guest.invoke("builtin__isinstance", 0, 1, (str_, (bool_, int_))) is True
    assert guest.invoke("builtin__isinstance", 0, "x", object_) is True
    assert guest.invoke("builtin__issubclass", 0, bool_, int_) is True
    assert guest.invoke("builtin__issubclass", 0, int_, (str_, bool_)) is False
    assert outcome(lambda: guest.invoke("builtin__issubclass", 0, 1, int_)) == (
        TypeError,
        "issubclass() arg 1 must be a class",
    )


WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("abs", (), {}),
    ("abs", (1, 2), {}),
    ("len", (1, 2), {}),
    ("sum", (), {}),
    ("sum", ([], 1, 2), {}),
    ("sum", ([], ""), {}),
    ("sum", ([1], "a"), {}),
    ("sum", (["a"],), {}),
    ("sorted", (), {}),
    ("sorted", ([1], 2), {}),
    ("sorted", ([1],), {"x": 1}),
    ("sorted", ([1, "a"],), {}),
    ("enumerate", (), {}),
    ("enumerate", ([], "x"), {}),
    ("enumerate", ([],), {"x": 1}),
    ("range", (), {}),
    ("range", (1, 2, 3, 4), {}),
    ("range", ("x",), {}),
    ("range", (1, 2, 0), {}),
    ("map", (), {}),
    ("filter", (None,), {}),
    ("zip", ([],), {"x": 1}),
    ("iter", (5,), {}),
    ("reversed", (5,), {}),
    ("reversed", ({1},), {}),
    ("reversed", (), {}),
    ("round", (), {}),
    ("round", ("x",), {}),
    ("round", (1.5, "x"), {}),
    ("chr", (-1,), {}),
    ("ord", ("ab",), {}),
    ("hash", ([],), {}),
    ("divmod", (1, "x"), {}),
    ("pow", (1, "x"), {}),
    ("pow", (1.5, 2, 3), {}),
    ("pow", (1, 2, 0), {}),
    ("pow", (2, -1, 4), {}),
    ("dict", (1, 2), {}),
    ("dict", ([1],), {}),
    ("list", (1, 2), {}),
    ("list", (), {"x": 1}),
    ("tuple", (5,), {}),
    ("set", (5,), {}),
    ("frozenset", (1, 2), {}),
    ("bool", (1, 2), {}),
    ("float", (1, 2), {}),
    ("float", ({},), {}),
    ("slice", (), {}),
    ("isinstance", (1, 2), {}),
    ("format", (1, 2), {}),
    ("hex", ("x",), {}),
]


@pytest.mark.parametrize(("name", "args", "keywords"), WRONG)
def test_wrong_arguments(
    guest: Runtime, name: str, args: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    wanted = outcome(lambda: getattr(builtins, name)(*args, **keywords))
    assert isinstance(wanted, tuple)
    check(guest, name, *args, **keywords)


def test_keywords_of_dict(guest: Runtime) -> None:
    check(guest, "dict", [(1, 2)], a=3)
    check(guest, "dict", a=3, b=4)
    check(guest, "dict")
