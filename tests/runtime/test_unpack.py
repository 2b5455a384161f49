"""Packed static data, made whole again by the run-time's own function."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer2.compiler.link.packing import pack
from tests.runtime.harness import LinkedRuntime, Runtime

_SIZE = 70_000

repetitive = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.integers(0, 600).map(bytes),
        st.sampled_from([b"abcd", b"\0\0\0@", b"mixer2" * 80]),
    ),
    max_size=30,
).map(b"".join)


@pytest.fixture(scope="module")
def shared(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def unpacked(runtime: Runtime, data: bytes) -> bytes:
    """The data, packed and unpacked; nothing is written behind it."""
    packed = pack(data)
    source = runtime.raw("mixer2_alloc", len(packed) + 1)
    target = runtime.raw("mixer2_alloc", len(data) + 1)
    runtime.write(source, packed)
    runtime.write(target, b"\xaa" * (len(data) + 1))
    runtime.raw("unpack", source, target, target + len(data))
    found = bytes(runtime.read(target, len(data) + 1))
    runtime.raw("mixer2_free", source)
    runtime.raw("mixer2_free", target)
    assert found[-1:] == b"\xaa"
    return found[:-1]


@given(repetitive)
def test_nothing_is_lost(shared: Runtime, data: bytes) -> None:
    assert unpacked(shared, data) == data


@pytest.mark.parametrize("distance", [1, 127, 128, 32_767, 32_768, 40_000])
def test_what_repeats_far_away(shared: Runtime, distance: int) -> None:
    noise = bytes((i * i % 251 ^ i >> 7) & 0xFF for i in range(_SIZE))
    data = noise[:distance] + noise[: _SIZE - distance]

    assert unpacked(shared, data) == data


def test_zeros_are_short() -> None:
    assert len(pack(bytes(10_000))) < 50
