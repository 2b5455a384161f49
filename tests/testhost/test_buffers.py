"""Buffers: edits at the ends, as Envoy has them."""

import pytest

from mixer2.testhost.abi import WHOLE, Status
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.errors import Refused


def test_the_edits_that_envoy_was_seen_to_make() -> None:
    buffer = Buffer(b"0123456789")

    buffer.write(WHOLE, 0, b"-END")
    buffer.write(0, 0, b"0123")
    buffer.write(0, 4, b"NEW")

    assert buffer.data == b"NEW0123456789-END"


@pytest.mark.parametrize(
    ("start", "size", "result"),
    [
        (0, 0, b"+abc"),
        (0, 1, b"+bc"),
        (0, 3, b"+"),
        (0, WHOLE, b"+"),
        (3, 0, b"abc+"),
        (3, 9, b"abc+"),
        (WHOLE, WHOLE, b"abc+"),
    ],
)
def test_writes_at_the_ends(start: int, size: int, result: bytes) -> None:
    buffer = Buffer(b"abc")

    buffer.write(start, size, b"+")

    assert buffer.data == result


@pytest.mark.parametrize(("start", "size"), [(1, 0), (1, 1), (2, 1), (2, WHOLE)])
def test_an_edit_in_the_middle_is_refused(start: int, size: int) -> None:
    with pytest.raises(Refused) as refused:
        Buffer(b"abc").write(start, size, b"+")

    assert refused.value.status is Status.BAD_ARGUMENT


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(Refused) as refused:
        Buffer(b"abc", writable=False).write(0, 0, b"+")

    assert refused.value.status is Status.BAD_ARGUMENT


@pytest.mark.parametrize(
    ("start", "size", "result"),
    [(0, WHOLE, b"abc"), (1, 1, b"b"), (2, 9, b"c"), (3, 1, b""), (WHOLE, WHOLE, b"")],
)
def test_reads_are_clipped(start: int, size: int, result: bytes) -> None:
    assert Buffer(b"abc").read(start, size) == result
