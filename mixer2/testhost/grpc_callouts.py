"""The gRPC callouts of a proxy: which cluster they go to, and which of them are open.

Source: Envoy, `context.cc`, `grpcCall`, `grpcStream`.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from mixer2.testhost.abi import Status
from mixer2.testhost.errors import ProxyDiedError, Refused, UnsupportedError
from mixer2.testhost.grpc_callout import (
    UNAVAILABLE,
    GrpcAnswer,
    GrpcCall,
    GrpcRequest,
    GrpcStream,
)
from mixer2.testhost.protobuf import last_bytes, read_fields

if TYPE_CHECKING:
    from mixer2.testhost.contexts import RootContext

_NO_CLUSTER: Final = "Cluster not available"

GrpcService: TypeAlias = "GrpcAnswer | Callable[[GrpcRequest], GrpcAnswer | None] | None"
"""Answers unary calls: always so, or as a function says; None when the test does by hand."""


class GrpcCallouts:
    """The gRPC callouts of one proxy.

    Args:
        services: Clusters of gRPC servers.
        post: Runs an action once no guest is running.
    """

    def __init__(
        self, services: Mapping[str, GrpcService], post: Callable[[Callable[[], None]], None]
    ) -> None:
        self._services = services
        self._post = post
        self.calls: list[GrpcCall] = []
        self.streams: list[GrpcStream] = []

    def call(self, root: "RootContext", service: bytes, request: GrpcRequest) -> int:
        """Start a unary call; its token.

        Refused with PARSE_FAILURE for an unknown cluster. One that a `GrpcService` names is
        refused with INTERNAL_FAILURE, and the callback of the failed call comes nevertheless.
        """
        found = self._find(service)
        call = GrpcCall(root, root.vm.tokens.next_grpc_call(), request)
        self.calls.append(call)
        if found is None:
            root.vm.defer(lambda: call.fail(UNAVAILABLE, _NO_CLUSTER))
            raise Refused(Status.INTERNAL_FAILURE)
        answer = self._services[found]
        if answer is not None:
            self._post(lambda: self._answer(call, answer))
        return call.token

    def stream(self, root: "RootContext", service: bytes, request: GrpcRequest) -> int:
        """Open a stream; its token. Refused as `call` is."""
        found = self._find(service)
        stream = GrpcStream(root, root.vm.tokens.next_grpc_stream(), request)
        self.streams.append(stream)
        if found is None:
            root.vm.defer(lambda: stream.fail(UNAVAILABLE, _NO_CLUSTER))
            raise Refused(Status.INTERNAL_FAILURE)
        return stream.token

    def send(self, root: "RootContext", token: int, message: bytes, end_of_stream: bool) -> None:
        """Send on a stream. Refused with BAD_ARGUMENT for a token of another kind."""
        if token & 3 != 2:
            raise Refused(Status.BAD_ARGUMENT)
        stream = self._open_stream(root, token)
        stream.sent.append(message)
        stream.half_closed = end_of_stream

    def close(self, root: "RootContext", token: int) -> None:
        """Half-close a stream, cancel a call."""
        if token & 3 == 2:
            self._open_stream(root, token).half_closed = True
        else:
            self._pending_call(root, token).cancel()

    def cancel(self, root: "RootContext", token: int) -> None:
        """Reset a stream, cancel a call."""
        if token & 3 == 2:
            self._open_stream(root, token).cancel()
        else:
            self._pending_call(root, token).cancel()

    def cancel_of(self, root: "RootContext") -> None:
        """A plugin is gone: nobody waits for its answers any more."""
        waiting: list[GrpcCall | GrpcStream] = [*self.calls, *self.streams]
        for callout in waiting:
            if callout.root is root and callout.is_pending:
                callout.cancel()

    @staticmethod
    def cluster_of(service: bytes) -> str:
        """The cluster that a `GrpcService` message, or a plain name, means."""
        if not service:
            raise ProxyDiedError("a gRPC callout to an empty service: Envoy dies of it")
        fields = read_fields(service)
        if fields is None:
            return service.decode("utf-8", "surrogateescape")
        if not last_bytes(fields, 1):
            raise UnsupportedError("a GrpcService without envoy_grpc is not implemented here")
        return last_bytes(read_fields(last_bytes(fields, 1)) or [], 1).decode()

    def _find(self, service: bytes) -> str | None:
        """Name of a known cluster. An unknown one is refused, or fails later when by message."""
        cluster = self.cluster_of(service)
        if cluster in self._services:
            return cluster
        if read_fields(service) is None:
            raise Refused(Status.PARSE_FAILURE)
        return None

    def _open_stream(self, root: "RootContext", token: int) -> GrpcStream:
        for stream in self.streams:
            if stream.token == token and stream.root.vm is root.vm and stream.is_pending:
                return stream
        raise Refused(Status.NOT_FOUND)

    def _pending_call(self, root: "RootContext", token: int) -> GrpcCall:
        if token & 3 != 1:
            raise Refused(Status.BAD_ARGUMENT)
        for call in self.calls:
            if call.token == token and call.root.vm is root.vm and call.is_pending:
                return call
        raise Refused(Status.NOT_FOUND)

    def _answer(
        self, call: GrpcCall, answer: "GrpcAnswer | Callable[[GrpcRequest], GrpcAnswer | None]"
    ) -> None:
        given = answer(call.request) if callable(answer) else answer
        if call.is_pending and given is not None:
            call.answer(given)
