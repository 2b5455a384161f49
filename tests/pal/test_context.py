"""What a context offers in its callbacks."""

import pytest

from pal import Action, HostcallError, HttpContext, PluginContext, status
from pal.abi import (
    BUFFER_REQUEST_BODY,
    BUFFER_RESPONSE_BODY,
    MAP_REQUEST_HEADERS,
    MAP_REQUEST_TRAILERS,
    MAP_RESPONSE_HEADERS,
    MAP_RESPONSE_TRAILERS,
)
from tests.pal.fake_host import FakeHost


@pytest.fixture
def context(host: FakeHost) -> HttpContext:
    assert not host.calls
    return HttpContext(PluginContext())


def test_by_default_everything_passes(host: FakeHost, context: HttpContext) -> None:
    assert context.on_request_headers(False) is Action.CONTINUE
    assert context.on_request_body(1, True) is Action.CONTINUE
    assert context.on_request_trailers() is Action.CONTINUE
    assert context.on_response_headers(False) is Action.CONTINUE
    assert context.on_response_body(1, True) is Action.CONTINUE
    assert context.on_response_trailers() is Action.CONTINUE
    context.on_log()
    context.on_done()
    plugin = context.plugin
    assert plugin.on_vm_start()
    assert plugin.on_configure()
    assert plugin.on_done()
    plugin.on_tick()
    assert type(plugin.create_http_context()) is HttpContext
    assert host.calls == []


def test_each_map_is_its_own_and_is_kept(host: FakeHost, context: HttpContext) -> None:
    host.maps = {
        MAP_REQUEST_HEADERS: [("which", "request headers")],
        MAP_REQUEST_TRAILERS: [("which", "request trailers")],
        MAP_RESPONSE_HEADERS: [("which", "response headers")],
        MAP_RESPONSE_TRAILERS: [("which", "response trailers")],
    }

    for _ in range(2):
        assert context.request_headers.get("which") == "request headers"
        assert context.request_trailers.get("which") == "request trailers"
        assert context.response_headers.get("which") == "response headers"
        assert context.response_trailers.get("which") == "response trailers"
    assert host.calls == ["get_header_map_pairs"] * 4


def test_each_body_is_its_own(host: FakeHost, context: HttpContext) -> None:
    host.buffers = {BUFFER_REQUEST_BODY: b"request", BUFFER_RESPONSE_BODY: b"response"}

    assert context.request_body.read() == b"request"
    assert context.response_body.read() == b"response"


def test_the_response_code_costs_one_host_call(host: FakeHost, context: HttpContext) -> None:
    assert context.response_code() == 0
    host.calls.clear()
    host.maps[MAP_RESPONSE_HEADERS] = [(":status", "404")]

    assert context.response_code() == 404
    assert host.calls == ["get_header_map_value"]


def test_a_local_response(host: FakeHost, context: HttpContext) -> None:
    action = context.send_local_response(
        403, b"denied", headers=[("x-a", "1"), ("x-a", "2")], details="no_tenant"
    )

    assert action is not Action.CONTINUE
    assert context.send_local_response(500) is action
    assert host.local_responses == [
        (403, "no_tenant", b"denied", [("x-a", "1"), ("x-a", "2")], -1),
        (500, "", b"", [], -1),
    ]


def test_held_streams_go_on(host: FakeHost, context: HttpContext) -> None:
    context.continue_request()
    context.continue_response()

    assert host.continued == [0, 1]


def test_ticks(host: FakeHost, context: HttpContext) -> None:
    context.plugin.set_tick_period(250)

    assert host.tick_period == 250


def test_refused_calls_are_errors(host: FakeHost, context: HttpContext) -> None:
    for call in ("send_local_response", "continue_stream", "set_tick_period_milliseconds"):
        host.refusals[call] = status.INTERNAL_FAILURE

    with pytest.raises(HostcallError, match=r"^send_local_response: INTERNAL_FAILURE$"):
        context.send_local_response(403)
    with pytest.raises(HostcallError, match=r"^continue_stream: INTERNAL_FAILURE$"):
        context.continue_request()
    with pytest.raises(HostcallError, match=r"^continue_stream: INTERNAL_FAILURE$"):
        context.continue_response()
    with pytest.raises(HostcallError, match=r"^set_tick_period_milliseconds: INTERNAL_FAILURE$"):
        context.plugin.set_tick_period(1)


def test_a_plugin_knows_its_name(host: FakeHost, context: HttpContext) -> None:
    assert context.plugin.plugin_name == ""
    assert context.plugin.plugin_root_id == ""
    host.attributes = {"plugin_name": b"edge", "plugin_root_id": b"r1"}

    assert context.plugin.plugin_name == "edge"
    assert context.plugin.plugin_root_id == "r1"
