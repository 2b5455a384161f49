"""Delegation between generators, on iterators that are no generators."""

import pytest

from tests.runtime.harness import LinkedRuntime, Runtime


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def iterate(guest: Runtime, value: object) -> int:
    """An iterator over a value."""
    iterable = guest.make(value)
    iterator = guest.raw("PyObject_GetIter", iterable)
    guest.release(iterable)
    return int(iterator)


def test_steps_and_the_value_at_the_end(guest: Runtime) -> None:
    before = guest.live_objects()
    iterator = iterate(guest, ["a", "b"])
    none, out = guest.make(None), guest.raw("mixer2_alloc", 8)
    guest.write(out, bytes(8))
    yielded = []
    while step := guest.raw("CPyIter_Send", iterator, none, out):
        yielded.append(guest.value(step))
        guest.release(step)
    assert yielded == ["a", "b"]
    assert guest.value(guest.u32(out)) is None
    guest.release(guest.u32(out))
    guest.release(none)
    guest.release(iterator)
    guest.raw("mixer2_free", out)
    assert guest.live_objects() == before


@pytest.mark.parametrize("value", [None, "result", ("a", "tuple")])
def test_the_value_of_stop_iteration(guest: Runtime, value: object) -> None:
    with pytest.raises(StopIteration) as raised:
        guest.call("CPyGen_SetStopIterationValue", value, result="none")
    assert raised.value.value == value

    before = guest.live_objects()
    address = guest.make(value)
    guest.raw("CPyGen_SetStopIterationValue", address)
    guest.release(address)
    fetched = guest.raw("CPy_FetchStopIterationValue")
    assert guest.value(fetched) == value
    guest.release(fetched)
    assert guest.raw("error_pending") == 0
    assert guest.live_objects() == before


def test_without_an_error_the_value_is_none(guest: Runtime) -> None:
    assert guest.call("CPy_FetchStopIterationValue") is None


def test_another_error_stays(guest: Runtime) -> None:
    guest.raw("raise_standard_error", guest.address("Exc_KeyError_Type"), 0)
    assert guest.raw("CPy_FetchStopIterationValue") == 0
    pending = guest.raw("error_take")
    assert guest.type_name(pending) == "KeyError"
    guest.release(pending)


@pytest.mark.parametrize("name", ["GeneratorExit", "ValueError"])
def test_an_iterator_that_takes_no_exceptions(guest: Runtime, name: str) -> None:
    before = guest.live_objects()
    iterator, out = iterate(guest, ["a"]), guest.raw("mixer2_alloc", 32)
    guest.raw("raise_standard_error", guest.address(f"Exc_{name}_Type"), 0)
    guest.raw("CPy_CatchError", out + 8)
    failed = guest.raw("CPy_YieldFromErrorHandle", iterator, out)
    assert failed == 2
    pending = guest.raw("error_take")
    assert guest.type_name(pending) == name
    guest.release(pending)
    guest.raw("CPy_RestoreExcInfo", out + 8)
    for offset in (8, 12, 16):
        guest.release(guest.u32(out + offset))
    guest.release(iterator)
    guest.raw("mixer2_free", out)
    assert guest.live_objects() == before
