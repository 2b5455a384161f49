"""gRPC callouts: unary calls and streams that a plugin makes on its own.

    class Check(GrpcCall):
        def on_message(self, message: bytes) -> Action:
            return Action.CONTINUE if allowed(message) else self.stream.send_local_response(403)

    def on_request_headers(self, end_of_stream: bool) -> Action:
        return Check(self).send("auth", "auth.v1.Check", "Check", question, timeout_ms=200)

A `GrpcCall` belongs to an HTTP stream, which waits for it as for an `HttpCallout`; a
`PluginGrpcCall` and a `GrpcStream` belong to the plugin. Messages are serialised by the filter.
What is asked at the plugin's start waits for the first tick.

Source: Proxy-Wasm ABI 0.2.1, "gRPC calls"; Envoy 1.40 ends a unary call with a message or with a
status, never with both, and appends `{via_upstream}` to the status text of a server.
"""

# ruff: noqa: BLE001 - the ABI says the arguments, and no exception may leave a callback

from typing import Final

from pal import dispatch, hostcalls, pairs, parts
from pal.action import Action
from pal.callout import CalloutHeaders, CalloutStateError, StreamTie, read_buffer
from pal.context import HttpContext, PluginContext
from pal.errors import HostcallError
from pal.timers import Timer

RESOURCE_EXHAUSTED: Final = 8
"""Status of a call whose answer is longer than `PluginGrpcCall.max_message_bytes`."""

UNAVAILABLE: Final = 14
"""Status of a server that cannot be reached, and of one that took too long."""

_MAP_INITIAL: Final = 4
_MAP_TRAILING: Final = 5
_BUFFER_MESSAGE: Final = 5
_START_DELAY_MS: Final = 1


class GrpcEnd:
    """How a call or a stream ended.

    Attributes:
        status: gRPC status code.
        message: What is said about it.
    """

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message

    @property
    def is_timeout(self) -> bool:
        """Whether it took longer than `timeout_ms`; Envoy's status is UNAVAILABLE then."""
        return self.status == UNAVAILABLE and self.message.endswith("{response_timeout}")


class GrpcRequest:
    """What is asked of a server.

    Args:
        cluster: The proxy's name of the server.
        service: Full name of the service.
        method: Name of the method.
        metadata: Initial metadata.
        message: The serialised message of a unary call.
        timeout_ms: Milliseconds to wait; 0 is for ever. Streams have no timeout.
    """

    def __init__(
        self,
        cluster: str,
        service: str,
        method: str,
        metadata: list[tuple[str, str]],
        message: bytes,
        timeout_ms: int,
    ) -> None:
        self.cluster = cluster
        self.service = service
        self.method = method
        self.metadata = metadata
        self.message = message
        self.timeout_ms = timeout_ms


class Callee:
    """What waits for callbacks of a token; filters use one of its subclasses."""

    def __init__(self) -> None:
        self.token = 0

    @property
    def is_pending(self) -> bool:
        """Whether an answer is still to come."""
        return self.token != 0

    def received(self, size: int) -> None:
        """A message came."""
        raise NotImplementedError

    def initial_metadata(self, metadata: CalloutHeaders) -> None:
        """Initial metadata came; unary calls never show any."""

    def trailing_metadata(self, metadata: CalloutHeaders) -> None:
        """Trailing metadata came; unary calls never show any."""

    def closed(self, end: GrpcEnd) -> None:
        """It is over."""
        raise NotImplementedError

    def ends_with_message(self) -> bool:
        """Whether the first message is the last callback."""
        return True

    def start(self, root_id: int, request: GrpcRequest) -> None:
        """Send a unary call.

        Raises:
            CalloutStateError: an earlier one has not been answered yet.
            HostcallError: PARSE_FAILURE, the proxy has no such cluster.
        """
        self.check_idle()
        self.begin(
            root_id,
            hostcalls.grpc_call(
                request.cluster.encode(),
                request.service,
                request.method,
                pairs.encode(request.metadata),
                request.message,
                request.timeout_ms,
            ),
            request,
        )

    def begin(self, root_id: int, token: int, request: GrpcRequest) -> None:
        """Wait for the callbacks of a token, negative when the proxy refused."""
        if token < 0:
            code = hostcalls.last_status()
            raise HostcallError(f"{request.service}/{request.method} at {request.cluster!r}", code)
        self.token = token
        _pending.add(root_id, token, self)

    def check_idle(self) -> None:
        """Refuse to start twice."""
        if self.token != 0:
            raise CalloutStateError("a callout is sent again only after its answer")


