"""Lists: items, slices, sorting and the type's slots, against CPython's."""

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.harness import Boxed, Given, Handle, LinkedRuntime, Runtime, Tagged, outcome

items = st.integers(-3, 3) | st.sampled_from(["", "a", "é"]) | st.none() | st.booleans()
nested = items | st.lists(items, max_size=2) | st.tuples(items)
lists = st.lists(nested, max_size=8)
indices = st.integers(-10, 10) | st.sampled_from([-(2**62), 2**62 - 1])
bounds = st.none() | st.integers(-12, 12) | st.sampled_from([-(2**62), 2**62 - 1])


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def changed(
    value: list[Any], action: Callable[[list[Any]], object], result: object = None
) -> tuple[object, list[Any]]:
    """What CPython does, in the form of `Runtime.change`; `result` for what C cannot return."""
    copy = list(value)
    answer = outcome(lambda: action(copy))
    failed = isinstance(answer, tuple) and answer and isinstance(answer[0], type)
    return answer if failed or result is None else result, copy


@given(value=lists, index=indices)
def test_items_are_read(guest: Runtime, value: list[Any], index: int) -> None:
    wanted = outcome(lambda: value[index])
    assert outcome(lambda: guest.call("CPyList_GetItem", value, Tagged(index))) == wanted
    assert outcome(lambda: guest.call("CPyList_GetItemShort", value, Tagged(index))) == wanted
    assert outcome(lambda: guest.call("CPyList_GetItemInt64", value, index)) == wanted
    assert outcome(lambda: guest.call("PyObject_GetItem", value, Boxed(index))) == wanted


@given(value=lists.filter(bool), index=st.integers(0, 7))
def test_borrowed_items_keep_their_count(guest: Runtime, value: list[Any], index: int) -> None:
    index %= len(value)
    made = guest.make(value)
    before = guest.live_objects()
    for name, word in (
        ("CPyList_GetItemBorrow", index << 1),
        ("CPyList_GetItemShortBorrow", index << 1),
        ("CPyList_GetItemInt64Borrow", index),
    ):
        item = guest.raw(name, made, word)
        assert guest.value(item) == value[index]
    assert guest.live_objects() == before
    guest.release(made)


@given(value=lists, index=indices, item=nested)
def test_items_are_assigned(guest: Runtime, value: list[Any], index: int, item: object) -> None:
    wanted = changed(value, lambda a: operator.setitem(a, index, item), 1)
    for name, position in (("CPyList_SetItem", Tagged(index)), ("CPyList_SetItemInt64", index)):
        answer, after = guest.change(name, value, position, Given(item), result="raw")
        assert (answer, after) == wanted
    answer, after = guest.change("PyObject_SetItem", value, Boxed(index), Boxed(item), result="raw")
    assert (answer or 1, after) == wanted or answer == wanted[0]


@given(value=lists, index=indices)
def test_items_are_deleted(guest: Runtime, value: list[Any], index: int) -> None:
    got = guest.change("PyObject_DelItem", value, Boxed(index), result="raw")
    assert got == changed(value, lambda a: operator.delitem(a, index), 0)


@given(value=lists, item=nested)
def test_append_insert_extend(guest: Runtime, value: list[Any], item: object) -> None:
    got = guest.change("PyList_Append", value, Boxed(item), result="raw")
    assert got == (0, [*value, item])
    got = guest.change("method__list__clear", value, 0, 0, 0)
    assert got == (None, [])


@given(value=lists, index=indices, item=nested)
def test_insert(guest: Runtime, value: list[Any], index: int, item: object) -> None:
    got = guest.change("CPyList_Insert", value, Tagged(index), Boxed(item), result="raw")
    assert got == changed(value, lambda a: a.insert(index, item), 0)


@given(value=lists, more=lists | lists.map(tuple) | st.text(max_size=3) | st.none() | st.integers())
def test_extend(guest: Runtime, value: list[Any], more: Any) -> None:
    wanted = changed(value, lambda a: a.extend(more))
    assert guest.change("CPyList_Extend", value, Boxed(more)) == wanted


def test_extend_by_itself(guest: Runtime) -> None:
    made = guest.make([1, "a"])
    guest.release(guest.raw("CPyList_Extend", made, made))
    assert guest.value(made) == [1, "a", 1, "a"]
    guest.release(made)


@given(value=lists, index=indices)
def test_pop(guest: Runtime, value: list[Any], index: int) -> None:
    wanted = changed(value, lambda a: a.pop(index))
    assert guest.change("CPyList_Pop", value, Tagged(index)) == wanted
    wanted = changed(value, lambda a: a.pop())
    assert guest.change("CPyList_PopLast", value) == wanted


