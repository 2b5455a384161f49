"""gRPC callouts: unary calls and streams that a plugin makes on its own.

A unary call ends with a message or with a status, never both. A stream brings initial metadata,
messages, trailing metadata and a status. All of it comes to the root context.
Source: Envoy, `context.cc`, `grpcCall`, `grpcStream`; order as Envoy 1.40 was seen to have.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from mixer2.testhost.abi import BufferType, MapType
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.callouts import call_root
from mixer2.testhost.errors import HostError
from mixer2.testhost.header_map import HeaderMap, HeadersLike

if TYPE_CHECKING:
    from mixer2.testhost.clock import Timer
    from mixer2.testhost.contexts import RootContext

UNAVAILABLE: Final = 14


@dataclass(frozen=True, slots=True)
class GrpcRequest:
    """What a plugin asks for.

    Attributes:
        cluster: Name of the cluster.
        service: Full name of the service.
        method: Name of the method.
        metadata: Initial metadata.
        message: The serialised message of a unary call; b"" of a stream.
        timeout: Milliseconds, 0 for none.
    """

    cluster: str
    service: str
    method: str
    metadata: HeaderMap
    message: bytes = b""
    timeout: int = 0


@dataclass(frozen=True, slots=True)
class GrpcError:
    """A call that fails.

    Attributes:
        status: gRPC status code, not 0.
        message: What the server says about it.
    """

    status: int
    message: str = ""


GrpcAnswer: TypeAlias = bytes | GrpcError
"""What a unary call ends with: a serialised message, or a failure."""


class GrpcCall:
    """A unary call, as the test sees it.

    Args:
        root: The plugin that gets the answer.
        token: What the plugin knows it by.
        request: What it asks for.
    """

    def __init__(self, root: "RootContext", token: int, request: GrpcRequest) -> None:
        self.root = root
        self.token = token
        self.request = request
        self.is_pending = True
        self._timer: Timer | None = None
        if request.timeout:
            self._timer = root.vm.proxy.clock.after(request.timeout / 1000, self.time_out)

    def __repr__(self) -> str:
        state = "pending" if self.is_pending else "answered"
        return f"GrpcCall({self.request.service}/{self.request.method}, {state})"

    def answer(self, answer: GrpcAnswer) -> None:
        """End it."""
        if isinstance(answer, GrpcError):
            self.fail(answer.status, _from_upstream(answer.message))
        else:
            self._finish()
            _show_message(self.root, answer)
            call_root(self.root, "proxy_on_grpc_receive", self.token, len(answer))

    def time_out(self) -> None:
        """The server takes too long."""
        self.fail(UNAVAILABLE, "upstream request timeout{response_timeout}")

    def fail(self, status: int, message: str) -> None:
        """End it without an answer; `message` is exactly what the plugin will read."""
        self._finish()
        self.root.callout_status = (status, message)
        call_root(self.root, "proxy_on_grpc_close", self.token, status)

    def cancel(self) -> None:
        """The plugin does not want the answer any more; nobody will be told."""
        self._finish()

    def _finish(self) -> None:
        if not self.is_pending:
            raise HostError(f"{self!r} was answered already")
        self.is_pending = False
        if self._timer is not None:
            self._timer.cancel()


@dataclass(slots=True)
class GrpcStream:
    """A stream, as the test sees it: what the plugin sent, and the server's side to play.

    Attributes:
        sent: Messages that the plugin sent.
        half_closed: Whether the plugin said that it sends no more.
        is_pending: Whether it is open.
        has_begun: Whether the server has sent its initial metadata.
    """

    root: "RootContext"
    token: int
    request: GrpcRequest
    sent: list[bytes] = field(default_factory=list)
    half_closed: bool = False
    is_pending: bool = True
    has_begun: bool = False

    def __repr__(self) -> str:
        state = "open" if self.is_pending else "closed"
        return f"GrpcStream({self.request.service}/{self.request.method}, {state})"

    def send_initial_metadata(self, metadata: HeadersLike = ()) -> None:
        """The server's first word; HTTP headers are among the metadata."""
        self.has_begun = True
        headers = _server_headers()
        for name, value in HeaderMap(metadata).items():
            headers.add(name, value)
        headers.add("x-envoy-upstream-service-time", "0")
        self._show_metadata(MapType.GRPC_INITIAL_METADATA, headers)

    def send_message(self, message: bytes) -> None:
        """The server sends a message; initial metadata before it, if there was none."""
        self._check_open()
        if not self.has_begun:
            self.send_initial_metadata()
        _show_message(self.root, message)
        self._call("proxy_on_grpc_receive", len(message))

    def close(self, status: int = 0, message: str = "", trailers: HeadersLike = ()) -> None:
        """The server ends the stream: trailing metadata, then the status.

        Without a word before, they come in one with the headers, and initial metadata is empty.
        """
        metadata = HeaderMap()
        if not self.has_begun:
            self._show_metadata(MapType.GRPC_INITIAL_METADATA, metadata)
            metadata = _server_headers()
        self._end(metadata, status, message, trailers)

    def reject(self, status: int, message: str = "") -> None:
        """The server ends the stream with its first word."""
        self.close(status, message)

    def fail(self, status: int, message: str) -> None:
        """The stream ends without trailing metadata; `message` is what the plugin will read."""
        self._check_open()
        self.is_pending = False
        self.root.callout_status = (status, message)
        call_root(self.root, "proxy_on_grpc_close", self.token, status)

    def _end(self, metadata: HeaderMap, status: int, message: str, trailers: HeadersLike) -> None:
        metadata.add("grpc-status", str(status))
        if message:
            metadata.add("grpc-message", message)
        for name, value in HeaderMap(trailers).items():
            metadata.add(name, value)
        self._show_metadata(MapType.GRPC_TRAILING_METADATA, metadata)
        if self.is_pending:
            self.fail(status, _from_upstream(message))

    def _show_metadata(self, map_type: MapType, metadata: HeaderMap) -> None:
        callback = "initial" if map_type is MapType.GRPC_INITIAL_METADATA else "trailing"
        self.root.callout.headers[map_type] = metadata
        self._call(f"proxy_on_grpc_receive_{callback}_metadata", len(metadata))

    def cancel(self) -> None:
        """The plugin resets the stream; nobody will be told."""
        self.is_pending = False

    def _call(self, callback: str, size: int) -> None:
        self._check_open()
        call_root(self.root, callback, self.token, size)

    def _check_open(self) -> None:
        if not self.is_pending:
            raise HostError(f"{self!r}: nothing comes any more")


def _from_upstream(message: str) -> str:
    """A status text of a server, as Envoy hands it on."""
    return f"{message}{{via_upstream}}" if message else "via_upstream"


def _server_headers() -> HeaderMap:
    return HeaderMap([(":status", "200"), ("content-type", "application/grpc")])


def _show_message(root: "RootContext", message: bytes) -> None:
    root.callout.buffers[BufferType.GRPC_MESSAGE] = Buffer(message, writable=False)
