"""From callbacks to contexts, and what happens when one of them raises."""

import gc
import weakref

import pytest

from pal import (
    Action,
    ConfigurationError,
    ErrorPolicy,
    HttpContext,
    PluginContext,
    dispatch,
    registry,
    status,
)
from pal.abi import (
    BUFFER_PLUGIN_CONFIGURATION,
    MAP_REQUEST_HEADERS,
    MAP_RESPONSE_HEADERS,
)
from tests.pal.fake_host import FakeHost

ROOT = 1
STREAM = 2
ERRORS = "mixer2_callback_errors_total{plugin=unknown}"

REQUEST_CALLBACKS = [
    ("on_request_headers", (0, 1), 4),
    ("on_request_body", (3, 1), 1),
    ("on_request_trailers", (1,), 1),
    ("on_response_headers", (0, 1), 4),
    ("on_response_body", (3, 0), 1),
    ("on_response_trailers", (1,), 1),
]


class Recorder(HttpContext):
    """Notes its callbacks, and does in each what the plugin says."""

    def __init__(self, plugin: "RecorderPlugin") -> None:
        super().__init__(plugin)
        self.recorder = plugin

    def act(self, *event: object) -> Action:
        self.recorder.events.append(event)
        if event[0] == self.recorder.raise_in:
            raise ValueError("boom")
        return self.recorder.action

    def on_request_headers(self, end_of_stream: bool) -> Action:
        return self.act("on_request_headers", end_of_stream)

    def on_request_body(self, size: int, end_of_stream: bool) -> Action:
        return self.act("on_request_body", size, end_of_stream)

    def on_request_trailers(self) -> Action:
        return self.act("on_request_trailers")

    def on_response_headers(self, end_of_stream: bool) -> Action:
        return self.act("on_response_headers", end_of_stream)

    def on_response_body(self, size: int, end_of_stream: bool) -> Action:
        return self.act("on_response_body", size, end_of_stream)

    def on_response_trailers(self) -> Action:
        return self.act("on_response_trailers")

    def on_log(self) -> None:
        self.act("on_log")

    def on_done(self) -> None:
        self.act("on_done")


class RecorderPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[tuple[object, ...]] = []
        self.raise_in = ""
        self.action = Action.CONTINUE
        self.accepts = True

    def act(self, event: str) -> bool:
        self.events.append((event,))
        if event == self.raise_in:
            raise ValueError("boom")
        return self.accepts

    def on_vm_start(self) -> bool:
        return self.act("on_vm_start")

    def on_configure(self) -> bool:
        return self.act("on_configure")

    def on_tick(self) -> None:
        self.act("on_tick")

    def on_done(self) -> bool:
        return self.act("plugin.on_done")

    def create_http_context(self) -> HttpContext:
        self.act("create_http_context")
        return Recorder(self)


class Factory(dispatch.PluginFactory):
    """Hands out one plugin, which the test holds."""

    def __init__(self, plugin: PluginContext) -> None:
        self.plugin = plugin

    def create(self) -> PluginContext:
        return self.plugin


@pytest.fixture
def plugin(host: FakeHost) -> RecorderPlugin:
    assert not host.calls
    plugin = RecorderPlugin()
    dispatch.register(Factory(plugin))
    dispatch.proxy_on_context_create(ROOT, 0)
    return plugin


@pytest.fixture
def stream(plugin: RecorderPlugin) -> int:
    dispatch.proxy_on_context_create(STREAM, ROOT)
    plugin.events.clear()
    return STREAM


def call(callback: str, context_id: int, arguments: tuple[int, ...] = ()) -> int:
    result: int | None = getattr(dispatch, f"proxy_{callback}")(context_id, *arguments)
    return result or 0


def assert_traceback(host: FakeHost, function: str) -> None:
    (level, text), *rest = host.logged
    assert not rest
    assert level == 4
    first, *frames, last = text.splitlines()
    assert first == "Traceback (most recent call last):"
    assert all('File "tests/pal/test_dispatch.py"' in line for line in frames)
    assert frames[0].endswith(f", in {function}")
    assert last == "ValueError: boom"
    assert host.count(ERRORS) == 1


def test_a_stream_from_its_creation_to_its_end(plugin: RecorderPlugin, stream: int) -> None:
    for callback, arguments, _ in REQUEST_CALLBACKS:
        assert call(callback, stream, arguments) == 0
    call("on_log", stream)
    assert call("on_done", stream) == 1
    call("on_delete", stream)

    assert plugin.events == [
        ("on_request_headers", True),
        ("on_request_body", 3, True),
        ("on_request_trailers",),
        ("on_response_headers", True),
        ("on_response_body", 3, False),
        ("on_response_trailers",),
        ("on_log",),
        ("on_done",),
    ]
    assert registry.count() == 1


