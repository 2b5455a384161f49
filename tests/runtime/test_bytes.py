"""Bytes operations against CPython's."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.runtime.harness import Boxed, LinkedRuntime, Runtime, Tagged, outcome

data = st.lists(st.sampled_from([*b"ab \t\n\r'\"\\\0\xff"]), max_size=12).map(bytes)
parts = st.lists(st.sampled_from([*b"ab \n"]), max_size=3).map(bytes)
bounds = st.integers(-15, 15) | st.sampled_from([-(2**62), 2**62 - 1])


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


@given(data, data)
def test_concatenation_and_comparison(guest: Runtime, left: bytes, right: bytes) -> None:
    assert guest.call("CPyBytes_Concat", left, right) == left + right
    assert guest.call("CPyBytes_Compare", left, right, result="raw") == (left == right)
    order = guest.call("bytes_order", left, right, result="raw")
    assert (order > 0) - (order < 0) == (left > right) - (left < right)
    for operator, expected in enumerate(
        [left < right, left <= right, left == right, left != right, left > right, left >= right]
    ):
        assert guest.call("bytes_compare_slot", left, right, operator) is expected


@given(st.lists(data, max_size=6))
def test_build(guest: Runtime, pieces: list[bytes]) -> None:
    before = guest.live_objects()
    addresses = [guest.make(piece) for piece in pieces]
    array = guest.raw("mixer2_alloc", 4 * len(pieces) + 4)
    guest.write(array, b"".join(a.to_bytes(4, "little") for a in addresses))
    built = guest.raw("CPyBytes_Build", len(pieces), array)
    assert guest.value(built) == b"".join(pieces)
    for address in (*addresses, built):
        guest.release(address)
    guest.raw("mixer2_free", array)
    assert guest.live_objects() == before


@given(data, st.integers(-2, 5))
def test_multiply(guest: Runtime, value: bytes, count: int) -> None:
    assert guest.call("CPyBytes_Multiply", value, Tagged(count)) == value * count


def test_multiply_beyond_memory(guest: Runtime) -> None:
    with pytest.raises(MemoryError):
        guest.call("CPyBytes_Multiply", b"ab", Tagged(2**62 - 1))


@given(data, bounds)
def test_index(guest: Runtime, value: bytes, index: int) -> None:
    def get() -> object:
        answer = guest.call("CPyBytes_GetItem", value, Tagged(index), result="raw")
        return answer >> 1

    assert outcome(get) == outcome(lambda: value[index])
    if -len(value) <= index < len(value):
        positive = guest.call("CPyBytes_AdjustIndex", value, index, result="raw")
        assert guest.call("CPyBytes_RangeCheck", value, positive, result="raw") == 1
        unsafe = guest.call("CPyBytes_GetItemUnsafe", value, positive, result="tagged")
        assert unsafe == value[index]


@given(data, bounds, bounds, st.integers(-3, 3) | st.none())
def test_slice(guest: Runtime, value: bytes, start: int, end: int, step: int | None) -> None:
    answer = guest.call("CPyBytes_GetSlice", value, Tagged(start), Tagged(end))
    assert answer == value[start:end]
    assert outcome(
        lambda: guest.call("PyObject_GetItem", value, slice(start, end, step))
    ) == outcome(lambda: value[start:end:step])


@given(data, parts | st.integers(-1, 256) | st.none())
def test_contains(guest: Runtime, value: bytes, item: bytes | int | None) -> None:
    def contains() -> object:
        return bool(guest.call("PySequence_Contains", value, Boxed(item), result="raw"))

    assert outcome(contains) == outcome(lambda: item in value)  # type: ignore[operator]


@given(data)
def test_size_truth_hash_and_ord(guest: Runtime, value: bytes) -> None:
    assert guest.call("PyObject_Size", value, result="raw") == len(value)
    assert guest.call("PyObject_IsTrue", value, result="raw") == bool(value)
    same = guest.call("PyObject_Hash", bytes([*value]), result="raw")
    assert guest.call("PyObject_Hash", value, result="raw") == same
    assert outcome(lambda: guest.call("CPyBytes_Ord", value, result="raw") >> 1) == outcome(
        lambda: ord(value)
    )


@given(data, parts)
def test_affixes(guest: Runtime, value: bytes, part: bytes) -> None:
    starts = guest.call("CPyBytes_Startswith", value, part, result="raw")
    ends = guest.call("CPyBytes_Endswith", value, part, result="raw")
    assert (starts, ends) == (value.startswith(part), value.endswith(part))


@given(parts, st.lists(data | st.integers(0, 3) | st.none(), max_size=4))
def test_join(guest: Runtime, separator: bytes, items: list[object]) -> None:
    for sequence in (items, tuple(items)):
        assert outcome(
            lambda s=sequence: guest.call("CPyBytes_Join", separator, s)  # type: ignore[misc]
        ) == outcome(
            lambda s=sequence: separator.join(s)  # type: ignore[misc]
        )


@given(st.binary(max_size=20))
@example(b"it's")
@example(b'it\'s "x"')
def test_repr(guest: Runtime, value: bytes) -> None:
    assert guest.call("bytes_repr", value) == repr(value)


@given(data, st.binary(min_size=254, max_size=257) | st.just(bytes(range(256))) | st.none())
def test_translate(guest: Runtime, value: bytes, table: bytes | None) -> None:
    assert outcome(lambda: guest.call("CPyBytes_Translate", value, table)) == outcome(
        lambda: value.translate(table)
    )


@given(
    st.lists(st.integers(-1, 256), max_size=5)
    | data
    | st.integers(-2, 40)
    | st.just("text")
    | st.lists(st.just("a"), max_size=1)
)
def test_bytes_of(guest: Runtime, source: object) -> None:
    assert outcome(lambda: guest.call("PyBytes_FromObject", Boxed(source))) == outcome(
        lambda: bytes(source)  # type: ignore[call-overload]
    )


def test_iteration(guest: Runtime) -> None:
    assert guest.call("PySequence_List", b"a\xff\0") == [97, 255, 0]
    assert guest.call("PySequence_List", b"") == []