@given(value=lists, item=nested)
def test_search(guest: Runtime, value: list[Any], item: object) -> None:
    found = guest.call("CPyList_Count", value, Boxed(item), result="tagged")
    assert found == value.count(item)
    wanted = outcome(lambda: value.index(item))
    got = outcome(lambda: guest.call("CPyList_Index", value, Boxed(item), result="tagged"))
    assert got == wanted
    got = guest.change("CPyList_Remove", value, Boxed(item), result="raw")
    assert got == changed(value, lambda a: a.remove(item), 0)
    assert guest.call("PySequence_Contains", value, Boxed(item), result="raw") == (item in value)


@given(value=lists, item=nested, start=indices, stop=indices)
def test_index_between(
    guest: Runtime, value: list[Any], item: object, start: int, stop: int
) -> None:
    got = outcome(lambda: guest.invoke("method__list__index", value, item, start, stop))
    assert got == outcome(lambda: value.index(item, start, stop))


@given(value=lists)
def test_whole_lists(guest: Runtime, value: list[Any]) -> None:
    assert guest.change("PyList_Reverse", value, result="raw") == (0, value[::-1])
    assert guest.change("CPyList_Clear", value, result="raw") == (1, [])
    assert guest.call("CPyList_Copy", value) == value
    assert guest.call("PyList_AsTuple", value) == tuple(value)
    assert guest.call("PySequence_List", tuple(value)) == value
    assert guest.call("PyObject_Repr", value) == repr(value)
    assert guest.call("PyObject_IsTrue", value, result="raw") == bool(value)
    assert guest.call("PyObject_Size", value, result="raw") == len(value)
    assert guest.call("PyObject_GetIter", value, result="items") == value
    assert guest.invoke("builtin__reversed", 0, value, result="items") == value[::-1]


def extended(value: list[Any], more: Any) -> list[Any]:
    value += more
    return value


@given(left=lists, right=lists | lists.map(tuple) | items)
def test_concatenation(guest: Runtime, left: list[Any], right: Any) -> None:
    wanted = outcome(lambda: left + right)
    assert outcome(lambda: guest.call("PyNumber_Add", left, Boxed(right))) == wanted
    if isinstance(right, list):
        assert guest.call("PySequence_Concat", left, right) == wanted
    answer, after = guest.change("PyNumber_InPlaceAdd", left, Boxed(right))
    assert (answer, after) == changed(left, lambda a: extended(a, right))


@given(value=lists, times=st.integers(-2, 4) | st.booleans() | st.none() | st.just("x"))
def test_repetition(guest: Runtime, value: list[Any], times: Any) -> None:
    wanted = outcome(lambda: value * times)
    assert outcome(lambda: guest.call("PyNumber_Multiply", value, Boxed(times))) == wanted
    got = outcome(lambda: guest.call("PyNumber_Multiply", Boxed(times), value))
    assert got == outcome(lambda: times * value)
    if isinstance(times, int):
        assert guest.call("CPySequence_Multiply", value, Tagged(times)) == wanted
        assert guest.call("CPySequence_RMultiply", Tagged(times), value) == wanted
        answer, after = guest.change("CPySequence_InPlaceMultiply", value, Tagged(times))
        assert answer == after == wanted


@given(value=lists, start=indices, stop=indices)
def test_slices_by_mypyc(guest: Runtime, value: list[Any], start: int, stop: int) -> None:
    got = guest.call("CPyList_GetSlice", value, Tagged(start), Tagged(stop))
    assert got == value[start:stop]


class Slice:
    """A slice object in the guest, lent to calls by its address."""

    def __init__(self, guest: Runtime, *parts: int | None) -> None:
        self.guest = guest
        self.parts = [guest.make(part) for part in parts]
        self.address = guest.raw("PySlice_New", *self.parts)

    def __enter__(self) -> int:
        return int(self.address)

    def __exit__(self, *_: object) -> None:
        for address in (self.address, *self.parts):
            self.guest.release(address)


@given(value=lists, start=bounds, stop=bounds, step=bounds)
def test_slices(guest: Runtime, value: list[Any], start: Any, stop: Any, step: Any) -> None:
    part = slice(start, stop, step)
    with Slice(guest, start, stop, step) as lent:
        assert outcome(lambda: guest.call("PyObject_GetItem", value, lent)) == outcome(
            lambda: value[part]
        )
        got = guest.change("PyObject_DelItem", value, lent, result="raw")
        assert got == changed(value, lambda a: operator.delitem(a, part), 0)
        assert guest.call("PyObject_Repr", lent) == repr(part)


