"""Unary gRPC calls that a plugin makes on its own.

    class Check(GrpcCall):
        def on_message(self, message: bytes) -> Action:
            return Action.CONTINUE if allowed(message) else self.stream.send_local_response(403)

    def on_request_headers(self, end_of_stream: bool) -> Action:
        return Check(self).send("auth", "auth.v1.Check", "Check", question, timeout_ms=200)

A `GrpcCall` belongs to an HTTP stream, which waits for it as for an `HttpCallout`; a
`PluginGrpcCall` belongs to the plugin. Messages are serialised by the filter. What is asked at the
plugin's start waits for the first tick.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from typing import Final

from pal import hostcalls, parts
from pal.action import Action
from pal.callout import StreamTie
from pal.context import HttpContext, PluginContext
from pal.grpc_callout import GrpcCallout, GrpcEnd, GrpcRequest, read_message

RESOURCE_EXHAUSTED: Final = 8
"""Status of a call whose answer is longer than `PluginGrpcCall.max_message_bytes`."""


class GrpcCall(GrpcCallout):
    """A unary call whose answer a stream waits for.

    Args:
        stream: Who asks.
        holds_response: Whether the stream's response waits for the answer: for calls that are made
            in response callbacks.
    """

    def __init__(self, stream: HttpContext, holds_response: bool = False) -> None:
        super().__init__()
        self._tie = StreamTie(stream, holds_response)

    @property
    def stream(self) -> HttpContext:
        """Who asked.

        Raises:
            CalloutStateError: the call is over; it lets go of the stream then.
        """
        return self._tie.stream

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
        return self._tie.without_answer()

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
        self.prepare(GrpcRequest(cluster, service, method, metadata or [], message, timeout_ms))
        self.launch(root_id)
        return Action.PAUSE

    def send_request(self, request: GrpcRequest) -> int:
        """Make the host call."""
        return _send(request)

    def received(self, size: int) -> None:
        """Run the continuation in the stream, if there still is one."""
        self._conclude(read_message(size), None)

    def closed(self, end: GrpcEnd) -> None:
        """Run the continuation in the stream, if there still is one."""
        self._conclude(b"", end)

    def _conclude(self, message: bytes, failure: GrpcEnd | None) -> None:
        tie = self._tie
        if tie.enter():
            try:
                answer = self.on_message(message) if failure is None else self.on_failure(failure)
                tie.conclude(answer)
            except Exception as error:
                tie.raised(error)
        tie.release()


class PluginGrpcCall(GrpcCallout):
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
        self.prepare(GrpcRequest(cluster, service, method, metadata or [], message, timeout_ms))
        self.launch_for(self.plugin)

    def send_request(self, request: GrpcRequest) -> int:
        """Make the host call."""
        return _send(request)

    def received(self, size: int) -> None:
        """Run the continuation."""
        if size > self.max_message_bytes:
            self.on_failure(GrpcEnd(RESOURCE_EXHAUSTED, f"an answer of {size} bytes"))
            return
        self.on_message(read_message(size))

    def closed(self, end: GrpcEnd) -> None:
        """Run the continuation."""
        self.on_failure(end)


def _send(request: GrpcRequest) -> int:
    return hostcalls.grpc_call(
        request.cluster,
        request.service,
        request.method,
        request.metadata,
        request.message,
        request.timeout_ms,
    )
