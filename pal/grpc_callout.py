"""What gRPC callouts share; `pal.grpc_call` has unary ones, `pal.grpc_stream` streams.

Source: Proxy-Wasm ABI 0.2.1, "gRPC calls"; Envoy 1.40 ends a unary call with a message or with a
status, never with both, and appends `{via_upstream}` to the status text of a server.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from typing import Final

from pal import dispatch, hostcalls, pairs
from pal.callout import Callout, PendingCallouts, read_buffer

UNAVAILABLE: Final = 14
"""Status of a server that cannot be reached, and of one that took too long."""

_BUFFER_MESSAGE: Final = 5


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
        self.cluster = cluster.encode()
        self.service = service
        self.method = method
        self.metadata = pairs.encode(metadata)
        self.message = message
        self.timeout_ms = timeout_ms

    def __str__(self) -> str:
        return f"{self.service}/{self.method} at {self.cluster.decode()!r}"


class GrpcCallout(Callout):
    """What all gRPC callouts do; filters use one of its subclasses."""

    def __init__(self) -> None:
        super().__init__()
        self._request: GrpcRequest | None = None

    def received(self, size: int) -> None:
        """A message came, which `read_message` shows."""
        raise NotImplementedError

    def closed(self, end: GrpcEnd) -> None:
        """It is over."""
        raise NotImplementedError

    def ends_with_message(self) -> bool:
        """Whether the first message is the last callback."""
        return True

    def prepare(self, request: GrpcRequest) -> None:
        """Have `launch` send a request.

        Raises:
            CalloutStateError: an earlier one has not been answered yet.
        """
        self.check_idle()
        self._request = request

    def launch(self, root_id: int) -> None:
        """Send the request.

        Raises:
            HostcallError: PARSE_FAILURE, the proxy has no such cluster.
        """
        request = self._request
        if request is not None:
            self._request = None
            pending.add(root_id, self.send_request(request), self, str(request))

    def send_request(self, request: GrpcRequest) -> int:
        """Make the host call; its token, negative when the proxy refuses."""
        raise NotImplementedError


pending: Final = PendingCallouts()
"""Calls and streams; no token is both."""


def read_message(size: int) -> bytes:
    """The message of `proxy_on_grpc_receive`."""
    return read_buffer(_BUFFER_MESSAGE, size)


def proxy_on_grpc_receive(root_id: int, token: int, size: int) -> None:
    """A message."""
    callout = pending.find(root_id, token)
    if not isinstance(callout, GrpcCallout):
        return
    if callout.ends_with_message():
        pending.take(root_id, token)
    try:
        callout.received(size)
    except Exception as error:
        dispatch.report(error)


def proxy_on_grpc_close(root_id: int, token: int, status: int) -> None:
    """A call failed, or a stream is over."""
    callout = pending.take(root_id, token)
    if not isinstance(callout, GrpcCallout):
        return
    try:
        callout.closed(GrpcEnd(status, hostcalls.get_grpc_message()))
    except Exception as error:
        dispatch.report(error)
