"""gRPC callouts, natively and as Wasm."""

import pytest

from mixer2.testhost import GrpcError, GrpcRequest, GrpcStream, Host
from mixer2.testhost.plugin import Load
from pal.dispatch import ERRORS_METRIC

FILTER = "tests/pal/calling.py"
ABANDONED = "mixer2_callouts_abandoned_total{plugin=calling}"
ERRORS = f"{ERRORS_METRIC}{{plugin=calling}}"


def test_the_answer_lets_the_request_pass(load: Load) -> None:
    seen: list[GrpcRequest] = []

    def answer(request: GrpcRequest) -> bytes:
        seen.append(request)
        return b"yes"

    host = load(FILTER, grpc_services={"auth": answer})
    assert host.get("/x").status == 200
    (request,) = seen
    assert (request.service, request.method, request.message) == ("pkg.Auth", "Check", b"question")
    assert (request.metadata["k"], request.timeout) == ("v", 200)


def test_the_answer_denies_the_request(load: Load) -> None:
    host = load(FILTER, grpc_services={"auth": b"no"})
    assert host.get("/x").status == 403
    assert host.upstream_requests == []


def test_an_answer_may_lead_to_another_question(load: Load) -> None:
    def answer(request: GrpcRequest) -> bytes:
        return b"again" if request.method == "Check" else b"yes"

    host = load(FILTER, grpc_services={"auth": answer})
    assert host.get("/x").status == 200
    assert host.log_lines == ["auth: again", "auth: yes"]


def test_an_empty_message_is_an_answer(load: Load) -> None:
    host = load(FILTER, grpc_services={"auth": b""})
    assert host.get("/x").status == 403


def test_a_call_holds_a_response(load: Load) -> None:
    host = load(FILTER, {"check_responses": True}, grpc_services={"auth": b"fine"})
    assert host.get("/response").headers["x-auth"] == "fine"


def test_a_failure_is_told(load: Load) -> None:
    host = load(FILTER, grpc_services={"auth": GrpcError(7, "not you")})
    assert host.get("/strict").status == 502
    assert host.log_lines == ["auth: 7 not you{via_upstream}"]


@pytest.mark.simulated("a test of the clock")
def test_a_timeout_is_told_apart(load: Load) -> None:
    host = load(FILTER, grpc_services={"auth": None})
    exchange = host.open(path="/strict")
    host.advance(0.2)
    assert exchange.response.status == 504


def test_a_failure_passes_unless_the_plugin_refuses(load: Load) -> None:
    services = {"auth": GrpcError(14)}
    assert load(FILTER, grpc_services=services).get("/x").status == 200
    assert load(FILTER, {"refuse": True}, grpc_services=services).get("/x").status == 503


@pytest.mark.simulated("a test of the clock")
def test_a_stream_that_has_ended_is_a_normal_case(load: Load) -> None:
    host = load(FILTER, grpc_services={"auth": None})
    host.open("GET", "/x").disconnect()
    host.open("GET", "/strict").disconnect()
    host.grpc_calls[0].answer(b"yes")
    host.grpc_calls[1].answer(GrpcError(7))
    assert host.stats[ABANDONED] == 2
    assert host.log_lines == []


@pytest.mark.parametrize("refuse", [False, True])
def test_a_continuation_that_raises(load: Load, refuse: bool) -> None:
    host = load(FILTER, {"refuse": refuse}, grpc_services={"auth": b"raise"})
    assert host.get("/x").status == (500 if refuse else 200)
    assert host.stats[ERRORS] == 1


def test_an_unknown_cluster_is_an_error_of_the_callback(load: Load) -> None:
    host = load(FILTER, grpc_services={})
    assert host.get("/unknown").status == 200
    assert host.log_lines[-1].endswith("pkg.Auth/Check at 'nowhere': PARSE_FAILURE")


@pytest.mark.simulated("the main thread starts the plugin too")
def test_calls_of_the_start_wait_for_the_first_tick(load: Load) -> None:
    host = load(FILTER, {"settings": True}, grpc_services={"settings": b"all"})
    assert host.grpc_calls == []
    host.advance(0.001)
    assert host.log_lines == ["settings: all"]


@pytest.mark.simulated("the main thread starts the plugin too")
def test_a_plugin_learns_of_failures(load: Load) -> None:
    host = load(FILTER, {"settings": True}, grpc_services={"settings": GrpcError(5)})
    host.advance(1)
    assert host.log_lines == ["settings: 5"]


@pytest.mark.simulated("the main thread starts the plugin too")
def test_an_answer_that_is_too_long_is_a_failure(load: Load) -> None:
    host = load(FILTER, {"settings": True}, grpc_services={"settings": bytes(1_048_577)})
    host.advance(0.001)
    assert host.log_lines == ["settings: 8"]


def feed(load: Load) -> tuple[Host, GrpcStream]:
    host = load(FILTER, grpc_services={"feed": None})
    host.get("/feed")
    (stream,) = host.grpc_streams
    assert stream.sent == [b"hello"]
    host.forget()
    return host, stream


def test_a_streams_life(load: Load) -> None:
    host, stream = feed(load)
    stream.send_initial_metadata({"x-server": "s"})
    stream.send_message(b"one")
    stream.send_message(b"last")
    assert (stream.sent, stream.half_closed) == ([b"hello", b"bye"], True)
    stream.close(0)
    assert host.log_lines[:5] == [
        "feed: initial s",
        "feed: one",
        "feed: last",
        "feed: trailing 0",
        "feed: closed 0 via_upstream",
    ]
    assert host.log_lines[5].endswith("CalloutStateError: the stream is not open")


def test_a_stream_that_fails(load: Load) -> None:
    host, stream = feed(load)
    stream.fail(14, "gone")
    assert host.log_lines[0] == "feed: closed 14 gone"


def test_a_stream_is_half_closed(load: Load) -> None:
    _, stream = feed(load)
    stream.send_message(b"close")
    assert stream.half_closed
    stream.close(0)


def test_a_stream_is_reset_and_opened_again(load: Load) -> None:
    host, stream = feed(load)
    stream.send_message(b"cancel")
    assert not stream.is_pending
    assert host.log_lines == ["feed: initial None", "feed: cancel"]
    host.get("/feed")
    assert len(host.grpc_streams) == 2
    host.grpc_streams[1].close(0)


def test_an_open_stream_is_not_opened_again(load: Load) -> None:
    host, stream = feed(load)
    host.get("/feed")
    assert host.log_lines[0].endswith("a callout is sent again only after its answer")
    stream.close(0)


def test_a_message_that_raises_is_reported_and_the_stream_goes_on(load: Load) -> None:
    host, stream = feed(load)
    stream.send_message(b"raise")
    assert host.stats[ERRORS] == 1
    stream.send_message(b"one")
    assert host.log_lines[-1] == "feed: one"
    stream.close(0)


@pytest.mark.simulated("the main thread starts the plugin too")
def test_streams_of_the_start_wait_for_the_first_tick(load: Load) -> None:
    host = load(FILTER, {"feed": True}, grpc_services={"feed": None})
    assert host.grpc_streams == []
    host.advance(0.001)
    assert host.grpc_streams[0].sent == [b"hello"]
    host.grpc_streams[0].close(0)


def test_nothing_is_left_of_many_calls(load: Load) -> None:
    host = load(FILTER, grpc_services={"auth": b"yes"})
    held = []
    for _ in range(3):
        for _ in range(10):
            host.get("/x")
        held.append(host.live_objects)
    assert held[1] == held[2]
