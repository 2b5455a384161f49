"""bytearray against CPython's: operations in any order on one array."""

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.runtime.harness import Boxed, Handle, LinkedRuntime, Runtime, Tagged, outcome

data = st.binary(max_size=8)
indices = st.integers(-12, 12)
bounds = st.none() | indices
steps = st.sampled_from([None, 1, 2, -1, -3])
COMPARISONS = [lt, le, eq, ne, gt, ge]
wrong = st.sampled_from([None, "x", 2.5, 300, -1])


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


class Arrays(RuleBasedStateMachine):
    """One array in the guest, one in Python."""

    runtime: Runtime

    def __init__(self) -> None:
        super().__init__()
        self.before = self.runtime.live_objects()
        self.address = int(self.runtime.raw("CPyByteArray_New"))
        self.python = bytearray()

    def teardown(self) -> None:
        self.runtime.release(self.address)
        assert self.runtime.live_objects() == self.before

    @property
    def handle(self) -> Handle:
        return Handle(self.address)

    @invariant()
    def same_content(self) -> None:
        assert self.runtime.value(self.address) == self.python
        assert self.runtime.raw("PyObject_Size", self.address) == len(self.python)

    def kept(self, function: str, *arguments: object, result: str = "raw") -> Any:
        """Call what changes the array; its blocks may come and go, so nothing is counted."""
        return self.runtime.call(function, *arguments, result=result, counted=False)

    def method(self, name: str, *arguments: object) -> Any:
        function = f"method__bytearray__{name}"
        return self.runtime.invoke(function, self.handle, *arguments, counted=False)

    def same(self, guest: Any, python: Any) -> None:
        assert outcome(guest) == outcome(python)

    @rule(value=st.integers(0, 255) | wrong)
    def append(self, value: Any) -> None:
        self.same(lambda: self.method("append", value), lambda: self.python.append(value))

    @rule(value=data | st.lists(st.integers(0, 256), max_size=3) | st.just(5))
    def extend(self, value: Any) -> None:
        self.same(lambda: self.method("extend", value), lambda: self.python.extend(value))

    @rule()
    def extend_by_itself(self) -> None:
        self.method("extend", self.handle)
        self.python.extend(self.python)

    @rule(value=data)
    def add_in_place(self, value: bytes) -> None:
        answer = self.kept("PyNumber_InPlaceAdd", self.handle, value)
        assert answer == self.address
        self.runtime.release(answer)
        self.python += value

    @rule(size=st.integers(0, 9))
    def eat(self, size: int) -> None:
        assert self.kept("PyObject_DelItem", self.handle, slice(None, size, None)) == 0
        del self.python[:size]

    @rule(start=bounds, stop=bounds, step=steps)
    def delete_slice(self, start: int | None, stop: int | None, step: int | None) -> None:
        assert self.kept("PyObject_DelItem", self.handle, slice(start, stop, step)) == 0
        del self.python[start:stop:step]

    @rule(start=bounds, stop=bounds, step=steps, value=data | st.just([1, 2]) | st.just("x"))
    def set_slice(self, start: int | None, stop: int | None, step: int | None, value: Any) -> None:
        def python() -> int:
            self.python[start:stop:step] = value
            return 0

        key = slice(start, stop, step)
        self.same(lambda: self.kept("PyObject_SetItem", self.handle, key, value), python)

    @rule(index=indices, value=st.integers(0, 255) | wrong)
    def set_item(self, index: int, value: Any) -> None:
        def python() -> int:
            self.python[index] = value
            return 0

        self.same(
            lambda: self.kept("PyObject_SetItem", self.handle, Boxed(index), Boxed(value)), python
        )

    @rule(index=indices)
    def delete_item(self, index: int) -> None:
        def python() -> int:
            del self.python[index]
            return 0

        self.same(lambda: self.kept("PyObject_DelItem", self.handle, Boxed(index)), python)

    @rule(index=indices, value=st.integers(0, 255))
    def insert(self, index: int, value: int) -> None:
        self.method("insert", index, value)
        self.python.insert(index, value)

    @rule(arguments=st.just(()) | st.tuples(indices))
    def pop(self, arguments: tuple[int, ...]) -> None:
        self.same(lambda: self.method("pop", *arguments), lambda: self.python.pop(*arguments))

    @rule(value=st.integers(0, 255))
    def remove(self, value: int) -> None:
        self.same(lambda: self.method("remove", value), lambda: self.python.remove(value))

    @rule()
    def reverse(self) -> None:
        self.method("reverse")
        self.python.reverse()

    @rule()
    def clear(self) -> None:
        self.method("clear")
        self.python.clear()

    @rule(index=indices)
    def get_item(self, index: int) -> None:
        self.same(
            lambda: self.runtime.call("PyObject_GetItem", self.handle, Boxed(index)),
            lambda: self.python[index],
        )

    @rule(start=bounds, stop=bounds, step=steps)
    def get_slice(self, start: int | None, stop: int | None, step: int | None) -> None:
        picked = self.runtime.call("PyObject_GetItem", self.handle, slice(start, stop, step))
        assert picked == self.python[start:stop:step]

    @rule()
    def look(self) -> None:
        assert self.runtime.call("PyObject_Repr", self.handle) == repr(self.python)
        assert self.runtime.call("PySequence_List", self.handle) == list(self.python)
        assert self.runtime.call("PyBytes_FromObject", self.handle) == bytes(self.python)
        truth = self.runtime.call("PyObject_IsTrue", self.handle, result="raw")
        assert truth == bool(self.python)