@pytest.mark.parametrize(
    ("action", "results"),
    [
        (Action.CONTINUE, [0, 0, 0, 0, 0, 0]),
        (Action.PAUSE, [4, 1, 1, 4, 1, 1]),
        (Action.BUFFER, [1, 1, 1, 1, 1, 1]),
    ],
)
def test_actions_in_the_numbers_of_the_abi(
    plugin: RecorderPlugin, stream: int, action: Action, results: list[int]
) -> None:
    plugin.action = action

    assert [call(name, stream, arguments) for name, arguments, _ in REQUEST_CALLBACKS] == results


def test_contexts_are_freed_when_they_are_deleted_without_a_collector(host: FakeHost) -> None:
    class Reader(HttpContext):
        def on_request_headers(self, end_of_stream: bool) -> Action:
            self.request_headers.get("a")
            self.response_headers.set("a", "b")
            return Action.CONTINUE

    class ReaderPlugin(PluginContext):
        def create_http_context(self) -> HttpContext:
            context = Reader(self)
            made.append(weakref.ref(context))
            return context

    made: list[weakref.ref[HttpContext]] = []
    host.maps = {MAP_REQUEST_HEADERS: [("a", "1")], MAP_RESPONSE_HEADERS: []}
    dispatch.register(Factory(ReaderPlugin()))
    dispatch.proxy_on_context_create(ROOT, 0)
    gc.disable()
    try:
        for context_id in range(2, 20):
            dispatch.proxy_on_context_create(context_id, ROOT)
            dispatch.proxy_on_request_headers(context_id, 1, 1)
            dispatch.proxy_on_delete(context_id)
        assert len(made) == 18
        assert not any(reference() for reference in made)
    finally:
        gc.enable()
    dispatch.proxy_on_delete(ROOT)
    assert registry.count() == 0


def test_a_plugin_gets_its_configuration(host: FakeHost, plugin: RecorderPlugin) -> None:
    host.buffers[BUFFER_PLUGIN_CONFIGURATION] = b'{"a": 1}'

    assert dispatch.proxy_on_vm_start(ROOT, 0) == 1
    assert dispatch.proxy_on_configure(ROOT, 8) == 1
    dispatch.proxy_on_tick(ROOT)
    assert dispatch.proxy_on_done(ROOT) == 1

    assert plugin.configuration == b'{"a": 1}'
    assert plugin.events == [("on_vm_start",), ("on_configure",), ("on_tick",), ("plugin.on_done",)]


def test_a_plugin_may_refuse_and_delay(host: FakeHost, plugin: RecorderPlugin) -> None:
    plugin.accepts = False

    assert dispatch.proxy_on_vm_start(ROOT, 0) == 0
    assert dispatch.proxy_on_configure(ROOT, 0) == 0
    assert dispatch.proxy_on_done(ROOT) == 0
    assert host.logged == [(4, "configuration refused: on_configure returned False")]


def test_a_refusal_is_one_line(host: FakeHost) -> None:
    class Refusing(PluginContext):
        def on_configure(self) -> bool:
            raise ConfigurationError("limit: expected an integer, got a string")

    dispatch.register(Factory(Refusing()))
    dispatch.proxy_on_context_create(ROOT, 0)

    assert dispatch.proxy_on_configure(ROOT, 0) == 0
    assert host.logged == [(4, "configuration refused: limit: expected an integer, got a string")]


@pytest.mark.parametrize("callback", ["on_vm_start", "on_configure"])
def test_an_exception_refuses_the_configuration(
    host: FakeHost, plugin: RecorderPlugin, callback: str
) -> None:
    plugin.raise_in = callback

    assert call(callback, ROOT, (0,)) == 0
    assert_traceback(host, callback)


def test_a_configuration_that_cannot_be_read_is_refused(
    host: FakeHost, plugin: RecorderPlugin
) -> None:
    assert dispatch.proxy_on_configure(ROOT, 8) == 0
    assert plugin.events == []
    assert host.logged == [(4, "no configuration to read: NOT_FOUND")]


def test_a_plugin_that_cannot_be_made_is_refused(host: FakeHost) -> None:
    class Broken(dispatch.PluginFactory):
        def create(self) -> PluginContext:
            raise ValueError("boom")

    dispatch.register(Broken())
    dispatch.proxy_on_context_create(ROOT, 0)

    assert_traceback(host, "create")
    assert dispatch.proxy_on_vm_start(ROOT, 0) == 0
    assert dispatch.proxy_on_configure(ROOT, 0) == 0
    dispatch.proxy_on_context_create(STREAM, ROOT)
    dispatch.proxy_on_tick(ROOT)
    for callback, arguments, _ in REQUEST_CALLBACKS:
        assert call(callback, STREAM, arguments) == 0
    call("on_log", STREAM)
    assert call("on_done", STREAM) == 1
    call("on_delete", STREAM)
    assert host.local_responses == []


