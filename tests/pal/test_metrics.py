import pytest

from pal import HostcallError, metrics, status
from pal.abi import METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM
from pal.metrics import Counter, Gauge, Histogram, LabelledCounter, LabelledHistogram
from tests.pal.fake_host import FakeHost


def test_the_three_kinds(host: FakeHost) -> None:
    counter, gauge, histogram = Counter("a_total"), Gauge("b"), Histogram("c_ms")

    counter.increment()
    counter.increment(5)
    gauge.set(7)
    gauge.add(-2)
    histogram.record(12)

    assert host.metrics == [
        (METRIC_COUNTER, "a_total"),
        (METRIC_GAUGE, "b"),
        (METRIC_HISTOGRAM, "c_ms"),
    ]
    assert host.recorded == {"a_total": [1, 5], "b": [7, -2], "c_ms": [12]}
    assert host.calls[3:5] == ["increment_metric", "increment_metric"]
    assert host.calls[5:] == ["record_metric", "increment_metric", "record_metric"]


def test_a_metric_is_defined_once_however_often_it_is_constructed(host: FakeHost) -> None:
    Counter("a_total").increment()
    Counter("a_total").increment()
    Gauge("a_total")

    assert host.metrics == [(METRIC_COUNTER, "a_total"), (METRIC_GAUGE, "a_total")]
    assert host.count("a_total") == 2


def test_a_new_vm_defines_anew(host: FakeHost) -> None:
    Counter("a_total")
    metrics.reset()
    Counter("a_total")

    assert host.metric_names == ["a_total", "a_total"]


def test_a_refused_metric_is_named(host: FakeHost) -> None:
    host.refusals["define_metric"] = status.INTERNAL_FAILURE

    with pytest.raises(HostcallError, match="define_metric a_total: INTERNAL_FAILURE"):
        Counter("a_total")


def test_refused_values_are_errors(host: FakeHost) -> None:
    counter, gauge, histogram = Counter("a_total"), Gauge("b"), Histogram("c_ms")
    host.refusals = {
        "increment_metric": status.BAD_ARGUMENT,
        "record_metric": status.NOT_FOUND,
    }

    with pytest.raises(HostcallError, match="increment_metric: BAD_ARGUMENT"):
        counter.increment(0)
    with pytest.raises(HostcallError, match="increment_metric: BAD_ARGUMENT"):
        gauge.add(1)
    with pytest.raises(HostcallError, match="record_metric: NOT_FOUND"):
        gauge.set(1)
    with pytest.raises(HostcallError, match="record_metric: NOT_FOUND"):
        histogram.record(1)


def test_labelled_counters_are_bounded(host: FakeHost) -> None:
    counter = LabelledCounter("r_total", ["tenant", "code"], limit=3)

    for number in range(1000):
        counter.increment([f"t{number}", "2xx"])
    counter.increment(["t1", "2xx"], amount=10)

    assert host.metric_names == [
        "r_total{tenant=t0,code=2xx}",
        "r_total{tenant=t1,code=2xx}",
        "r_total{tenant=t2,code=2xx}",
        "r_total{tenant=other,code=other}",
    ]
    assert host.count("r_total{tenant=t1,code=2xx}") == 11
    assert host.count("r_total{tenant=other,code=other}") == 997


def test_labelled_histograms_are_bounded(host: FakeHost) -> None:
    histogram = LabelledHistogram("d_ms", ["tenant"], limit=2)

    for number in range(5):
        histogram.record([f"t{number}"], number)

    assert host.recorded == {
        "d_ms{tenant=t0}": [0],
        "d_ms{tenant=t1}": [1],
        "d_ms{tenant=other}": [2, 3, 4],
    }


def test_the_value_of_one_label_may_be_a_text(host: FakeHost) -> None:
    counter = LabelledCounter("r_total", ["tenant"], limit=1)
    histogram = LabelledHistogram("d_ms", ["tenant"], limit=1)

    for tenant in ("a", "a", "b"):
        counter.increment(tenant)
        histogram.record(tenant, 1)
    counter.increment(["a"])

    assert host.count("r_total{tenant=a}") == 3
    assert host.count("r_total{tenant=other}") == 1
    assert host.recorded["d_ms{tenant=a}"] == [1, 1]
