"""Varints of the run-time, against those of plain Python."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.wire import varint
from tests.runtime.harness import LinkedRuntime, Runtime, Tagged

PREFIX = "native__adapters__wire__varint__"
continued = st.lists(st.integers(0x80, 0xFF), max_size=11).map(bytes)
varints = st.builds(bytes.__add__, continued, st.binary(max_size=2))


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


@given(st.integers(0, 2**62 - 1))
def test_what_is_written_is_read(guest: Runtime, number: int) -> None:
    data = guest.call(PREFIX + "encode", Tagged(number))

    assert data == varint.encode(number)
    assert guest.call(PREFIX + "end", data, Tagged(0), result="tagged") == len(data)
    assert guest.call(PREFIX + "at", data, Tagged(0), result="tagged") == number


@given(varints, st.integers(0, 2))
@example(b"\xff" * 8 + b"\xff\x01", 0)
@example(b"\x80" * 8 + b"\xc0\x01", 0)
@example(b"\x80" * 8 + b"\xbf\x01", 0)
@example(b"\x80" * 8 + b"\xc0\x00", 0)
@example(b"\x80" * 8 + b"\x3f", 0)
@example(b"\x80" * 9 + b"\x02", 0)
def test_any_bytes_are_read_as_in_python(guest: Runtime, data: bytes, start: int) -> None:
    end = guest.call(PREFIX + "end", data, Tagged(start), result="tagged")

    assert end == varint.end(data, start)
    if end > 0:
        number = guest.call(PREFIX + "at", data, Tagged(start), result="tagged")
        assert number == varint.at(data, start)