@pytest.mark.parametrize(("callback", "arguments", "_stopped"), REQUEST_CALLBACKS)
def test_by_default_traffic_passes_a_callback_that_raises(
    host: FakeHost,
    plugin: RecorderPlugin,
    stream: int,
    callback: str,
    arguments: tuple[int, ...],
    _stopped: int,
) -> None:
    plugin.raise_in = callback

    assert call(callback, stream, arguments) == 0
    assert host.local_responses == []
    assert_traceback(host, "on_" + callback.removeprefix("on_"))


@pytest.mark.parametrize(("callback", "arguments", "stopped"), REQUEST_CALLBACKS)
def test_a_plugin_may_refuse_the_request_instead(
    host: FakeHost,
    plugin: RecorderPlugin,
    stream: int,
    callback: str,
    arguments: tuple[int, ...],
    stopped: int,
) -> None:
    plugin.raise_in = callback
    plugin.error_policy = ErrorPolicy.REFUSE

    assert call(callback, stream, arguments) == stopped
    assert host.local_responses == [(500, "mixer2_callback_error", b"", [], -1)]
    assert_traceback(host, callback)


def test_the_response_of_a_refusal_passes_though_its_callbacks_raise(
    host: FakeHost, plugin: RecorderPlugin, stream: int
) -> None:
    plugin.error_policy = ErrorPolicy.REFUSE
    plugin.raise_in = "on_request_headers"
    call("on_request_headers", stream, (0, 1))

    plugin.raise_in = "on_response_headers"

    assert call("on_response_headers", stream, (0, 1)) == 0
    assert len(host.local_responses) == 1
    assert host.count(ERRORS) == 2


@pytest.mark.parametrize("callback", ["on_log", "on_done"])
def test_at_the_end_an_exception_is_only_told(
    host: FakeHost, plugin: RecorderPlugin, stream: int, callback: str
) -> None:
    plugin.raise_in = callback
    plugin.error_policy = ErrorPolicy.REFUSE

    call(callback, stream)

    assert host.local_responses == []
    assert_traceback(host, callback)


@pytest.mark.parametrize("callback", ["on_tick", "plugin.on_done"])
def test_an_exception_of_a_plugin_callback_is_only_told(
    host: FakeHost, plugin: RecorderPlugin, callback: str
) -> None:
    plugin.raise_in = callback

    call(callback.removeprefix("plugin."), ROOT)

    assert_traceback(host, callback.removeprefix("plugin."))


@pytest.mark.parametrize(("callback", "arguments", "stopped"), REQUEST_CALLBACKS)
def test_a_stream_without_context_is_refused_at_its_first_callback(
    host: FakeHost,
    plugin: RecorderPlugin,
    callback: str,
    arguments: tuple[int, ...],
    stopped: int,
) -> None:
    plugin.raise_in = "create_http_context"
    plugin.error_policy = ErrorPolicy.REFUSE
    dispatch.proxy_on_context_create(STREAM, ROOT)
    assert host.local_responses == []

    assert call(callback, STREAM, arguments) == stopped
    assert call("on_response_headers", STREAM, (0, 1)) == 0
    assert len(host.local_responses) == 1

    dispatch.proxy_on_delete(STREAM)
    assert call(callback, STREAM, arguments) == 0
    assert len(host.local_responses) == 1


def test_a_stream_without_context_passes_by_default(host: FakeHost, plugin: RecorderPlugin) -> None:
    plugin.raise_in = "create_http_context"
    dispatch.proxy_on_context_create(STREAM, ROOT)

    assert call("on_request_headers", STREAM, (0, 1)) == 0
    assert host.local_responses == []
    assert_traceback(host, "create_http_context")


def test_errors_are_counted_by_plugin(host: FakeHost, plugin: RecorderPlugin, stream: int) -> None:
    host.attributes["plugin_name"] = b"edge telemetry"
    plugin.raise_in = "on_log"

    for _ in range(3):
        call("on_log", stream)

    name = "mixer2_callback_errors_total{plugin=edge telemetry}"
    assert host.metric_names == [name]
    assert host.count(name) == 3


@pytest.mark.parametrize("refused", ["get_property", "define_metric", "increment_metric"])
def test_an_error_that_cannot_be_counted_stays_inside(
    host: FakeHost, plugin: RecorderPlugin, stream: int, refused: str
) -> None:
    host.refusals[refused] = status.INTERNAL_FAILURE
    plugin.raise_in = "on_request_headers"

    assert call("on_request_headers", stream, (0, 1)) == 0
    assert len(host.logged) == 2
    assert "not counted in mixer2_callback_errors_total" in host.logged[1][1]
