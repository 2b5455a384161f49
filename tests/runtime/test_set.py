"""Sets, frozensets, tuples, ranges and slices against CPython's."""

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.runtime.harness import Boxed, LinkedRuntime, Runtime, Tagged, outcome

items = st.integers(-4, 4) | st.text("abé", max_size=2) | st.none() | st.tuples(st.integers(0, 1))
sets = st.sets(items, max_size=12)
any_sets = sets | sets.map(frozenset)
others = any_sets | st.lists(items, max_size=4) | st.integers() | st.none() | st.text(max_size=3)
COMPARISONS = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def changed(
    value: set[Any], action: Callable[[set[Any]], object], result: object = None
) -> tuple[object, set[Any]]:
    copy = set(value)
    answer = outcome(lambda: action(copy))
    failed = isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], type)
    return answer if failed or result is None else result, copy


def typed(value: Any) -> Any:
    """A set and a frozenset with the same items differ here."""
    return (type(value), value)


@given(value=sets, item=items | st.just([1]))
def test_items(guest: Runtime, value: set[Any], item: Any) -> None:
    boxed = Boxed(item)
    got = outcome(lambda: guest.call("PySet_Contains", value, boxed, result="raw"))
    assert got == outcome(lambda: item in value)
    added = guest.change("PySet_Add", value, boxed, result="raw")
    assert added == changed(value, lambda a: a.add(item), 0)
    removed = guest.change("CPySet_Remove", value, boxed, result="raw")
    assert removed == changed(value, lambda a: a.remove(item), 1)
    discarded = guest.change("PySet_Discard", value, boxed, result="raw")
    wanted = changed(value, lambda a: a.discard(item), int(repr(item) != "[1]" and item in value))
    assert discarded == wanted
    assert guest.change("PySet_Clear", value, result="raw") == (0, set())


@given(value=sets)
def test_pop(guest: Runtime, value: set[Any]) -> None:
    answer, after = guest.change("PySet_Pop", value)
    if not value:
        assert answer == (KeyError, "'pop from an empty set'")
    else:
        assert answer in value
        assert after == value - {answer}


@given(value=sets, other=others)
def test_update(guest: Runtime, value: set[Any], other: Any) -> None:
    got = guest.change("_PySet_Update", value, Boxed(other), result="raw")
    assert got == changed(value, lambda a: a.update(other), 0)
    made = outcome(lambda: guest.call("PySet_New", Boxed(other)))
    assert made == outcome(lambda: set(other))
    assert outcome(lambda: typed(guest.call("PyFrozenSet_New", Boxed(other)))) == outcome(
        lambda: typed(frozenset(other))
    )


@given(left=any_sets, right=others)
def test_operators(guest: Runtime, left: Any, right: Any) -> None:
    def check(name: str, operation: Callable[[Any, Any], Any]) -> None:
        got = outcome(lambda: typed(guest.call(f"PyNumber_{name}", Boxed(left), Boxed(right))))
        assert got == outcome(lambda: typed(operation(left, right)))

    check("Or", operator.or_)
    check("And", operator.and_)
    check("Subtract", operator.sub)
    check("Xor", operator.xor)


@given(left=sets, right=others)
def test_operators_in_place(guest: Runtime, left: set[Any], right: Any) -> None:
    def check(name: str, operation: Callable[[Any, Any], Any]) -> None:
        got = guest.change(f"PyNumber_InPlace{name}", left, Boxed(right))
        assert got == changed(left, lambda a: operation(a, right))

    check("Or", operator.ior)
    check("And", operator.iand)
    check("Subtract", operator.isub)
    check("Xor", operator.ixor)


@given(left=any_sets, right=any_sets | st.just([1]))
def test_comparisons(guest: Runtime, left: Any, right: Any) -> None:
    def check(code: int, compare: Callable[[Any, Any], object]) -> None:
        got = outcome(lambda: guest.call("PyObject_RichCompare", Boxed(left), Boxed(right), code))
        assert got == outcome(lambda: compare(left, right))

    for code, compare in enumerate(COMPARISONS):
        check(code, compare)


