"""Metrics: ids, and what each kind allows."""

import pytest

from mixer2.testhost.abi import MetricType, Status
from mixer2.testhost.errors import Refused
from mixer2.testhost.metrics import MetricIds, MetricReader, Stats

COUNTER, GAUGE, HISTOGRAM = MetricType


def test_ids_tell_the_kind_and_count_up_by_four() -> None:
    ids = MetricIds(Stats())

    defined = [ids.define(kind, f"m{kind}{turn}") for turn in range(2) for kind in range(3)]

    assert defined == [4, 5, 6, 8, 9, 10]


def test_the_same_name_gets_a_new_id_on_the_same_stat() -> None:
    stats = Stats()
    ids = MetricIds(stats)
    first, second = ids.define(COUNTER, "hits"), ids.define(COUNTER, "hits")

    ids.increment(first, 1)
    ids.increment(second, 2)

    assert (first, second) == (4, 8)
    assert stats.counters == {"hits": 3}


def test_stats_are_of_the_process_ids_of_the_vm() -> None:
    stats = Stats()
    one, other = MetricIds(stats), MetricIds(stats)
    metric = one.define(COUNTER, "hits")
    other.define(COUNTER, "hits")

    one.increment(metric, 2)

    assert other.value(metric) == 2


@pytest.mark.parametrize(
    ("kind", "offset", "status"),
    [
        (COUNTER, 1, Status.OK),
        (COUNTER, 0, Status.BAD_ARGUMENT),
        (COUNTER, -1, Status.BAD_ARGUMENT),
        (GAUGE, 5, Status.OK),
        (GAUGE, -5, Status.OK),
        (HISTOGRAM, 1, Status.BAD_ARGUMENT),
    ],
)
def test_increment(kind: MetricType, offset: int, status: Status) -> None:
    ids = MetricIds(Stats())
    metric = ids.define(kind, "m")

    assert status_of(lambda: ids.increment(metric, offset)) is status


@pytest.mark.parametrize(("kind", "seen"), [(COUNTER, 7), (GAUGE, 5), (HISTOGRAM, [2, 5])], ids=str)
def test_record_adds_sets_or_samples(kind: MetricType, seen: object) -> None:
    stats = Stats()
    ids = MetricIds(stats)
    metric = ids.define(kind, "m")

    ids.record(metric, 2)
    ids.record(metric, 5)

    assert (MetricReader(stats).get("m") or stats.samples.get("m")) == seen


@pytest.mark.parametrize(
    ("metric", "status"), [(8, Status.NOT_FOUND), (9, Status.NOT_FOUND), (7, Status.BAD_ARGUMENT)]
)
def test_unknown_ids(metric: int, status: Status) -> None:
    ids = MetricIds(Stats())

    assert status_of(lambda: ids.increment(metric, 1)) is status
    assert status_of(lambda: ids.value(metric)) is status
    assert status_of(lambda: ids.record(metric, 1)) is Status.NOT_FOUND


def test_a_histogram_has_no_value() -> None:
    ids = MetricIds(Stats())
    metric = ids.define(HISTOGRAM, "m")

    assert status_of(lambda: ids.value(metric)) is Status.BAD_ARGUMENT


def test_there_are_three_kinds() -> None:
    assert status_of(lambda: MetricIds(Stats()).define(3, "m")) is Status.BAD_ARGUMENT


def status_of(call: object) -> Status:
    assert callable(call)
    try:
        call()
    except Refused as refused:
        return refused.status
    return Status.OK