class GrpcCall(Callee):
    """A unary call whose answer a stream waits for.

    Args:
        stream: Who asks.
        holds_response: Whether the stream's response waits for the answer: for calls that are made
            in response callbacks.
    """

    def __init__(self, stream: HttpContext, holds_response: bool = False) -> None:
        super().__init__()
        self._tie: StreamTie | None = StreamTie(stream, holds_response)

    @property
    def stream(self) -> HttpContext:
        """Who asked.

        Raises:
            CalloutStateError: the call is over; it lets go of the stream then.
        """
        tie = self._tie
        if tie is None:
            raise CalloutStateError("the callout is over")
        return tie.stream

    def on_message(self, message: bytes) -> Action:
        """The server answered.

        Args:
            message: The serialised message.

        Returns:
            CONTINUE to let the stream go on; what `send_local_response` returned; or PAUSE to
            leave it held, as `send` of a further call does.
        """
        return Action.CONTINUE

    def on_failure(self, failure: GrpcEnd) -> Action:
        """The call failed, at the server or on the way.

        Returns:
            As `on_message`. By default what the plugin's error policy says: the stream passes, or
            is answered with status 503.
        """
        tie = self._tie
        return Action.CONTINUE if tie is None else tie.without_answer()

    def send(
        self,
        cluster: str,
        service: str,
        method: str,
        message: bytes,
        metadata: list[tuple[str, str]] | None = None,
        timeout_ms: int = 1000,
    ) -> Action:
        """Make the call.

        Args:
            cluster: The proxy's name of the server.
            service: Full name of the service, `package.Service`.
            method: Name of the method.
            message: The serialised message.
            metadata: Initial metadata.
            timeout_ms: Milliseconds to wait; 0 is for ever.

        Returns:
            What the callback should return: it holds the stream.

        Raises:
            CalloutStateError: the call has been used before.
            HostcallError: PARSE_FAILURE, the proxy has no such cluster.
        """
        root_id = parts.root_id(self.stream.plugin)
        request = GrpcRequest(cluster, service, method, metadata or [], message, timeout_ms)
        self.start(root_id, request)
        return Action.PAUSE

    def received(self, size: int) -> None:
        """Run the continuation in the stream, if there still is one."""
        message = read_buffer(_BUFFER_MESSAGE, size)
        tie = self._tie
        if tie is not None and tie.enter():
            try:
                tie.conclude(self.on_message(message))
            except Exception as error:
                tie.raised(error)
        # A stream that keeps its callout, which keeps its stream, would stay for ever.
        self._tie = None

    def closed(self, end: GrpcEnd) -> None:
        """Run the continuation in the stream, if there still is one."""
        tie = self._tie
        if tie is not None and tie.enter():
            try:
                tie.conclude(self.on_failure(end))
            except Exception as error:
                tie.raised(error)
        self._tie = None


class PluginGrpcCall(Callee):
    """A unary call that a plugin makes by itself. It can be made again once it is answered.

    Args:
        plugin: Who asks.

    Attributes:
        max_message_bytes: Longest answer that is read; a longer one is a failure.
    """

    def __init__(self, plugin: PluginContext) -> None:
        super().__init__()
        self.plugin = plugin
        self.max_message_bytes = 1_048_576

    def on_message(self, message: bytes) -> None:
        """The server answered."""

    def on_failure(self, failure: GrpcEnd) -> None:
        """The call failed, at the server or on the way."""

    def send(
        self,
        cluster: str,
        service: str,
        method: str,
        message: bytes,
        metadata: list[tuple[str, str]] | None = None,
        timeout_ms: int = 1000,
    ) -> None:
        """Make the call; arguments as of `GrpcCall.send`. At the start it waits for a tick.

        Raises:
            CalloutStateError: an earlier one has not been answered yet.
            HostcallError: PARSE_FAILURE, the proxy has no such cluster.
        """
        request = GrpcRequest(cluster, service, method, metadata or [], message, timeout_ms)
        if parts.is_starting():
            _Later(self.plugin, self, request).start(_START_DELAY_MS, repeat=False)
        else:
            self.start(parts.root_id(self.plugin), request)

    def received(self, size: int) -> None:
        """Run the continuation."""
        if size > self.max_message_bytes:
            self.on_failure(GrpcEnd(RESOURCE_EXHAUSTED, f"an answer of {size} bytes"))
            return
        self.on_message(read_buffer(_BUFFER_MESSAGE, size))

    def closed(self, end: GrpcEnd) -> None:
        """Run the continuation."""
        self.on_failure(end)


