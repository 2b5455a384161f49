"""HTTP callouts, natively and as Wasm."""

import pytest

from mixer2.testhost import Host, LogLevel, Request, Response, UpstreamFailure
from mixer2.testhost.callouts import Cluster
from mixer2.testhost.plugin import Load
from pal.dispatch import ERRORS_METRIC

FILTER = "tests/pal/asking.py"
ABANDONED = "mixer2_callouts_abandoned_total{plugin=asking}"
ERRORS = f"{ERRORS_METRIC}{{plugin=asking}}"

pytestmark = pytest.mark.cpython


def test_the_answer_lets_the_request_pass(load: Load) -> None:
    host = load(FILTER, clusters={"auth": Response(200, {}, b"yes", {"x-trailer": "t"})})
    assert host.get("/x", {"x-who": "me"}).status == 200
    assert len(host.upstream_requests) == 1
    (callout,) = host.http_callouts
    request = callout.request
    assert (request.method, request.path, request.authority) == ("POST", "/x", "auth")
    assert (request.headers["x-who"], request.body) == ("me", b"question")
    assert (callout.cluster, callout.timeout) == ("auth", 200)
    assert host.log_lines == ["auth: 200 yes", "trailer x-trailer: t"]


def test_the_answer_denies_the_request(load: Load) -> None:
    host = load(FILTER, clusters={"auth": Response(401)})
    response = host.get("/x")
    assert (response.status, response.body) == (403, b"denied")
    assert host.upstream_requests == []


@pytest.mark.simulated("the callout times out in 200 ms of real time")
def test_the_request_is_held_until_the_answer(load: Load) -> None:
    host = load(FILTER, clusters={"auth": None})
    exchange = host.open("POST", "/x", body=[b"one", b"two"], upstream=Response(200))
    assert exchange.request_is_held
    host.http_callouts[0].respond(Response(200))
    host.advance(0)
    assert exchange.response.status == 200
    assert host.upstream_requests[0].body == b"onetwo"


def test_an_answer_may_lead_to_another_question(load: Load) -> None:
    def answer(request: Request) -> Response:
        return Response(200 if request.path == "/again" else 202)

    host = load(FILTER, clusters={"auth": answer})
    assert host.get("/x", {"x-who": "me"}).status == 200
    assert [callout.request.path for callout in host.http_callouts] == ["/x", "/again"]
    assert host.http_callouts[1].request.headers["x-who"] == "me"


def test_a_callout_holds_a_response(load: Load) -> None:
    host = load(FILTER, {"check_responses": True}, clusters={"auth": Response(200, {}, b"fine")})
    response = host.get("/response", upstream=Response(200, {}, b"body"))
    assert (response.headers["x-auth"], response.body) == ("fine", b"body")


FAILURES = [
    (UpstreamFailure.TIMEOUT, 501),
    (UpstreamFailure.REFUSED, 502),
    (UpstreamFailure.CLOSED, 503),
    (UpstreamFailure.RESET, 503),
]


@pytest.mark.parametrize(("failure", "status"), FAILURES)
def test_failures_are_told_apart(load: Load, failure: UpstreamFailure, status: int) -> None:
    """The filter answers 500 + the failure's number."""
    host = load(FILTER, clusters={"auth": failure})
    assert host.get("/strict").status == status


@pytest.mark.parametrize(
    "answer",
    [
        Response(504, {}, b"upstream request timeout"),
        Response(503, {}, b"no healthy upstream"),
        Response(503, {}, b"upstream connect error or disconnect/reset before headers."),
        Response(500),
    ],
)
def test_what_the_service_itself_answers_is_no_failure(load: Load, answer: Response) -> None:
    host = load(FILTER, clusters={"auth": answer})
    assert host.get("/strict").status == 403


@pytest.mark.parametrize("failure", list(UpstreamFailure))
def test_a_failure_passes_unless_the_plugin_refuses(load: Load, failure: UpstreamFailure) -> None:
    assert load(FILTER, clusters={"auth": failure}).get("/x").status == 200
    refusing = load(FILTER, {"refuse": True}, clusters={"auth": failure})
    assert refusing.get("/x").status == 503


@pytest.mark.simulated("a test of the clock")
def test_the_clock_brings_the_timeout(load: Load) -> None:
    host = load(FILTER, clusters={"auth": None})
    exchange = host.open(path="/strict")
    host.advance(0.199)
    assert exchange.request_is_held
    host.advance(0.001)
    assert exchange.response.status == 501


