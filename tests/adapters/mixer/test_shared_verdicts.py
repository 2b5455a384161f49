"""What one worker was told, the others need not ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.backend.check import Verdict
from adapters.mixer.shared_verdicts import _decoded, _encoded
from mixer2.testhost import Response
from mixer2.testhost.plugin import Load
from pal import hostcalls
from tests.adapters.mixer.test_checks import FILTER, count, saying
from tests.pal.fake_host import FakeHost

CONFIGURATION = {"handlers": {"auth": {"shared": {}}}, "rules": [{"check": "auth"}]}


def test_a_verdict_is_asked_for_once_by_all_workers(load: Load) -> None:
    host = load(FILTER, CONFIGURATION, clusters={"auth": saying(200, valid_ms=1000)}, workers=2)

    for _ in range(2):
        for worker in (0, 1, 1, 0):
            response = host.request("GET", "/", {"x-user": "bob"}, worker=worker)
            assert (response.status, response.headers["x-verdict"]) == (200, "200")
        host.advance(1.0)

    assert len(host.http_callouts) == 2
    assert count(host, "calls") == 2
    assert [one.headers["x-consumer"] for one in host.upstream_requests] == ["known"] * 8


def test_a_refusal_is_shared_with_its_body(load: Load) -> None:
    host = load(FILTER, CONFIGURATION, clusters={"auth": saying(403, valid_ms=1000)}, workers=2)

    for worker in (0, 1):
        response = host.request("GET", "/", {"x-user": "eve"}, worker=worker)
        assert (response.status, response.body) == (403, b"no")

    assert len(host.http_callouts) == 1


def test_a_worker_waits_for_the_call_of_another(load: Load) -> None:
    host = load(FILTER, CONFIGURATION, clusters={"auth": None}, workers=2)

    first = host.open("GET", "/", {"x-user": "bob"}, worker=0, upstream=Response(200))
    second = host.open("GET", "/", {"x-user": "bob"}, worker=1, upstream=Response(200))
    (callout,) = host.http_callouts
    host.advance(0.05)
    assert second.request_is_held
    callout.respond(saying(200, valid_ms=60_000))
    host.advance(0.01)

    assert (first.response.status, second.response.status) == (200, 200)
    assert len(host.http_callouts) == 1


def test_when_the_other_gets_no_verdict_a_worker_asks_itself(load: Load) -> None:
    host = load(FILTER, CONFIGURATION, clusters={"auth": None}, workers=2)

    first = host.open("GET", "/", {"x-user": "bob"}, worker=0, upstream=Response(200))
    second = host.open("GET", "/", {"x-user": "bob"}, worker=1, upstream=Response(200))
    host.http_callouts[0].respond(Response(500))
    host.advance(0.01)
    assert first.response.status == 503
    host.http_callouts[1].respond(saying(200, valid_ms=60_000))
    host.advance(0.01)

    assert second.response.status == 200


def test_what_is_good_for_one_request_is_claimed_no_more(load: Load) -> None:
    host = load(FILTER, CONFIGURATION, clusters={"auth": saying(200)}, workers=2)
    host.request("GET", "/", {"x-user": "bob"}, worker=0)
    start = len(host.workers[0].vm.transcript.crossings)

    host.request("GET", "/", {"x-user": "bob"}, worker=0)

    crossings = host.workers[0].vm.transcript.crossings[start:]
    assert not [one for one in crossings if "shared_data" in one.name]
    assert len(host.http_callouts) == 2


headers = st.none() | st.lists(
    st.tuples(st.sampled_from(["a", "x-b"]), st.text("aé\udc80 ", max_size=5)), min_size=1
)


@given(st.booleans(), st.binary(max_size=40), headers, headers)
def test_a_verdict_survives(
    allowed: bool,
    body: bytes,
    to_request: list[tuple[str, str]] | None,
    to_response: list[tuple[str, str]] | None,
) -> None:
    verdict = Verdict(
        allowed,
        status=404,
        body=body,
        details="why",
        valid_ms=1000,
        request_headers=to_request,
        response_headers=to_response,
    )
    hostcalls.install(FakeHost())  # type: ignore[arg-type]
    found = _decoded(_encoded(verdict))
    hostcalls.install(None)

    assert found is not None
    assert vars(found) == vars(verdict)


@pytest.mark.usefixtures("host")
def test_what_somebody_else_wrote_is_no_verdict() -> None:
    for data in (b"x", b"\x01\0\0\0", bytes(40)):
        assert _decoded(data) is None
