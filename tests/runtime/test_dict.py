"""Dicts: order, lookup, growth, iteration and views, against CPython's."""

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.runtime.harness import Boxed, Handle, LinkedRuntime, Runtime, outcome

keys = (
    st.integers(-4, 4)
    | st.text("abé", max_size=2)
    | st.booleans()
    | st.none()
    | st.floats(-2, 2, width=16)
    | st.tuples(st.integers(0, 2))
    | st.binary(max_size=1)
)
values = st.integers(-3, 3) | st.text(max_size=2) | st.none()
dicts = st.dictionaries(keys, values, max_size=20)


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def ordered(value: Any) -> Any:
    """Dicts with equal items in different order differ here."""
    return list(value.items()) if isinstance(value, dict) else value


def changed(
    value: dict[Any, Any], action: Callable[[dict[Any, Any]], object], result: object = None
) -> tuple[object, Any]:
    copy = dict(value)
    answer = outcome(lambda: action(copy))
    failed = isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], type)
    return answer if failed or result is None else result, ordered(copy)


def change(guest: Runtime, name: str, *arguments: object, result: str = "object") -> object:
    answer, after = guest.change(name, *arguments, result=result)
    return answer, ordered(after)


@contextmanager
def lent(guest: Runtime, value: object) -> Iterator[int]:
    """An object for several calls; nothing may be left afterwards."""
    before = guest.live_objects()
    address = guest.make(value)
    yield address
    guest.release(address)
    assert guest.live_objects() == before


@given(value=dicts, key=keys | st.just([1]), other=values)
def test_reading(guest: Runtime, value: dict[Any, Any], key: Any, other: object) -> None:
    key_, other_ = Boxed(key), Boxed(other)
    wanted = outcome(lambda: value[key])
    assert outcome(lambda: guest.call("CPyDict_GetItem", value, key_)) == wanted
    assert outcome(lambda: guest.call("PyObject_GetItem", value, key_)) == wanted
    got = outcome(lambda: guest.call("CPyDict_Get", value, key_, other_))
    assert got == outcome(lambda: value.get(key, other))
    got = outcome(lambda: guest.call("CPyDict_GetWithNone", value, key_))
    assert got == outcome(lambda: value.get(key))
    got = outcome(lambda: guest.call("PyDict_Contains", value, key_, result="raw"))
    assert got == outcome(lambda: key in value)
    assert guest.call("PyDict_Size", value, result="raw") == len(value)


@given(value=dicts, key=keys | st.just([1]), new=values)
def test_writing(guest: Runtime, value: dict[Any, Any], key: Any, new: object) -> None:
    key_, new_ = Boxed(key), Boxed(new)
    for name in ("CPyDict_SetItem", "PyDict_SetItem", "PyObject_SetItem"):
        got = change(guest, name, value, key_, new_, result="raw")
        assert got == changed(value, lambda a: operator.setitem(a, key, new), 0)
    for name in ("PyDict_DelItem", "PyObject_DelItem"):
        got = change(guest, name, value, key_, result="raw")
        assert got == changed(value, lambda a: operator.delitem(a, key), 0)
    got = change(guest, "CPyDict_SetDefault", value, key_, new_)
    assert got == changed(value, lambda a: a.setdefault(key, new))
    got = change(guest, "CPyDict_SetDefaultWithNone", value, key_)
    assert got == changed(value, lambda a: a.setdefault(key))
    assert change(guest, "CPyDict_Clear", value, result="raw") == (1, [])


@given(value=dicts, key=keys, kind=st.sampled_from([(1, list), (2, dict), (3, set)]))
def test_setdefault_with_an_empty_container(
    guest: Runtime, value: dict[Any, Any], key: Any, kind: tuple[int, type]
) -> None:
    got = change(guest, "CPyDict_SetDefaultWithEmptyDatatype", value, Boxed(key), kind[0])
    assert got == changed(value, lambda a: a.setdefault(key, kind[1]()))