@given(value=any_sets, others=st.lists(others, max_size=2))
def test_methods(guest: Runtime, value: Any, others: list[Any]) -> None:
    kind = type(value).__name__

    def check(name: str, *args: Any) -> None:
        got = outcome(lambda: guest.invoke(f"method__{kind}__{name}", Boxed(value), *args))
        assert got == outcome(lambda: getattr(value, name)(*args))

    for name in ("union", "intersection", "difference"):
        check(name, *others)
    for name in ("symmetric_difference", "isdisjoint", "issubset", "issuperset"):
        check(name, *others[:1])
    check("copy")


@given(value=sets, others=st.lists(others, max_size=2))
def test_methods_in_place(guest: Runtime, value: set[Any], others: list[Any]) -> None:
    def check(name: str, *args: Any) -> None:
        objects = [guest.make(other) for other in args]
        array = guest.raw("mixer2_alloc", 12)
        guest.write(array, b"".join(address.to_bytes(4, "little") for address in objects))
        got = guest.change(f"method__set__{name}", value, array, len(args), 0)
        guest.raw("mixer2_free", array)
        for address in objects:
            guest.release(address)
        assert got == changed(value, lambda a: getattr(a, name)(*args))

    for name in ("update", "intersection_update", "difference_update"):
        check(name, *others)
    check("symmetric_difference_update", *others[:1])


@given(value=any_sets)
def test_whole_sets(guest: Runtime, value: Any) -> None:
    kind = type(value).__name__
    text = guest.call("PyObject_Repr", Boxed(value))
    inside = ", ".join(map(repr, value))
    plain = f"{{{inside}}}" if kind == "set" else f"frozenset({{{inside}}})"
    assert text == (plain if value else f"{kind}()")
    assert guest.call("PyObject_Size", Boxed(value), result="raw") == len(value)
    assert guest.call("PyObject_IsTrue", Boxed(value), result="raw") == bool(value)
    assert guest.call("PyObject_GetIter", Boxed(value), result="items") == list(value)


@given(value=st.lists(items, max_size=8))
def test_equal_frozensets_have_equal_hashes(guest: Runtime, value: list[Any]) -> None:
    before = guest.live_objects()
    one, other = guest.make(frozenset(value)), guest.make(frozenset())
    for item in reversed(value):
        address = guest.make(item)
        guest.raw("PySet_Add", other, address)
        guest.release(address)
    assert guest.raw("PyObject_Hash", one) == guest.raw("PyObject_Hash", other)
    guest.release(one)
    guest.release(other)
    assert guest.live_objects() == before


def test_a_set_is_not_hashable(guest: Runtime) -> None:
    got = outcome(lambda: guest.call("CPyObject_Hash", {1}, result="tagged"))
    assert got == (TypeError, "unhashable type: 'set'")


def test_growing_while_iterating_is_noticed(guest: Runtime) -> None:
    made = guest.make({1})
    iterator = guest.raw("PyObject_GetIter", made)
    guest.release(guest.raw("PyIter_Next", iterator))
    item = guest.make(2)
    guest.raw("PySet_Add", made, item)
    got = outcome(lambda: guest.call("PyIter_Next", iterator))
    assert got == (RuntimeError, "Set changed size during iteration")
    for address in (item, iterator, made):
        guest.release(address)


# Tuples

tuples = st.lists(items | st.lists(st.integers(-9, 9), max_size=1), max_size=6).map(tuple)
bounds = st.none() | st.integers(-9, 9) | st.sampled_from([-(2**62), 2**62 - 1])
indices = bounds.filter(lambda bound: bound is not None)


@given(value=tuples, index=indices, item=items)
def test_tuple_items(guest: Runtime, value: tuple[Any, ...], index: int, item: Any) -> None:
    wanted = outcome(lambda: value[index])
    assert outcome(lambda: guest.call("CPySequenceTuple_GetItem", value, Tagged(index))) == wanted
    assert outcome(lambda: guest.call("PyObject_GetItem", value, Boxed(index))) == wanted
    assert guest.call("PySequence_Contains", value, Boxed(item), result="raw") == (item in value)
    assert guest.invoke("method__tuple__count", value, item) == value.count(item)
    got = outcome(lambda: guest.invoke("method__tuple__index", value, item))
    assert got == outcome(lambda: value.index(item))
    assert guest.call("PyObject_Repr", value) == repr(value)
    assert guest.call("PyObject_GetIter", value, result="items") == list(value)
    assert guest.invoke("builtin__reversed", 0, value, result="items") == list(reversed(value))


