"""Token buckets, against a bucket that counts tokens."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from adapters.backend.bucket import BucketShape, Draw

SECOND = 1_000_000_000


class Tokens:
    """A bucket of exact fractions of tokens."""

    def __init__(self, interval_ns: int, burst: int) -> None:
        self._interval_ns = interval_ns
        self._burst = burst
        self._tokens = Fraction(burst)
        self._at_ns = 0

    def take(self, now_ns: int, wanted: int) -> tuple[int, int]:
        gained = Fraction(now_ns - self._at_ns, self._interval_ns)
        self._tokens = min(Fraction(self._burst), self._tokens + gained)
        self._at_ns = now_ns
        granted = min(wanted, int(self._tokens))
        self._tokens -= granted
        return granted, int(self._tokens)


steps = st.lists(st.tuples(st.integers(0, 3 * SECOND), st.integers(1, 5)), max_size=40)


@given(st.integers(1, 1000), st.integers(1, 50), steps)
def test_a_draw_gets_what_a_bucket_of_tokens_gives(
    requests: int, burst: int, steps: list[tuple[int, int]]
) -> None:
    shape = BucketShape(requests, SECOND, burst)
    model = Tokens(shape.interval_ns, burst)
    state = None
    now = 1_700_000_000 * SECOND
    model._at_ns = now
    for passed, wanted in steps:
        now += passed
        draw = Draw(shape, state, now, wanted)
        assert (draw.granted, draw.remaining) == model.take(now, wanted)
        assert (draw.wait_ns == 0) == (draw.remaining > 0)
        assert Draw(shape, draw.state(), now + draw.wait_ns, 1).granted == 1
        assert Draw(shape, draw.state(), now + draw.full_ns, burst + 1).granted == burst
        state = draw.state()


@given(st.binary(max_size=12), st.integers(0, 2**61))
def test_garbage_neither_raises_nor_grants_too_much(state: bytes, now: int) -> None:
    draw = Draw(BucketShape(10, SECOND, 7), state, now, 100)
    assert 0 <= draw.granted <= 7


def test_a_clock_that_was_set_back_waits_no_longer_than_for_an_empty_bucket() -> None:
    shape = BucketShape(1, SECOND, 1)
    empty = Draw(shape, None, 1000 * SECOND, 1).state()
    draw = Draw(shape, empty, 500 * SECOND, 1)
    assert (draw.granted, draw.wait_ns) == (0, SECOND)
