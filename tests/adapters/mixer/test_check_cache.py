"""The check cache is never larger than its limit, and gives no use more than there is."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.backend.check import Verdict
from adapters.mixer.check_cache import CheckCache

MS = 1_000_000
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("abcd"), st.integers(0, 5), st.integers(1, 4)),
        st.tuples(st.just("use"), st.sampled_from("abcd"), st.just(0), st.just(0)),
        st.tuples(st.just("wait"), st.just(""), st.integers(1, 4), st.just(0)),
    ),
    max_size=60,
)


@given(steps, st.integers(0, 3))
def test_uses_and_times_are_kept(plan: list[tuple[str, str, int, int]], limit: int) -> None:
    cache = CheckCache(limit)
    now_ms = 0
    # What could be used at most, by key: the end and the uses of every verdict that was put.
    granted: dict[str, list[list[int]]] = {}
    for what, key, milliseconds, uses in plan:
        if what == "wait":
            now_ms += milliseconds
        elif what == "put":
            verdict = Verdict(True, valid_ms=milliseconds, valid_uses=uses)
            cache.put(key, verdict, now_ms * MS, 0)
            granted.setdefault(key, []).append([now_ms + milliseconds, uses])
        elif cache.use(key, now_ms * MS) is not None:
            good = [one for one in granted.get(key, []) if one[0] > now_ms and one[1] > 0]
            assert good, "used what nobody granted"
            good[0][1] -= 1
        assert len(cache._grants) <= limit


def test_the_next_grant_follows_the_one_before() -> None:
    cache = CheckCache(10)
    cache.put("k", Verdict(True, valid_ms=10, valid_uses=2), 0, 1)
    cache.put("k", Verdict(False, valid_ms=100), 0, 0)

    found = [cache.use("k", 0) for _ in range(3)]

    assert [one is not None and one.verdict.allowed for one in found] == [True, False, False]
    assert cache.use("k", 101 * MS) is None
    assert cache.is_empty()
