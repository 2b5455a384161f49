"""Contexts: the objects whose `on_*` callbacks the proxy drives.

    plugin configuration    1 --- 1  PluginContext
    HTTP request/response   1 --- 1  HttpContext

Every callback has a default that lets traffic pass, so a filter overrides only what it cares
about; what it does not override costs nothing. Callbacks stand in the order Envoy makes them.
"""

from pal import attributes, digits, hostcalls, pairs, status
from pal.abi import (
    BUFFER_REQUEST_BODY,
    BUFFER_RESPONSE_BODY,
    MAP_REQUEST_HEADERS,
    MAP_REQUEST_TRAILERS,
    MAP_RESPONSE_HEADERS,
    MAP_RESPONSE_TRAILERS,
    NO_GRPC_STATUS,
    STREAM_REQUEST,
    STREAM_RESPONSE,
)
from pal.action import Action, ErrorPolicy
from pal.body import Body
from pal.errors import HostcallError
from pal.header_map import HeaderMap


class PluginContext:
    """One configuration of the plugin in one worker of the proxy.

    A filter module has exactly one concrete subclass; that is the plugin. It takes no
    constructor arguments. Envoy makes workers + 2 of them per configuration, so what the start
    does to the outside world happens that often.

    Attributes:
        configuration: The bytes that the operator wrote; empty before `on_configure`.
        error_policy: What becomes of a request when one of the plugin's callbacks raises.
    """

    def __init__(self) -> None:
        self.configuration: bytes = b""
        self.error_policy: ErrorPolicy = ErrorPolicy.PASS

    @property
    def plugin_name(self) -> str:
        """Name under which the operator installed the plugin; a host call each time."""
        return attributes.get_str("plugin_name") or ""

    @property
    def plugin_root_id(self) -> str:
        """Root id of the plugin's installation; a host call each time."""
        return attributes.get_str("plugin_root_id") or ""

    def on_vm_start(self) -> bool:
        """The sandbox is up; there is no `configuration` yet.

        Returns:
            False to refuse the configuration that brought the plugin here.
        """
        return True

    def on_configure(self) -> bool:
        """Take `configuration`; define metrics here, not per request.

        Returns:
            False to refuse the configuration: the proxy keeps the one it has. An exception
            refuses it too, and `ConfigurationError` says why in one line of the proxy's log.
        """
        return True

    def create_http_context(self) -> "HttpContext":
        """The context of a request that just came: a new one, which keeps what is read of it."""
        return HttpContext(self)

    def on_tick(self) -> None:
        """The period that `set_tick_period` asked for is over."""

    def on_done(self) -> bool:
        """This configuration is about to go.

        Returns:
            False to stay until the plugin calls `pal.hostcalls.done()`.
        """
        return True

    def set_tick_period(self, milliseconds: int) -> None:
        """Ask for `on_tick` every so many milliseconds; 0 stops it."""
        code = hostcalls.set_tick_period_milliseconds(milliseconds)
        if code != status.OK:
            raise HostcallError("set_tick_period_milliseconds", code)