class GrpcStream(Callee):
    """A stream between the plugin and a server. It can be opened again once it is closed.

    Args:
        plugin: Whose stream it is.
    """

    def __init__(self, plugin: PluginContext) -> None:
        super().__init__()
        self.plugin = plugin

    def on_open(self) -> None:
        """The stream takes messages: at once, or at the first tick when opened at the start."""

    def on_initial_metadata(self, metadata: CalloutHeaders) -> None:
        """The server's first word; HTTP headers are among the metadata."""

    def on_message(self, message: bytes) -> None:
        """The server sent a message."""

    def on_trailing_metadata(self, metadata: CalloutHeaders) -> None:
        """The server's last word; its status follows."""

    def on_close(self, end: GrpcEnd) -> None:
        """The stream is over; `end.status` is 0 when the server ended it well."""

    def open(
        self,
        cluster: str,
        service: str,
        method: str,
        metadata: list[tuple[str, str]] | None = None,
    ) -> None:
        """Open the stream; arguments as of `GrpcCall.send`. At the start it waits for a tick.

        Raises:
            CalloutStateError: it is open.
            HostcallError: PARSE_FAILURE, the proxy has no such cluster.
        """
        request = GrpcRequest(cluster, service, method, metadata or [], b"", 0)
        if parts.is_starting():
            _Later(self.plugin, self, request).start(_START_DELAY_MS, repeat=False)
        else:
            self.start(parts.root_id(self.plugin), request)

    def send(self, message: bytes, end_of_stream: bool = False) -> None:
        """Send a message, and with `end_of_stream` say that it was the last.

        Raises:
            CalloutStateError: the stream is not open.
        """
        parts.check("grpc_send", hostcalls.grpc_send(self._open_token(), message, end_of_stream))

    def half_close(self) -> None:
        """Say that no more messages will be sent; the server's may still come.

        Raises:
            CalloutStateError: the stream is not open.
        """
        parts.check("grpc_close", hostcalls.grpc_close(self._open_token()))

    def cancel(self) -> None:
        """Reset the stream; no more callbacks come. Nothing happens when it is not open."""
        token = self.token
        if token == 0:
            return
        self.token = 0
        _pending.take(parts.root_id(self.plugin), token)
        parts.check("grpc_cancel", hostcalls.grpc_cancel(token))

    def start(self, root_id: int, request: GrpcRequest) -> None:
        """Open the stream."""
        self.check_idle()
        token = hostcalls.grpc_stream(
            request.cluster.encode(),
            request.service,
            request.method,
            pairs.encode(request.metadata),
        )
        self.begin(root_id, token, request)
        self.on_open()

    def ends_with_message(self) -> bool:
        """It does not."""
        return False

    def received(self, size: int) -> None:
        """Hand the message on."""
        self.on_message(read_buffer(_BUFFER_MESSAGE, size))

    def initial_metadata(self, metadata: CalloutHeaders) -> None:
        """Hand the metadata on."""
        self.on_initial_metadata(metadata)

    def trailing_metadata(self, metadata: CalloutHeaders) -> None:
        """Hand the metadata on."""
        self.on_trailing_metadata(metadata)

    def closed(self, end: GrpcEnd) -> None:
        """Say that it is over."""
        self.on_close(end)

    def _open_token(self) -> int:
        if self.token == 0:
            raise CalloutStateError("the stream is not open")
        return self.token


class _Later(Timer):
    """Starts a callout of the plugin's start."""

    def __init__(self, plugin: PluginContext, callee: Callee, request: GrpcRequest) -> None:
        super().__init__(plugin)
        self._asker = plugin
        self._callee = callee
        self._request = request

    def on_fire(self) -> None:
        """Start it."""
        self._callee.start(parts.root_id(self._asker), self._request)


class _Pending(parts.Part):
    """Calls and streams that wait for callbacks, by root context and token."""

    def __init__(self) -> None:
        self._callees: dict[int, dict[int, Callee]] = {}

    def add(self, root_id: int, token: int, callee: Callee) -> None:
        """Wait for callbacks."""
        callees = self._callees.get(root_id)
        if callees is None:
            callees = {}
            self._callees[root_id] = callees
        callees[token] = callee

    def find(self, root_id: int, token: int) -> Callee | None:
        """What a callback is for; None when nobody waits."""
        callees = self._callees.get(root_id)
        return None if callees is None else callees.get(token)

    def take(self, root_id: int, token: int) -> None:
        """Wait no more."""
        callees = self._callees.get(root_id)
        if callees is not None:
            callees.pop(token, None)

    def forget(self, root_id: int) -> None:
        """Nobody answers a plugin that is gone."""
        self._callees.pop(root_id, None)


_pending: Final = _Pending()
parts.add(_pending)


def proxy_on_grpc_receive_initial_metadata(root_id: int, token: int, count: int) -> None:
    """Initial metadata of a stream."""
    callee = _pending.find(root_id, token)
    if callee is None:
        return
    try:
        callee.initial_metadata(CalloutHeaders(_MAP_INITIAL, count))
    except Exception as error:
        dispatch.report(error)


def proxy_on_grpc_receive(root_id: int, token: int, size: int) -> None:
    """A message."""
    callee = _pending.find(root_id, token)
    if callee is None:
        return
    if callee.ends_with_message():
        _finish(root_id, callee)
    try:
        callee.received(size)
    except Exception as error:
        dispatch.report(error)


def proxy_on_grpc_receive_trailing_metadata(root_id: int, token: int, count: int) -> None:
    """Trailing metadata of a stream."""
    callee = _pending.find(root_id, token)
    if callee is None:
        return
    try:
        callee.trailing_metadata(CalloutHeaders(_MAP_TRAILING, count))
    except Exception as error:
        dispatch.report(error)


def proxy_on_grpc_close(root_id: int, token: int, status: int) -> None:
    """A call failed, or a stream is over."""
    callee = _pending.find(root_id, token)
    if callee is None:
        return
    _finish(root_id, callee)
    try:
        callee.closed(GrpcEnd(status, hostcalls.get_grpc_message()))
    except Exception as error:
        dispatch.report(error)


def _finish(root_id: int, callee: Callee) -> None:
    _pending.take(root_id, callee.token)
    callee.token = 0
