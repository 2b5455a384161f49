"""What a function lets V8 inline into it."""

from hypothesis import given
from hypothesis import strategies as st

from mixer2.compiler.link import inlining
from mixer2.compiler.link.inlining import Sink

# Declares three locals of two types.
LOCALS = b"\x02\x01\x7f\x02\x7e"

SINKS = [
    Sink(len(piece), bytes([0x10, index]))
    for index, sink in enumerate(inlining.sinks())
    for piece in sink.pieces
    if isinstance(piece, bytes)
]


CALL = b"\x10\x05"
NEVER = b"\x41\x00\x04\x40"  # i32.const 0, if


def body(size: int) -> bytes:
    return LOCALS + CALL + b"\x01" * (size - len(LOCALS) - len(CALL) - 1) + b"\x0b"


def allowance_left(code: bytes, growth: float) -> int:
    """What V8 may still inline after the calls of sinks at the beginning of a function."""
    left = max(50, int(growth * len(code)))
    at = len(LOCALS)
    if code[at:].startswith(NEVER):
        at += len(NEVER)
    while code[at] == 0x10 and code[at : at + 2] != CALL:
        sink = SINKS[code[at + 1]]
        assert sink.size < left, "V8 would call this one"
        left -= sink.size
        at += 2
    return left


@given(st.integers(10, 20_000), st.floats(2, 5))
def test_hardly_anything_is_left_to_inline(size: int, growth: float) -> None:
    changed = inlining.without_inlining(body(size), [60], growth, SINKS)
    if int(growth * size) > 60:
        assert allowance_left(changed, growth) <= 60


@given(st.integers(10, 20_000), st.floats(2, 5))
def test_the_code_itself_stays(size: int, growth: float) -> None:
    changed = inlining.without_inlining(body(size), [60], growth, SINKS)
    added = len(changed) - size
    assert changed[: len(LOCALS)] + changed[len(LOCALS) + added :] == body(size)


def test_sinks_stand_before_all_calls_and_in_no_loop() -> None:
    before = b"\x41\x80\x01\x1a"  # i32.const 128, drop
    loop = b"\x03\x40\x0b"
    rest = b"\x01" * 40 + b"\x0b"
    for code, place in (
        (before + loop + CALL + CALL + rest, len(before + loop)),
        (before + b"\x04\x40" + CALL + b"\x0b" + CALL + rest, len(before) + 2),
        (before + b"\x02\x40\x03\x40\x03\x40\x01" + CALL + b"\x0b\x0b\x0b" + rest, len(before) + 2),
        (before + b"\x11\x00\x00" + CALL + rest, len(before)),
    ):
        changed = inlining.without_inlining(LOCALS + code, [60], 2, SINKS)
        start = len(LOCALS) + place
        assert changed.startswith(LOCALS + code[:place])
        assert changed.endswith(code[place:])
        assert changed[start:].startswith(NEVER)
        assert changed[start + len(NEVER)] == 0x10
        assert changed[start + len(NEVER) :][:2] != CALL


def test_what_calls_nothing_that_could_be_inlined_stays_as_it_is() -> None:
    assert inlining.without_inlining(body(100), [], 2, SINKS) == body(100)
    assert inlining.without_inlining(body(100), [20, 1_000], 2, SINKS) == body(100)
    assert inlining.without_inlining(body(100), [20, 100], 2, SINKS) != body(100)


def test_more_is_inlined_where_there_are_many_small_functions() -> None:
    assert inlining.growth([20, 80, 80, 80]) == 2
    assert inlining.growth([20, 20, 20, 80, 80, 80, 80, 80]) == 3.5
    assert inlining.growth([20, 80]) == 5


def test_sinks_do_nothing_and_come_from_large_to_small() -> None:
    sizes = [sink.size for sink in SINKS]
    assert sizes == sorted(sizes, reverse=True)
    for sink in inlining.sinks():
        assert not sink.type.parameters
        assert not sink.type.results
