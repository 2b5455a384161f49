"""Files of limits: what they mean, and where their mistakes are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer2.quota.configuration import parse_limits, read_limits
from mixer2.quota.errors import InvalidLimits
from mixer2.quota.limits import Limit, Unit, counter_key

FILE = """
domain: edge
descriptors:
- key: user
  rate_limit: {unit: minute, requests_per_unit: 10}
- key: user
  value: batch
  rate_limit: {unit: hour, requests_per_unit: 1000}
  descriptors:
  - key: path
    rate_limit: {unit: second, requests_per_unit: 0}
---
domain: other
"""


@pytest.mark.parametrize(
    ("domain", "entries", "limit"),
    [
        ("edge", [("user", "ann")], Limit(10, Unit.MINUTE)),
        ("edge", [("user", "batch")], Limit(1000, Unit.HOUR)),
        ("edge", [("user", "batch"), ("path", "/x")], Limit(0, Unit.SECOND)),
        ("edge", [("user", "ann"), ("path", "/x")], None),
        ("edge", [("tenant", "ann")], None),
        ("edge", [], None),
        ("other", [("user", "ann")], None),
        ("unknown", [("user", "ann")], None),
    ],
)
def test_which_limit_a_descriptor_meets(
    domain: str, entries: list[tuple[str, str]], limit: Limit | None
) -> None:
    assert parse_limits(FILE, "limits.yaml").find(domain, entries) == limit


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "limits.yaml: there are no limits in it"),
        ("domain: [", "limits.yaml:1:10: expected the node content, but found '<stream end>'"),
        ("- a", "limits.yaml:1:1: expected a mapping"),
        ("descriptors: []", "limits.yaml:1:1: domain: Field required"),
        ("domain: ''", "limits.yaml:1:1: domain: String should have at least 1 character"),
        (
            "domain: a\ndescriptors:\n- key: k\n  rate_limit: {unit: fortnight}",
            (
                "limits.yaml:4:16: descriptors.0.rate_limit.unit: "
                "Input should be 'second', 'minute', "
                "'hour', 'day', 'week', 'month' or 'year'\n"
                "limits.yaml:4:3: descriptors.0.rate_limit.requests_per_unit: Field required"
            ),
        ),
        (
            "domain: a\ndescriptors:\n- key: k\n  ratelimit: 3",
            "limits.yaml:4:3: descriptors.0.ratelimit: Extra inputs are not permitted",
        ),
        (
            "domain: a\ndescriptors:\n- key: k\n  rate_limit: {unit: day, requests_per_unit: -1}",
            (
                "limits.yaml:4:27: descriptors.0.rate_limit.requests_per_unit: "
                "Input should be greater than or equal to 0"
            ),
        ),
        (
            "domain: a\ndescriptors:\n- {key: k, value: v}\n- {key: k, value: v}",
            "limits.yaml:4:4: descriptor k: v stands twice",
        ),
        ("domain: a\n---\ndomain: a", "limits.yaml:3:1: domain a stands twice"),
    ],
)
def test_mistakes_have_their_place(text: str, error: str) -> None:
    with pytest.raises(InvalidLimits) as caught:
        parse_limits(text, "limits.yaml")
    assert str(caught.value) == error


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidLimits, match=r"none\.yaml: .*No such file"):
        read_limits(tmp_path / "none.yaml")


entry_lists = st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=3)


@given(st.tuples(st.text(), entry_lists), st.tuples(st.text(), entry_lists))
def test_different_descriptors_have_different_counters(
    one: tuple[str, list[tuple[str, str]]], other: tuple[str, list[tuple[str, str]]]
) -> None:
    keys = [counter_key(domain, entries, Unit.DAY) for domain, entries in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)


def test_a_long_value_makes_no_long_key() -> None:
    assert len(counter_key("d", [("user", "x" * 60_000)], Unit.DAY)) < 100


def test_the_example_is_right() -> None:
    limits = read_limits(Path(__file__).parents[2] / "examples/limits.yaml")
    assert limits.find("edge", [("user", "batch")]) == Limit(10_000, Unit.HOUR)
