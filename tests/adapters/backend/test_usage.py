"""The kind `usage`, natively and as Wasm."""

import json
from collections import Counter
from typing import Any

import pytest

from mixer2.testhost import ConfigurationRefusedError, Host, Request, Response, UpstreamFailure
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/reporting.py"
DOWN = UpstreamFailure.REFUSED


class Billing:
    """A receiver that knows which batches it has seen, and can be down."""

    def __init__(self) -> None:
        self.answer: Response | UpstreamFailure = Response(204)
        self.asked = 0
        self.seen: dict[tuple[str, int], list[dict[str, Any]]] = {}

    def take(self, request: Request) -> Response | UpstreamFailure:
        self.asked += 1
        assert request.headers["content-type"] == "application/json"
        batch = json.loads(request.body)
        answered = isinstance(self.answer, Response) and self.answer.status < 300
        if answered:
            known = self.seen.setdefault((batch["source"], batch["sequence"]), batch["records"])
            assert known == batch["records"]
        return self.answer

    def total(self, field: str) -> Counter[str]:
        total: Counter[str] = Counter()
        for records in self.seen.values():
            for record in records:
                total[record["consumer"]] += record[field]
        return total

    def sequences(self) -> list[int]:
        return sorted(sequence for _, sequence in self.seen)


def using(load: Load, billing: Billing, workers: int = 1, **settings: Any) -> Host:
    configuration = {
        "kind": "usage",
        "settings": {"cluster": "billing", "interval": "1s", **settings},
        "names": ["consumer"],
    }
    return load(
        FILTER,
        configuration,
        clusters={"billing": billing.take},
        vm_id="shared",
        leak_check=False,
        workers=workers,
    )


def use(host: Host, consumer: str, times: int = 1, code: int = 200) -> None:
    for _ in range(times):
        host.post("/", b"12345", {"consumer": consumer}, upstream=Response(code, {}, b"x" * 100))


def test_consumers_are_charged_for_what_they_used(load: Load) -> None:
    billing = Billing()
    host = using(load, billing, path="/usage")
    use(host, "ann", 3)
    use(host, "ann", 1, code=404)
    use(host, "bob", 2)
    assert billing.asked == 0
    host.advance(1)
    assert billing.total("requests") == {"ann": 4, "bob": 2}
    assert billing.total("errors") == {"ann": 1, "bob": 0}
    assert billing.total("request_bytes")["ann"] >= 4 * 5
    assert billing.total("response_bytes")["bob"] >= 2 * 100
    assert host.http_callouts[0].request.path == "/usage"
    batch = json.loads(host.http_callouts[0].request.body)
    assert batch["from"] <= batch["to"]
    assert batch["from"].endswith("Z")


def test_nobody_is_called_when_nothing_is_used(load: Load) -> None:
    billing = Billing()
    host = using(load, billing)
    host.advance(60)
    use(host, "ann")
    host.advance(60)
    assert billing.asked == 1


@pytest.mark.parametrize(
    "failure",
    [DOWN, UpstreamFailure.TIMEOUT, UpstreamFailure.RESET, Response(503), Response(400)],
    ids=["down", "slow", "reset", "503", "400"],
)
def test_an_outage_loses_and_doubles_nothing(
    load: Load, failure: Response | UpstreamFailure
) -> None:
    billing = Billing()
    host = using(load, billing)
    use(host, "ann")
    host.advance(1)
    billing.answer = failure
    for _ in range(50):
        use(host, "ann", 2)
        host.advance(5)
    calls = billing.asked
    assert calls <= 25
    billing.answer = Response(200)
    host.advance(60)
    assert billing.total("requests") == {"ann": 101}
    assert billing.sequences() == [1, 2, 3]
    warnings = [line for line in host.log_lines if "usage is kept" in line]
    assert len(warnings) == 1
    batches = "mixer2_usage_batches_total{handler=under-test,outcome="
    assert host.stats[f"{batches}delivered}}"] == 3
    assert host.stats[f"{batches}failed}}"] == calls - 1


def test_a_lost_answer_brings_the_same_batch_again(load: Load) -> None:
    billing = Billing()
    host = using(load, billing)
    use(host, "ann", 5)
    lost = Response(503)
    billing.answer = lost
    host.advance(1)
    use(host, "ann", 7)
    billing.answer = Response(200)
    host.advance(10)
    bodies = [one.request.body for one in host.http_callouts]
    assert bodies[0] == bodies[1]
    assert billing.total("requests") == {"ann": 12}


def test_an_outage_costs_memory_for_consumers_only(load: Load) -> None:
    billing = Billing()
    billing.answer = DOWN
    host = using(load, billing, max_consumers=5)
    for number in range(40):
        use(host, f"user-{number}")
    host.advance(120)
    billing.answer = Response(200)
    host.advance(120)
    requests = billing.total("requests")
    assert requests.total() == 40
    assert requests["other"] == 35
    assert len(requests) == 6
    assert host.stats["mixer2_usage_other_total{handler=under-test}"] == 35


@pytest.mark.simulated("sources are others in each host")
def test_workers_are_sources_of_their_own(load: Load) -> None:
    billing = Billing()
    host = using(load, billing, workers=2)
    for number in range(10):
        host.request("GET", "/", {"consumer": "ann"}, worker=number % 2)
    host.advance(2)
    assert billing.total("requests") == {"ann": 10}
    assert len({source for source, _ in billing.seen}) == 2


def test_a_configuration_that_goes_leaves_nothing_behind(load: Load) -> None:
    billing = Billing()
    host = using(load, billing)
    use(host, "ann", 3)
    host.finish()
    host.advance(1)
    assert billing.total("requests") == {"ann": 3}
    assert set(host.shared_data.values()) <= {b"", host.shared_data["mixer2.random"]}


def test_what_it_cannot_send_its_successor_sends(load: Load) -> None:
    billing = Billing()
    billing.answer = DOWN
    host = using(load, billing)
    use(host, "ann", 3)
    host.advance(1)
    use(host, "bob", 2)
    host.finish()
    host.advance(2)
    assert billing.seen == {}

    billing.answer = Response(200)
    configuration = {
        "kind": "usage",
        "settings": {"cluster": "billing", "interval": "1s"},
        "names": ["consumer"],
    }
    clusters = {"billing": billing.take}
    successor = load(FILTER, configuration, clusters=clusters, vm_id="shared", beside=host)
    successor.advance(1)
    assert billing.total("requests") == {"ann": 3, "bob": 2}
    assert successor.shared_data["usage.under-test"] == b""


def test_a_request_without_a_consumer_counts(load: Load) -> None:
    billing = Billing()
    host = using(load, billing)
    host.get("/")
    host.advance(1)
    assert billing.total("requests") == {"unknown": 1}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"cluster": ""}, "settings.cluster: expected a text, got none"),
        ({"interval": "1ms"}, "settings.interval: expected at least 100ms, got 1ms"),
        ({"max_consumers": 0}, "settings.max_consumers: expected at least 1"),
    ],
)
def test_settings_without_meaning_are_refused(
    load: Load, settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ConfigurationRefusedError) as caught:
        using(load, Billing(), **settings)
    assert reason in str(caught.value)
