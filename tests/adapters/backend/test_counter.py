"""`counter` counts by the labels of each instance."""

from adapters.backend.counter import CounterKind
from tests.adapters.backend.conftest import exchange, instance, setup
from tests.pal.fake_host import FakeHost


def test_each_instance_has_its_labels(host: FakeHost) -> None:
    by_plan, by_code = instance("plan"), instance("code", "plan", number=1)
    report = CounterKind().create(setup({"metric": "seen_total"}, by_plan, by_code))

    report.report(by_plan, ["gold"], exchange(), None)
    report.report(by_plan, ["gold"], exchange(), None)
    report.report(by_code, ["200", "gold"], exchange(), None)

    assert host.recorded == {
        "seen_total{plan=gold}": [1, 1],
        "seen_total{code=200,plan=gold}": [1],
    }


def test_what_is_beyond_the_limit_counts_as_other(host: FakeHost) -> None:
    by_plan = instance("plan")
    report = CounterKind().create(setup({"metric": "seen_total", "limit": 1}, by_plan))

    report.report(by_plan, ["gold"], exchange(), None)
    report.report(by_plan, ["silver"], exchange(), None)

    assert host.count("seen_total{plan=other}") == 1
