"""What makes the demo fail. A check that cannot fail would be none."""

from collections import Counter

from e2e.demo import telemetry
from e2e.demo.measure import CONNECTIONS, Measured
from e2e.demo.tally import of_answers
from e2e.demo.traffic import Load, Request

ANSWERED = Counter({Request("acme", "GET", 200): 3, Request("acme", "GET", 404): 1})


def measured() -> Measured:
    load = Load("http://127.0.0.1", [], connections=CONNECTIONS, signatures=[])
    load.answered = Counter(ANSWERED)
    load.signed = Counter(
        {(telemetry.SIGNATURE_BEFORE, "x/1"): 2, (telemetry.SIGNATURE_AFTER, "x/1"): 2}
    )
    load.connections_opened = CONNECTIONS
    return Measured(
        load=load,
        seconds=1.0,
        changed_after=2,
        change_seconds=0.01,
        change_requests=1,
        envoy=of_answers(ANSWERED),
        mean_ms={},
    )


def test_equal_counts_and_no_failure_are_no_defect() -> None:
    assert measured().defects() == []


def test_a_request_that_envoy_did_not_count_is_a_defect() -> None:
    run = measured()
    run.envoy.subtract(of_answers(Counter({Request("acme", "GET", 404): 1})))

    assert run.defects() == ["acme GET 4xx: the client counted 1, Envoy 0"]


def test_a_failed_request_is_a_defect() -> None:
    run = measured()
    run.load.failures.append("GET /orders/200 of acme: asked for 200, got 503")

    assert run.defects() == ["failed: GET /orders/200 of acme: asked for 200, got 503"]


def test_one_connection_more_is_a_defect() -> None:
    run = measured()
    run.load.connections_opened += 1

    assert run.defects() == [f"{CONNECTIONS} connections expected, {CONNECTIONS + 1} opened"]


def test_a_change_that_no_answer_shows_is_a_defect() -> None:
    run = measured()
    del run.load.signed[telemetry.SIGNATURE_AFTER, "x/1"]

    assert run.defects() == [f"no answer had the header {telemetry.SIGNATURE_AFTER}"]