pairs = st.lists(st.tuples(keys, values), max_size=6)
sources: st.SearchStrategy[Any] = (
    dicts
    | pairs
    | pairs.map(tuple)
    | st.sampled_from([None, 3, [1], ["ab"], ["abc"], [(1,)], [[1, 2], (3, 4, 5)], "ab", [([], 1)]])
)


@given(value=dicts, source=sources)
def test_update(guest: Runtime, value: dict[Any, Any], source: Any) -> None:
    wanted = changed(value, lambda a: a.update(source), 0)
    assert change(guest, "CPyDict_UpdateFromAny", value, Boxed(source), result="raw") == wanted
    if isinstance(source, dict):
        assert change(guest, "CPyDict_Update", value, source, result="raw") == wanted
    got = outcome(lambda: ordered(guest.call("CPyDict_FromAny", Boxed(source))))
    assert got == outcome(lambda: ordered(dict(source)))


def united(value: dict[Any, Any], source: Any) -> dict[Any, Any]:
    value |= source
    return value


@given(value=dicts, source=dicts | st.none() | st.integers() | pairs)
def test_union(guest: Runtime, value: dict[Any, Any], source: Any) -> None:
    got = outcome(lambda: ordered(guest.call("PyNumber_Or", value, Boxed(source))))
    assert got == outcome(lambda: ordered(value | source))
    answer, after = guest.change("PyNumber_InPlaceOr", value, Boxed(source))
    assert (ordered(answer), ordered(after)) == changed(value, lambda a: ordered(united(a, source)))


def test_a_display_takes_mappings_only(guest: Runtime) -> None:
    got = change(guest, "CPyDict_UpdateInDisplay", {1: 2}, Boxed(3), result="raw")
    assert got == ((TypeError, "'int' object is not a mapping"), [(1, 2)])


@given(items=st.lists(st.tuples(keys, values), max_size=12))
def test_build(guest: Runtime, items: list[tuple[Any, Any]]) -> None:
    before = guest.live_objects()
    flat = [guest.make(part) for pair in items for part in pair]
    array = guest.raw("mixer2_alloc", 4 * len(flat) + 4)
    guest.write(array, b"".join(address.to_bytes(4, "little") for address in flat))
    made = guest.raw("CPyDict_Build", len(items), array)
    assert ordered(guest.value(made)) == ordered(dict(items))
    guest.raw("mixer2_free", array)
    for address in (made, *flat):
        guest.release(address)
    assert guest.live_objects() == before


@given(value=dicts)
def test_whole_dicts(guest: Runtime, value: dict[Any, Any]) -> None:
    assert ordered(guest.call("PyDict_Copy", value)) == ordered(value)
    assert guest.call("CPyDict_Keys", value) == list(value)
    assert guest.call("CPyDict_Values", value) == list(value.values())
    assert guest.call("CPyDict_Items", value) == list(value.items())
    assert guest.call("PyObject_Repr", value) == repr(value)
    assert guest.call("PyObject_IsTrue", value, result="raw") == bool(value)
    assert guest.call("PyObject_GetIter", value, result="items") == list(value)
    assert guest.invoke("builtin__reversed", 0, value, result="items") == list(reversed(value))
    for name, view in (
        ("Keys", value.keys()),
        ("Values", value.values()),
        ("Items", value.items()),
    ):
        assert guest.call(f"CPyDict_{name}View", value, result="items") == list(view)


@given(left=dicts, right=dicts)
def test_equality(guest: Runtime, left: dict[Any, Any], right: dict[Any, Any]) -> None:
    for other in (right, dict(reversed(left.items())), [1]):
        assert guest.call("PyObject_RichCompare", left, Boxed(other), 2) == (left == other)
        assert guest.call("PyObject_RichCompare", left, Boxed(other), 3) == (left != other)
    got = outcome(lambda: guest.call("PyObject_RichCompare", left, right, 0))
    assert got == outcome(lambda: left < right)  # type: ignore[operator]


