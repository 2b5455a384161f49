"""Times as texts, against the library."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.wire.timestamp import rfc3339


@given(st.integers(0, 2**62 - 1))
def test_every_time_is_the_calendars(ns: int) -> None:
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ns // 10**6)
    assert rfc3339(ns) == expected.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_days_that_are_easily_wrong() -> None:
    for text in (
        "1970-01-01T00:00:00.000Z",
        "2000-02-29T23:59:59.999Z",
        "2100-03-01T00:00:00.001Z",
    ):
        at = datetime.fromisoformat(text)
        ns = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
        assert rfc3339(ns) == text
