"""HTTP callouts: requests that a plugin makes on its own.

    class Check(HttpCallout):
        def on_response(self, response: CalloutResponse) -> Action:
            if response.status == 200:
                return Action.CONTINUE
            return self.stream.send_local_response(403)

    def on_request_headers(self, end_of_stream: bool) -> Action:
        return Check(self).send("auth", "GET", "/check", authority="auth", timeout_ms=200)

`send` answers PAUSE, which holds the request. When the service has answered, the continuation
runs as if it were a callback of the stream, and its verdict says whether the stream goes on. A
stream that ended meanwhile is no error: the continuation does not run.

`PluginHttpCallout` belongs to no stream: a plugin's timer or its start asks for something.
Callouts at the start wait for the first tick, so the proxy's trial start (the canary) makes none.

Source: Proxy-Wasm ABI 0.2.1, "HTTP calls"; Envoy 1.40 answers a timeout and a broken connection
by responses of its own making (`CalloutFailure`).
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from enum import Enum
from typing import Final

from pal import digits, dispatch, hostcalls, pairs, parts
from pal.action import Action
from pal.callout import Callout, CalloutHeaders, PendingCallouts, StreamTie, read_buffer
from pal.context import HttpContext, PluginContext

_MAP_HEADERS: Final = 6
_MAP_TRAILERS: Final = 7
_BUFFER_BODY: Final = 4

_SERVICE_TIME: Final = "x-envoy-upstream-service-time"
_TIMEOUT_BODY: Final = b"upstream request timeout"
_NO_CONNECTION: Final = b"upstream connect error"
_NO_HOST: Final = b"no healthy upstream"
_BROKEN: Final = [b"connection termination", b"remote reset", b"protocol error"]
_SHOWN_BODY_BYTES: Final = 256


class CalloutFailure(Enum):
    """Why there is no answer of the service.

    TIMEOUT: it took too long.
    UNREACHABLE: there was no connection to it: refused, or no healthy host.
    BROKEN: the connection ended before the answer.
    """

    TIMEOUT = 1
    UNREACHABLE = 2
    BROKEN = 3


class CalloutResponse:
    """What a service answered. Read it in the continuation that gets it.

    Args:
        header_count: Headers that there are.
        trailer_count: Trailers that there are.
        body_size: Bytes of the body.

    Attributes:
        body_size: Bytes of the body, which the proxy holds: look before reading a stranger's.
    """

    def __init__(self, header_count: int, trailer_count: int, body_size: int = 0) -> None:
        self.body_size = body_size
        self.headers = CalloutHeaders(_MAP_HEADERS, header_count)
        self.trailers = CalloutHeaders(_MAP_TRAILERS, trailer_count)

    @property
    def status(self) -> int:
        """Status code."""
        return digits.leading_int(self.headers.get(":status") or "")

    @property
    def body(self) -> bytes:
        """The whole body; a host call each time."""
        return read_buffer(_BUFFER_BODY)


class HttpRequest:
    """What is asked of a service.

    Args:
        cluster: The proxy's name of it.
        method: HTTP method.
        path: Path and query.
        authority: Host.
        headers: Further headers.
        body: Bytes of the body.
        timeout_ms: Milliseconds to wait; 0 is for ever.
    """

    def __init__(
        self,
        cluster: str,
        method: str,
        path: str,
        authority: str,
        headers: list[tuple[str, str]] | None,
        body: bytes,
        timeout_ms: int,
    ) -> None:
        self.cluster = cluster
        pseudo = [(":method", method), (":path", path), (":authority", authority)]
        self.headers = pairs.encode([*pseudo, *(headers or [])])
        self.body = body
        self.timeout_ms = timeout_ms


class HttpCalloutBase(Callout):
    """What all HTTP callouts do; filters use one of its subclasses."""

    def __init__(self) -> None:
        super().__init__()
        self._request: HttpRequest | None = None

    def answered(self, response: CalloutResponse, failure: CalloutFailure | None) -> None:
        """Run the continuation."""
        raise NotImplementedError

    def prepare(self, request: HttpRequest) -> None:
        """Have `launch` send a request.

        Raises:
            CalloutStateError: an earlier one has not been answered yet.
        """
        self.check_idle()
        self._request = request

    def launch(self, root_id: int) -> None:
        """Send the request.

        Raises:
            HostcallError: BAD_ARGUMENT, the proxy has no such cluster.
        """
        request = self._request
        if request is None:
            return
        self._request = None
        token = hostcalls.http_call(
            request.cluster, request.headers, request.body, b"", request.timeout_ms
        )
        _pending.add(root_id, token, self, f"http_call to {request.cluster!r}")


class HttpCallout(HttpCalloutBase):
    """A request whose answer a stream waits for.

    Args:
        stream: Who asks.
        holds_response: Whether the stream's response waits for the answer: for callouts that are
            made in response callbacks.
    """

    def __init__(self, stream: HttpContext, holds_response: bool = False) -> None:
        super().__init__()
        self._tie = StreamTie(stream, holds_response)

    @property
    def stream(self) -> HttpContext:
        """Who asked.

        Raises:
            CalloutStateError: the callout is over; it lets go of the stream then.
        """
        return self._tie.stream

    def on_response(self, response: CalloutResponse) -> Action:
        """The service answered, with whatever status.

        Returns:
            CONTINUE to let the stream go on; what `send_local_response` returned; or PAUSE to
            leave it held, as `send` of a further callout does.
        """
        return Action.CONTINUE

    def on_failure(self, failure: CalloutFailure) -> Action:
        """The service did not answer.

        Returns:
            As `on_response`. By default what the plugin's error policy says: the stream passes,
            or is answered with status 503.
        """
        return self._tie.without_answer()

    def send(
        self,
        cluster: str,
        method: str,
        path: str,
        authority: str,
        headers: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        timeout_ms: int = 1000,
    ) -> Action:
        """Send the request.

        Args:
            cluster: The proxy's name of the service.
            method: HTTP method.
            path: Path and query.
            authority: Host.
            headers: Further headers.
            body: Bytes of the body.
            timeout_ms: Milliseconds to wait; 0 is for ever.

        Returns:
            What the callback should return: it holds the stream.

        Raises:
            CalloutStateError: the callout has been used before.
            HostcallError: BAD_ARGUMENT, the proxy has no such cluster.
        """
        root_id = parts.root_id(self.stream.plugin)
        self.prepare(HttpRequest(cluster, method, path, authority, headers, body, timeout_ms))
        self.launch(root_id)
        return Action.PAUSE

    def answered(self, response: CalloutResponse, failure: CalloutFailure | None) -> None:
        """Run the continuation in the stream, if there still is one."""
        tie = self._tie
        if tie.enter():
            try:
                answer = self.on_response(response) if failure is None else self.on_failure(failure)
                tie.conclude(answer)
            except Exception as error:
                tie.raised(error)
        tie.release()


class PluginHttpCallout(HttpCalloutBase):
    """A request that a plugin makes by itself. It can be sent again once it is answered.

    Args:
        plugin: Who asks.
    """

    def __init__(self, plugin: PluginContext) -> None:
        super().__init__()
        self.plugin = plugin

    def on_response(self, response: CalloutResponse) -> None:
        """The service answered, with whatever status."""

    def on_failure(self, failure: CalloutFailure) -> None:
        """The service did not answer."""

    def send(
        self,
        cluster: str,
        method: str,
        path: str,
        authority: str,
        headers: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        timeout_ms: int = 1000,
    ) -> None:
        """Send the request; arguments as of `HttpCallout.send`.

        In `on_configure` and `on_vm_start` it waits for the first tick. A cluster that is not
        there is then reported as if a callback had raised.

        Raises:
            CalloutStateError: an earlier one has not been answered yet.
            HostcallError: BAD_ARGUMENT, the proxy has no such cluster.
        """
        self.prepare(HttpRequest(cluster, method, path, authority, headers, body, timeout_ms))
        self.launch_for(self.plugin)

    def answered(self, response: CalloutResponse, failure: CalloutFailure | None) -> None:
        """Run the continuation."""
        if failure is None:
            self.on_response(response)
        else:
            self.on_failure(failure)


_pending: Final = PendingCallouts()


def proxy_on_http_call_response(
    root_id: int, token: int, header_count: int, body_size: int, trailer_count: int
) -> None:
    """A callout is over."""
    callout = _pending.take(root_id, token)
    if not isinstance(callout, HttpCalloutBase):
        return
    try:
        response = CalloutResponse(header_count, trailer_count, body_size)
        callout.answered(response, _failure(response))
    except Exception as error:
        dispatch.report(error)


def _failure(response: CalloutResponse) -> CalloutFailure | None:
    """Why there is no answer of the service; None when there is one.

    Envoy reports a failure as a response that it makes up, without the service time that it adds
    to answers; its status and its body say what happened.
    """
    status = response.status
    if status == 0:
        return CalloutFailure.BROKEN
    if status not in (503, 504) or _SERVICE_TIME in response.headers:
        return None
    body = read_buffer(_BUFFER_BODY, _SHOWN_BODY_BYTES)
    if status == 504:
        return CalloutFailure.TIMEOUT if body == _TIMEOUT_BODY else None
    if body == _NO_HOST:
        return CalloutFailure.UNREACHABLE
    if not body.startswith(_NO_CONNECTION):
        return None
    for reason in _BROKEN:
        if reason in body:
            return CalloutFailure.BROKEN
    return CalloutFailure.UNREACHABLE