def test_any_sequence_of_operations(guest: Runtime) -> None:
    Arrays.runtime = guest
    run_state_machine_as_test(Arrays)


@pytest.mark.parametrize("value", [b"'", b'"', b"'\"", b"\\'"])
def test_quotes(guest: Runtime, value: bytes) -> None:
    assert guest.call("PyObject_Repr", bytearray(value)) == repr(bytearray(value))


@given(
    data
    | st.lists(st.integers(-1, 256), max_size=4)
    | st.integers(-2, 40)
    | st.sampled_from(["x", None, 2.5])
)
def test_bytearray_of(guest: Runtime, source: Any) -> None:
    assert outcome(lambda: guest.call("PyByteArray_FromObject", Boxed(source))) == outcome(
        lambda: bytearray(source)
    )


@given(data, bounds, bounds)
def test_bytearray_of_a_slice(
    guest: Runtime, value: bytes, start: int | None, end: int | None
) -> None:
    first = 1 if start is None else start << 1
    last = 1 if end is None else end << 1
    answer = guest.call("CPyByteArray_FromBytesSlice", value, first, last)
    assert answer == bytearray(value[start:end])


@given(data, data | st.sampled_from(["x", 3, None]), st.integers(0, 5))
def test_operators(guest: Runtime, value: bytes, other: Any, operator: int) -> None:
    array = bytearray(value)
    compare: Callable[[Any, Any], object] = COMPARISONS[operator]
    for left, right in ((array, other), (other, array), (array, bytearray(array))):
        pair = (Boxed(left), Boxed(right))
        assert outcome(
            lambda p=pair: guest.call("PyObject_RichCompare", *p, operator)  # type: ignore[misc]
        ) == outcome(lambda a=left, b=right: compare(a, b))  # type: ignore[misc]
        assert outcome(
            lambda p=pair: guest.call("PyNumber_Add", *p)  # type: ignore[misc]
        ) == outcome(lambda a=left, b=right: a + b)  # type: ignore[misc]
        assert outcome(
            lambda p=pair: guest.call("PyNumber_Multiply", *p)  # type: ignore[misc]
        ) == outcome(lambda a=left, b=right: a * b)  # type: ignore[misc]


@given(data, data | st.integers(-1, 256) | st.just("x"))
def test_contains(guest: Runtime, value: bytes, item: Any) -> None:
    array = bytearray(value)
    assert outcome(
        lambda: bool(guest.call("PySequence_Contains", array, Boxed(item), result="raw"))
    ) == outcome(lambda: item in array)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("find", (b"b",)),
        ("find", (bytearray(b"b"),)),
        ("rfind", (b"a", 1)),
        ("index", (b"zz",)),
        ("count", (b"a",)),
        ("startswith", ((b"x", bytearray(b"ab")),)),
        ("endswith", (b"c",)),
        ("decode", ()),
        ("hex", ()),
        ("lower", ()),
        ("strip", (b"a",)),
        ("replace", (b"b", b"--")),
        ("split", (b"b",)),
        ("split", (b"",)),
        ("rsplit", (None, 1)),
        ("splitlines", ()),
        ("partition", (b"b",)),
        ("rpartition", (b"z",)),
        ("join", ([b"1", bytearray(b"2")],)),
        ("translate", (None, b"a")),
        ("zfill", (9,)),
        ("isalpha", ()),
    ],
)
def test_views(guest: Runtime, name: str, arguments: tuple[Any, ...]) -> None:
    array = bytearray(b"abcA a")
    assert outcome(lambda: guest.method("bytearray", name, array, *arguments)) == outcome(
        lambda: getattr(array, name)(*arguments)
    )


def test_it_is_unhashable(guest: Runtime) -> None:
    with pytest.raises(TypeError, match=r"^unhashable type: 'bytearray'$"):
        guest.call("PyObject_Hash", bytearray(b"a"), result="none")


def test_eating_from_the_front_moves_little(guest: Runtime) -> None:
    """A parser's buffer stays as large as what is in it, however much runs through."""
    array = guest.raw("CPyByteArray_New")
    chunk, head = guest.make(bytes(100)), guest.make(slice(None, 90, None))
    for _ in range(200):
        guest.release(guest.raw("PyNumber_InPlaceAdd", array, chunk))
        guest.raw("PyObject_DelItem", array, head)
    assert guest.raw("PyObject_Size", array) == 2000
    assert guest.u32(array + 24) < 8000
    for address in (array, chunk, head):
        guest.release(address)


def test_tagged_bounds_are_optional(guest: Runtime) -> None:
    assert guest.call("CPyByteArray_FromBytesSlice", b"abc", Tagged(1), 1) == bytearray(b"bc")