class HttpContext:
    """One HTTP request and its response.

    Args:
        plugin: The plugin context that made this one.

    Attributes:
        context_id: The proxy's number of this context. It is there after the constructor, in
            programs that use a part of `pal` which needs it (`pal.parts`).
    """

    context_id: int

    def __init__(self, plugin: PluginContext) -> None:
        self.plugin = plugin
        self._request_headers: HeaderMap | None = None
        self._request_trailers: HeaderMap | None = None
        self._response_headers: HeaderMap | None = None
        self._response_trailers: HeaderMap | None = None

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """The request's headers are in `request_headers`.

        Args:
            end_of_stream: The request has neither body nor trailers.
        """
        return Action.CONTINUE

    def on_request_body(self, size: int, end_of_stream: bool) -> Action:
        """Bytes of the request's body are in `request_body`.

        Args:
            size: Bytes there: of this part, or of all parts that were held back.
            end_of_stream: This is the end of the body, and no trailers follow.
        """
        return Action.CONTINUE

    def on_request_trailers(self) -> Action:
        """The request's trailers are in `request_trailers`."""
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        """The response's headers are in `response_headers`; it may be a local response.

        Args:
            end_of_stream: The response has neither body nor trailers.
        """
        return Action.CONTINUE

    def on_response_body(self, size: int, end_of_stream: bool) -> Action:
        """Bytes of the response's body are in `response_body`; arguments as `on_request_body`."""
        return Action.CONTINUE

    def on_response_trailers(self) -> Action:
        """The response's trailers are in `response_trailers`."""
        return Action.CONTINUE

    def on_log(self) -> None:
        """The exchange is over, however it ended: once for every context, also without response.

        Another filter may have answered before this one saw the request: then this is the
        context's only callback.
        """

    def on_done(self) -> None:
        """The context is about to go; after `on_log`."""

    @property
    def request_headers(self) -> HeaderMap:
        """Headers of the request. After `on_request_headers` only what was read there is left."""
        headers = self._request_headers
        if headers is None:
            headers = HeaderMap(MAP_REQUEST_HEADERS)
            self._request_headers = headers
        return headers

    @property
    def request_trailers(self) -> HeaderMap:
        """Trailers of the request, in `on_request_trailers`."""
        trailers = self._request_trailers
        if trailers is None:
            trailers = HeaderMap(MAP_REQUEST_TRAILERS)
            self._request_trailers = trailers
        return trailers

    @property
    def response_headers(self) -> HeaderMap:
        """Headers of the response, from `on_response_headers` on."""
        headers = self._response_headers
        if headers is None:
            headers = HeaderMap(MAP_RESPONSE_HEADERS)
            self._response_headers = headers
        return headers

    @property
    def response_trailers(self) -> HeaderMap:
        """Trailers of the response, from `on_response_trailers` on."""
        trailers = self._response_trailers
        if trailers is None:
            trailers = HeaderMap(MAP_RESPONSE_TRAILERS)
            self._response_trailers = trailers
        return trailers

    @property
    def request_body(self) -> Body:
        """Body of the request, in `on_request_body`."""
        return Body(BUFFER_REQUEST_BODY)

    @property
    def response_body(self) -> Body:
        """Body of the response, in `on_response_body`."""
        return Body(BUFFER_RESPONSE_BODY)

    def response_code(self) -> int:
        """Status code of the response; 0 when there is none (yet).

        One host call that fetches the one value, for callbacks that need nothing else of the
        response's headers.
        """
        return _status_code()

    def send_local_response(
        self,
        code: int,
        body: bytes = b"",
        headers: list[tuple[str, str]] | None = None,
        details: str = "",
    ) -> Action:
        """Answer the request from here, once the current callback returns.

        The response passes through this context's own response callbacks. Of two local responses
        the first wins.

        Args:
            code: HTTP status code.
            body: Bytes of the body.
            headers: Further headers of the response.
            details: Why, for the proxy's access log (`%RESPONSE_CODE_DETAILS%`).

        Returns:
            What the callback should return: `return self.send_local_response(403)`.
        """
        answer = hostcalls.send_local_response(
            code, details, body, pairs.encode(headers or []), NO_GRPC_STATUS
        )
        if answer != status.OK:
            raise HostcallError("send_local_response", answer)
        return Action.PAUSE

    def continue_request(self) -> None:
        """Let a held request go on, once the current callback returns."""
        code = hostcalls.continue_stream(STREAM_REQUEST)
        if code != status.OK:
            raise HostcallError("continue_stream", code)

    def continue_response(self) -> None:
        """Let a held response go on, once the current callback returns."""
        code = hostcalls.continue_stream(STREAM_RESPONSE)
        if code != status.OK:
            raise HostcallError("continue_stream", code)


def _status_code() -> int:
    """The response's `:status`; 0 without one. In profile aot build/runtime/host_numbers.c."""
    text = hostcalls.get_header_map_value(MAP_RESPONSE_HEADERS, ":status")
    return 0 if text is None else digits.leading_int(text)