@given(value=dicts)
def test_steps(guest: Runtime, value: dict[Any, Any]) -> None:
    def walk(name: str, made: int, fields: int) -> list[Any]:
        step = guest.raw("mixer2_alloc", 24)
        found, offset = [], 0
        while True:
            guest.raw(name, step, made, offset)
            more, offset = guest.read(step, 1)[0], guest.i64(step + 8)
            parts = [guest.u32(step + 16 + 4 * i) for i in range(fields)]
            if more:
                found.append(tuple(map(guest.value, parts)))
            for part in parts:
                guest.release(part)
            if not more:
                guest.raw("mixer2_free", step)
                return found

    with lent(guest, value) as made:
        assert walk("CPyDict_NextKey", made, 1) == [(key,) for key in value]
        assert walk("CPyDict_NextValue", made, 1) == [(item,) for item in value.values()]
        assert walk("CPyDict_NextItem", made, 2) == list(value.items())
        assert guest.raw("CPyDict_CheckSize", made, len(value)) == 1
        assert guest.raw("CPyDict_CheckSize", made, len(value) + 1) == 0
        failure = guest.raw("error_take")
        assert guest.type_name(failure) == "RuntimeError"
        guest.release(failure)


def set_item(guest: Runtime, made: int, key: object, value: object) -> None:
    pair = [guest.make(key), guest.make(value)]
    assert guest.raw("PyDict_SetItem", made, *pair) == 0
    for address in pair:
        guest.release(address)


def test_growing_while_iterating_is_noticed(guest: Runtime) -> None:
    with lent(guest, {1: 1}) as made:
        iterator = guest.raw("PyObject_GetIter", made)
        guest.release(guest.raw("PyIter_Next", iterator))
        set_item(guest, made, 2, 2)
        got = outcome(lambda: guest.call("PyIter_Next", iterator))
        assert got == (RuntimeError, "dictionary changed size during iteration")
        guest.release(iterator)


def test_exchanged_keys_are_noticed(guest: Runtime) -> None:
    with lent(guest, {1: 1}) as made:
        iterator = guest.raw("PyObject_GetIter", made)
        guest.release(guest.raw("PyIter_Next", iterator))
        key = guest.make(1)
        set_item(guest, made, 2, 2)
        assert guest.raw("PyDict_DelItem", made, key) == 0
        guest.release(key)
        got = outcome(lambda: guest.call("PyIter_Next", iterator))
        assert got in [None, (RuntimeError, "dictionary keys changed during iteration")]
        guest.release(iterator)


@given(value=dicts, other=dicts, key=keys)
def test_views(guest: Runtime, value: dict[Any, Any], other: dict[Any, Any], key: Any) -> None:
    with lent(guest, value) as made, lent(guest, other) as second:

        def check(name: str, mine: Any, theirs: Any) -> None:
            view = guest.raw(f"CPyDict_{name}View", made)
            against = guest.raw(f"CPyDict_{name}View", second)
            assert guest.call("PyObject_Repr", view) == repr(mine)
            assert guest.call("PyObject_Size", view, result="raw") == len(mine)
            for item in (key, (key, 1), *list(mine)[:1]):
                assert guest.call("PySequence_Contains", view, Boxed(item), result="raw") == (
                    item in mine
                )
            if name != "Values":
                assert guest.call("PyObject_RichCompare", view, against, 2) == (mine == theirs)
                assert guest.call("PyObject_RichCompare", view, against, 1) == (mine <= theirs)
                assert guest.call("PyNumber_And", view, against) == mine & theirs
                assert guest.call("PyNumber_Or", view, against) == mine | theirs
                assert guest.call("PyNumber_Subtract", view, against) == mine - theirs
                assert guest.call("PyNumber_Xor", view, against) == mine ^ theirs
            guest.release(view)
            guest.release(against)

        check("Keys", value.keys(), other.keys())
        check("Values", value.values(), other.values())
        check("Items", value.items(), other.items())


