"""What callouts go to, the same in both hosts.

answering   HTTP/1.1: 200, a header and a body; trailers for a path that asks for them
silent      takes requests and never answers
closing     takes a request and closes the connection
refusing    takes no connections
grpc        a gRPC server: method Ok echoes, Fail fails, Slow never answers, Stream streams
"""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import grpc

from mixer2.testhost import GrpcError, GrpcRequest, GrpcStream, Request, Response, UpstreamFailure
from mixer2.testhost.callouts import Cluster
from mixer2.testhost.grpc_callouts import GrpcService
from tests.conformance.case import Message
from tests.conformance.wire import Received, receive, send

ANSWER = Message("200", [("x-answer", "yes")], "answer")
ANSWER_WITH_TRAILERS = Message("200", [("x-answer", "yes")], ["answer"], [("x-trailer", "1")])
FAILURE = GrpcError(5, "nope msg")


@dataclass(slots=True)
class Services:
    """Servers that are running.

    Attributes:
        ports: Where each is.
        received: What `answering` received, by path.
    """

    ports: dict[str, int]
    received: dict[str, list[Received]]


@contextmanager
def running_services() -> Iterator[Services]:
    """All of them, on free ports."""
    listeners = {
        name: socket.create_server(("127.0.0.1", 0)) for name in ("answering", "silent", "closing")
    }
    refusing = socket.create_server(("127.0.0.1", 0))
    services = Services(
        {name: listener.getsockname()[1] for name, listener in listeners.items()}, {}
    )
    services.ports["grpc_silent"] = services.ports["silent"]
    services.ports["refusing"] = refusing.getsockname()[1]
    refusing.close()
    for name, listener in listeners.items():
        threading.Thread(target=_accept, args=(name, listener, services), daemon=True).start()
    server = grpc.server(ThreadPoolExecutor(8))
    methods = {
        "Ok": grpc.unary_unary_rpc_method_handler(_echo),
        "Fail": grpc.unary_unary_rpc_method_handler(_fail),
        "Stream": grpc.stream_stream_rpc_method_handler(_stream),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("pkg.Svc", methods),))
    services.ports["grpc"] = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield services
    finally:
        server.stop(0).wait()
        for listener in listeners.values():
            listener.close()


def _accept(name: str, listener: socket.socket, services: Services) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_serve, args=(name, connection, services), daemon=True).start()


def _serve(name: str, connection: socket.socket, services: Services) -> None:
    with connection, suppress(OSError):
        while (request := receive(connection)) is not None:
            if name == "silent":
                connection.recv(1)
            if name != "answering":
                return
            path = request.start.split()[1]
            services.received.setdefault(path, []).append(request)
            answer = ANSWER_WITH_TRAILERS if "trailers" in path else ANSWER
            send(connection, f"HTTP/1.1 {answer.start} Any", answer, has_length=True)


def _echo(request: bytes, _context: grpc.ServicerContext) -> bytes:
    return b"echo " + request


def _fail(request: bytes, context: grpc.ServicerContext) -> bytes:
    context.set_code(grpc.StatusCode.NOT_FOUND)
    context.set_details(FAILURE.message)
    return request


def _stream(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
    context.set_trailing_metadata((("x-trailing", "1"),))
    for request in requests:
        yield b"echo " + request


def _answer(request: Request) -> Response:
    answer = ANSWER_WITH_TRAILERS if "trailers" in request.path else ANSWER
    body = "".join(answer.chunks or ())
    if answer.trailers:
        return Response(200, answer.headers, [body.encode()], answer.trailers)
    return Response(200, answer.headers, body)


def _grpc_answer(request: GrpcRequest) -> bytes | GrpcError:
    match request.method:
        case "Ok":
            return b"echo " + request.message
        case "Fail":
            return FAILURE
    return GrpcError(12, "Method not found!")


def play_server(stream: GrpcStream) -> None:
    """Do by hand what the real server does."""
    if not stream.is_pending:
        return
    if stream.request.method != "Stream":
        stream.reject(12, "Method not found!")
        return
    stream.send_initial_metadata({"grpc-accept-encoding": "identity, deflate, gzip"})
    for message in stream.sent:
        stream.send_message(b"echo " + message)
    stream.close(trailers={"grpc-message": "", "x-trailing": "1"})


CLUSTERS: dict[str, Cluster] = {
    "answering": _answer,
    "silent": None,
    "closing": UpstreamFailure.CLOSED,
    "refusing": UpstreamFailure.REFUSED,
}
GRPC_SERVICES: dict[str, GrpcService] = {"grpc": _grpc_answer, "grpc_silent": None}