def test_a_stream_that_has_ended_is_a_normal_case(load: Load) -> None:
    host = load(FILTER, clusters={"auth": None})
    host.open("GET", "/x").disconnect()
    host.http_callouts[0].respond(Response(200))
    assert host.stats[ABANDONED] == 1
    assert host.log_lines == []


@pytest.mark.parametrize("refuse", [False, True])
def test_a_continuation_that_raises(load: Load, refuse: bool) -> None:
    answer = Response(200, {"x-raise": "1"})
    host = load(FILTER, {"refuse": refuse}, clusters={"auth": answer})
    assert host.get("/x").status == (500 if refuse else 200)
    assert host.stats[ERRORS] == 1
    assert host.log_lines[-1].endswith("ValueError: in on_response")


def test_an_unknown_cluster_is_an_error_of_the_callback(load: Load) -> None:
    host = load(FILTER, clusters={"auth": None})
    assert host.get("/unknown").status == 200
    assert host.log_lines[-1].endswith("http_call to 'nowhere': BAD_ARGUMENT")


@pytest.mark.simulated("the order of two answers")
def test_a_callout_is_sent_once(load: Load) -> None:
    host = load(FILTER, clusters={"auth": Response(200)})
    host.get("/twice")
    assert host.log_lines[0].endswith(
        "CalloutStateError: a callout is sent again only after its answer"
    )


def settings(load: Load, cluster: Cluster) -> Host:
    return load(FILTER, {"settings": "settings"}, clusters={"settings": cluster})


@pytest.mark.simulated("the main thread starts the plugin too")
def test_callouts_of_the_start_wait_for_the_first_tick(load: Load) -> None:
    host = settings(load, Response(200, {}, b"all"))
    assert host.http_callouts == []
    host.advance(0.001)
    assert host.log_lines == ["settings: 200 all"]
    host.advance(10)
    assert len(host.http_callouts) == 1


@pytest.mark.simulated("the main thread starts the plugin too")
def test_a_plugin_learns_of_failures(load: Load) -> None:
    host = settings(load, UpstreamFailure.REFUSED)
    host.advance(1)
    assert host.log_lines == ["settings: UNREACHABLE"]


@pytest.mark.simulated("the main thread starts the plugin too")
def test_a_plugins_continuation_that_raises_is_reported(load: Load) -> None:
    host = settings(load, Response(500))
    host.advance(1)
    assert host.stats[ERRORS] == 1
    assert [line.level for line in host.log] == [LogLevel.INFO, LogLevel.ERROR]


@pytest.mark.simulated("the main thread starts the plugin too")
def test_a_cluster_that_the_start_does_not_find_is_reported_later(load: Load) -> None:
    host = load(FILTER, {"settings": "nowhere"})
    host.advance(1)
    assert host.stats[ERRORS] == 1
    assert host.log_lines[0].endswith("http_call to 'nowhere': BAD_ARGUMENT")


@pytest.mark.simulated("the main thread starts the plugin too")
def test_a_plugin_asks_again_and_again(load: Load) -> None:
    host = load(FILTER, {"refresh_ms": 100}, clusters={"settings": Response(200, {}, b"v")})
    for _ in range(3):
        host.advance(0.1)
    assert host.log_lines == ["settings: 200 v"] * 3


@pytest.mark.simulated("a test of the clock")
def test_an_answer_comes_before_what_is_due_later(load: Load) -> None:
    host = load(FILTER, {"refresh_ms": 100}, clusters={"settings": Response(200, {}, b"v")})
    host.advance(10)
    assert host.log_lines == ["settings: 200 v"] * 100


@pytest.mark.simulated("the main thread starts the plugin too")
def test_asking_while_an_answer_is_due_is_an_error(load: Load) -> None:
    host = load(FILTER, {"refresh_ms": 100}, clusters={"settings": None})
    host.advance(0.2)
    assert len(host.http_callouts) == 1
    assert host.stats[ERRORS] == 1
    host.http_callouts[0].respond(Response(200))


def test_nothing_is_left_of_many_callouts(load: Load) -> None:
    host = load(FILTER, clusters={"auth": Response(200)})
    for _ in range(20):
        host.get("/x")
    before = host.live_objects
    for _ in range(20):
        host.get("/x")
    assert host.live_objects == before