@given(
    value=lists,
    start=bounds,
    stop=bounds,
    step=st.none() | st.integers(-3, 3),
    new=lists | lists.map(tuple) | st.text(max_size=4) | st.integers(),
)
def test_slices_are_assigned(
    guest: Runtime, value: list[Any], start: Any, stop: Any, step: Any, new: Any
) -> None:
    part = slice(start, stop, step)
    with Slice(guest, start, stop, step) as lent:
        got = guest.change("PyObject_SetItem", value, lent, Boxed(new), result="raw")
    assert got == changed(value, lambda a: operator.setitem(a, part, new), 0)


comparable = st.lists(st.integers(-9, 9) | st.floats(-9, 9) | st.booleans(), max_size=70)
anything = st.lists(
    st.integers(-9, 9) | st.text(max_size=2) | st.tuples(st.integers(-9, 9)), max_size=9
)


@given(value=comparable | st.lists(st.text("aé😀", max_size=3), max_size=40) | anything)
def test_sort(guest: Runtime, value: list[Any]) -> None:
    wanted = outcome(lambda: sorted(value))
    if isinstance(wanted, list):
        assert guest.call("CPySequence_Sort", tuple(value)) == wanted
        assert guest.change("PyList_Sort", value, result="raw") == (0, wanted)
        return
    failure, after = guest.change("PyList_Sort", value, result="raw")
    assert isinstance(failure, tuple)
    assert failure[0] is TypeError
    assert sorted(map(repr, after)) == sorted(map(repr, value)), "all items are still there"


spellings = st.lists(st.sampled_from(["1", "01", "001", "2", "02", "-1", "0"]), max_size=40)


@given(value=spellings, reverse=st.booleans())
def test_sort_by_key_is_stable(guest: Runtime, value: list[str], reverse: bool) -> None:
    key = Handle(guest.address("PyLong_Type"))
    wanted = sorted(value, key=int, reverse=reverse)
    assert guest.invoke("builtin__sorted", 0, value, key=key, reverse=reverse) == wanted


def test_sort_by_a_key_that_fails(guest: Runtime) -> None:
    key = Handle(guest.address("PyLong_Type"))
    got = outcome(lambda: guest.invoke("builtin__sorted", 0, ["1", "x", "2"], key=key))
    assert got == outcome(lambda: sorted(["1", "x", "2"], key=int))


@given(left=lists, right=lists | lists.map(tuple))
def test_comparisons(guest: Runtime, left: list[Any], right: Any) -> None:
    comparisons = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]

    def check(code: int, compare: Callable[[Any, Any], object]) -> None:
        got = outcome(lambda: guest.call("PyObject_RichCompare", left, Boxed(right), code))
        assert got == outcome(lambda: compare(left, right))

    for code, compare in enumerate(comparisons):
        check(code, compare)


def test_a_list_in_itself(guest: Runtime) -> None:
    before = guest.live_objects()
    made = guest.make([1])
    guest.raw("PyList_Append", made, made)
    text = guest.raw("PyObject_Repr", made)
    assert guest.value(text) == "[1, [...]]"
    guest.release(text)
    guest.raw("CPyList_Clear", made)
    guest.release(made)
    assert guest.live_objects() == before


def test_deep_lists_are_refused_or_freed_without_a_trap(guest: Runtime) -> None:
    before = guest.live_objects()
    outer = guest.make([])
    for _ in range(20_000):
        list_ = guest.make([])
        guest.raw("PyList_Append", list_, outer)
        guest.release(outer)
        outer = list_
    assert not guest.raw("PyObject_Repr", outer)
    failure = guest.raw("error_take")
    assert guest.type_name(failure) == "RecursionError"
    guest.release(failure)
    guest.release(outer)
    assert guest.live_objects() == before


@pytest.mark.parametrize("key", ["x", None, 1.5, [1]])
def test_bad_indices(guest: Runtime, key: Any) -> None:
    got = outcome(lambda: guest.call("PyObject_GetItem", [1], Boxed(key)))
    assert got == outcome(lambda: [1][key])


def test_build_takes_over_its_items(guest: Runtime) -> None:
    before = guest.live_objects()
    array = guest.raw("mixer2_alloc", 8)
    first, second = guest.make("a"), guest.make(2)
    guest.write(array, first.to_bytes(4, "little") + second.to_bytes(4, "little"))
    made = guest.raw("CPyList_Build", 2, array)
    assert guest.value(made) == ["a", 2]
    guest.release(made)
    guest.raw("mixer2_free", array)
    assert guest.live_objects() == before


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("append", ()),
        ("append", (1, 2)),
        ("clear", (1,)),
        ("insert", (1,)),
        ("pop", (1, 2)),
        ("index", ()),
        ("sort", (1,)),
    ],
)
def test_wrong_counts(guest: Runtime, name: str, args: tuple[object, ...]) -> None:
    got = outcome(lambda: guest.invoke(f"method__list__{name}", [1], *args))
    assert got == outcome(lambda: getattr([1], name)(*args))
