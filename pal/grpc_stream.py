"""gRPC streams between a plugin and a server.

    class Feed(GrpcStream):
        def on_message(self, message: bytes) -> None:
            ...

    self.feed = Feed(self)          # in a plugin
    self.feed.open("feed", "feed.v1.Feed", "Watch")

Messages are serialised by the filter. A stream of the plugin's start waits for the first tick.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from typing import Final

from pal import dispatch, hostcalls, parts
from pal.callout import CalloutHeaders, CalloutStateError
from pal.context import PluginContext
from pal.grpc_callout import GrpcCallout, GrpcEnd, GrpcRequest, pending, read_message

_MAP_INITIAL: Final = 4
_MAP_TRAILING: Final = 5


class GrpcStream(GrpcCallout):
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
        self.prepare(GrpcRequest(cluster, service, method, metadata or [], b"", 0))
        self.launch_for(self.plugin)

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
        pending.take(parts.root_id(self.plugin), token)
        parts.check("grpc_cancel", hostcalls.grpc_cancel(token))

    def launch(self, root_id: int) -> None:
        """Open the stream."""
        super().launch(root_id)
        self.on_open()

    def send_request(self, request: GrpcRequest) -> int:
        """Make the host call."""
        return hostcalls.grpc_stream(
            request.cluster, request.service, request.method, request.metadata
        )

    def ends_with_message(self) -> bool:
        """It does not."""
        return False

    def received(self, size: int) -> None:
        """Hand the message on."""
        self.on_message(read_message(size))

    def closed(self, end: GrpcEnd) -> None:
        """Say that it is over."""
        self.on_close(end)

    def _open_token(self) -> int:
        if self.token == 0:
            raise CalloutStateError("the stream is not open")
        return self.token


def proxy_on_grpc_receive_initial_metadata(root_id: int, token: int, count: int) -> None:
    """Initial metadata; unary calls never show any."""
    stream = pending.find(root_id, token)
    if not isinstance(stream, GrpcStream):
        return
    try:
        stream.on_initial_metadata(CalloutHeaders(_MAP_INITIAL, count))
    except Exception as error:
        dispatch.report(error)


def proxy_on_grpc_receive_trailing_metadata(root_id: int, token: int, count: int) -> None:
    """Trailing metadata; unary calls never show any."""
    stream = pending.find(root_id, token)
    if not isinstance(stream, GrpcStream):
        return
    try:
        stream.on_trailing_metadata(CalloutHeaders(_MAP_TRAILING, count))
    except Exception as error:
        dispatch.report(error)