@given(value=tuples, start=bounds, stop=bounds, step=bounds)
def test_tuple_slices(guest: Runtime, value: Any, start: Any, stop: Any, step: Any) -> None:
    parts = [guest.make(part) for part in (start, stop, step)]
    lent = guest.raw("PySlice_New", *parts)
    got = outcome(lambda: guest.call("PyObject_GetItem", value, lent))
    for address in (lent, *parts):
        guest.release(address)
    assert got == outcome(lambda: value[start:stop:step])
    if start is not None and stop is not None:
        got = guest.call("CPySequenceTuple_GetSlice", value, Tagged(start), Tagged(stop))
        assert got == value[start:stop]


@given(left=tuples, right=tuples | st.integers(-1, 3) | st.just("x"))
def test_tuple_operators(guest: Runtime, left: Any, right: Any) -> None:
    got = outcome(lambda: guest.call("PyNumber_Add", left, Boxed(right)))
    assert got == outcome(lambda: left + right)
    got = outcome(lambda: guest.call("PyNumber_Multiply", left, Boxed(right)))
    assert got == outcome(lambda: left * right)

    def check(code: int, compare: Callable[[Any, Any], object]) -> None:
        got = outcome(lambda: guest.call("PyObject_RichCompare", left, Boxed(right), code))
        assert got == outcome(lambda: compare(left, right))

    for code, compare in enumerate(COMPARISONS):
        check(code, compare)
    if isinstance(right, tuple):
        assert guest.call("PySequence_Concat", left, right) == left + right


@given(value=st.lists(st.integers(-(2**62), 2**62 - 1), max_size=5).map(tuple))
@example(value=())
def test_tuple_hash_is_that_of_cpython(guest: Runtime, value: tuple[int, ...]) -> None:
    address = guest.make(value)
    assert guest.raw("PyObject_Hash", address) == hash(value)
    guest.release(address)


@given(source=tuples | tuples.map(list) | st.text(max_size=3) | st.none())
def test_tuple_of_anything(guest: Runtime, source: Any) -> None:
    got = outcome(lambda: guest.call("PySequence_Tuple", Boxed(source)))
    assert got == outcome(lambda: tuple(source))


# Ranges

limits = st.integers(-20, 20) | st.sampled_from([-(2**62), 2**62 - 1])


@given(
    args=st.lists(limits, min_size=1, max_size=3),
    index=st.integers(-30, 30),
    item=st.integers(-25, 25) | st.just("x") | st.just(1.0),
)
def test_ranges(guest: Runtime, args: list[int], index: int, item: Any) -> None:
    wanted = outcome(lambda: range(*args))
    before = guest.live_objects()
    if not isinstance(wanted, range):
        assert outcome(lambda: guest.invoke("builtin__range", 0, *args)) == wanted
        return
    start, stop, step = wanted.start, wanted.stop, wanted.step
    made = guest.raw("range_new", start, stop, step)
    assert guest.call("PyObject_Repr", made) == repr(wanted)
    got = outcome(lambda: guest.call("PyObject_GetItem", made, Boxed(index)))
    assert got == outcome(lambda: wanted[index])
    if len(wanted) < 50 or isinstance(item, int):
        got = guest.call("PySequence_Contains", made, Boxed(item), result="raw")
        assert got == (item in wanted)
    if len(wanted) < 50:
        assert guest.raw("PyObject_Size", made) == len(wanted)
        assert guest.call("PyObject_GetIter", made, result="items") == list(wanted)
        assert guest.call("range_iterate_reversed", made, result="items") == list(reversed(wanted))
    if len(wanted) in range(2, 50):
        assert guest.raw("PyObject_Hash", made) == hash(wanted)
    guest.release(made)
    assert guest.live_objects() == before