@given(value=dicts, key=keys, other=values)
def test_methods(guest: Runtime, value: dict[Any, Any], key: Any, other: object) -> None:
    def check(name: str, *args: object, **keywords: object) -> None:
        made = guest.make(value)
        copy = dict(value)
        objects = [guest.make(part) for part in (*args, *keywords.values())]
        array = guest.raw("mixer2_alloc", 4 * len(objects) + 4)
        guest.write(array, b"".join(address.to_bytes(4, "little") for address in objects))
        names = guest.make(tuple(keywords)) if keywords else 0
        answer = guest.raw(f"method__dict__{name}", made, array, len(args), names)
        failure = guest._take_failure()
        got = (type(failure), str(failure)) if failure else guest.value(answer)
        assert ordered(got) == ordered(outcome(lambda: getattr(copy, name)(*args, **keywords)))
        assert ordered(guest.value(made)) == ordered(copy)
        guest.raw("mixer2_free", array)
        for address in (made, *objects, *filter(None, [answer, names])):
            guest.release(address)

    before = guest.live_objects()
    check("get", key)
    check("get", key, other)
    check("setdefault", key, other)
    check("pop", key)
    check("pop", key, other)
    check("popitem")
    check("update", {key: other}, a=1)
    check("update")
    check("clear")
    check("copy")
    check("fromkeys", [key, 1, key], other)
    check("pop")
    assert guest.live_objects() == before


class Growth(RuleBasedStateMachine):
    """Long histories: growth, compaction, and removal from the probed index."""

    linked: LinkedRuntime

    @initialize()
    def start(self) -> None:
        self.guest = Runtime(self.linked)
        self.before = self.guest.live_objects()
        self.made = self.guest.raw("PyDict_New")
        self.model: dict[Any, Any] = {}

    @rule(
        first=st.integers(0, 5000), count=st.integers(1, 40), step=st.sampled_from([1, 3, 64, 1024])
    )
    def add(self, first: int, count: int, step: int) -> None:
        for number in range(first, first + count * step, step):
            self.model[number] = -number
            set_item(self.guest, self.made, number, -number)

    @rule(word=st.text(max_size=3), number=st.integers())
    def add_word(self, word: str, number: int) -> None:
        number %= 1000
        self.model[word] = number
        set_item(self.guest, self.made, word, number)

    @rule(data=st.data(), every=st.integers(1, 7))
    def remove(self, data: st.DataObject, every: int) -> None:
        for key in list(self.model)[data.draw(st.integers(0, 5)) :: every]:
            del self.model[key]
            address = self.guest.make(key)
            assert self.guest.raw("PyDict_DelItem", self.made, address) == 0
            self.guest.release(address)

    @rule()
    def pop_last(self) -> None:
        if self.model:
            item = self.guest.raw("method__dict__popitem", self.made, 0, 0, 0)
            assert self.guest.value(item) == self.model.popitem()
            self.guest.release(item)

    @invariant()
    def same(self) -> None:
        if not hasattr(self, "made"):
            return
        assert ordered(self.guest.value(self.made)) == ordered(self.model)
        for key in [*list(self.model)[:5], -1, "zzzz", 4999]:
            address = self.guest.make(key)
            found = self.guest.raw("PyDict_Contains", self.made, address)
            assert found == (key in self.model)
            self.guest.release(address)

    def teardown(self) -> None:
        self.guest.release(self.made)
        assert self.guest.live_objects() == self.before


def test_long_histories(linked: LinkedRuntime) -> None:
    Growth.linked = linked
    from hypothesis import settings
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Growth, settings=settings(max_examples=30, deadline=None))


def test_many_keys_that_share_their_low_bits(guest: Runtime) -> None:
    """Multiples of a large power of two: the index must spread them."""
    made = guest.raw("PyDict_New")
    for number in range(4000):
        set_item(guest, made, number << 20, number)
    assert guest.raw("PyDict_Size", made) == 4000
    guest.release(made)


def test_a_type_is_a_key(guest: Runtime) -> None:
    key = Handle(guest.address("PyLong_Type"))
    with lent(guest, {}) as made:
        set_item(guest, made, key, 1)
        found = guest.raw("CPyDict_GetItem", made, key.address)
        assert guest.value(found) == 1
        guest.release(found)
