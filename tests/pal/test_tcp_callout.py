"""Callouts of connections, natively and as Wasm."""

import pytest

from mixer2.testhost import Response, UpstreamFailure
from mixer2.testhost.plugin import Load

FILTER = "tests/pal/gatekeeping.py"
ABANDONED = "mixer2_callouts_abandoned_total{plugin=gatekeeping}"
ERRORS = "mixer2_callback_errors_total{plugin=gatekeeping}"


def test_bytes_wait_for_the_answer(load: Load) -> None:
    host = load(FILTER, clusters={"auth": None})
    connection = host.connect()
    connection.send(b"ask me")
    assert connection.upstream_received == b""
    host.http_callouts[0].respond(Response(200, body=b"yes"))
    assert connection.upstream_received == b"ask me"
    assert host.log_lines == ["auth: 200 yes"]
    connection.send(b" and more")
    assert connection.upstream_received == b"ask me and more"


def test_a_connection_waits_before_it_is_proxied(load: Load) -> None:
    host = load(FILTER, {"at_once": True}, clusters={"auth": None})
    connection = host.connect(early_data=True)
    assert not connection.is_connected
    host.http_callouts[0].respond(Response(200))
    assert connection.is_connected


def test_an_answer_may_close(load: Load) -> None:
    host = load(FILTER, clusters={"auth": Response(403)})
    connection = host.connect()
    connection.send(b"ask me")
    assert connection.is_over
    assert connection.upstream_received == b""


def test_an_answer_may_lead_to_another_question(load: Load) -> None:
    host = load(FILTER, clusters={"auth": None})
    connection = host.connect()
    connection.send(b"ask me")
    host.http_callouts[0].respond(Response(202))
    assert connection.upstream_received == b""
    host.http_callouts[1].respond(Response(200))
    assert [callout.request.path for callout in host.http_callouts] == ["/data", "/again"]
    assert connection.upstream_received == b"ask me"


@pytest.mark.parametrize("refuse", [False, True])
@pytest.mark.parametrize(
    ("failure", "name"),
    [
        (UpstreamFailure.TIMEOUT, "TIMEOUT"),
        (UpstreamFailure.REFUSED, "UNREACHABLE"),
        (UpstreamFailure.CLOSED, "BROKEN"),
    ],
)
def test_failures_are_told_apart(
    load: Load, failure: UpstreamFailure, name: str, refuse: bool
) -> None:
    host = load(FILTER, {"refuse": refuse}, clusters={"auth": failure})
    connection = host.connect()
    connection.send(b"ask me")
    assert host.log_lines == [f"auth: {name}"]
    assert connection.is_over == refuse
    assert connection.upstream_received == (b"" if refuse else b"ask me")


@pytest.mark.parametrize("refuse", [False, True])
def test_a_continuation_that_raises(load: Load, refuse: bool) -> None:
    host = load(FILTER, {"refuse": refuse}, clusters={"auth": Response(500)})
    connection = host.connect()
    connection.send(b"ask me")
    assert host.stats[ERRORS] == 1
    assert connection.is_over == refuse


def test_a_connection_that_has_ended_is_a_normal_case(load: Load) -> None:
    host = load(FILTER, clusters={"auth": None})
    connection = host.connect()
    connection.send(b"ask me")
    connection.close()
    host.http_callouts[0].respond(Response(200))
    assert host.stats[ABANDONED] == 1
    assert host.log_lines == []
