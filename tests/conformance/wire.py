"""HTTP/1.1 on plain sockets: a client and an upstream that send exactly what a case says."""

import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from tests.conformance.case import Connection, Message

_PAUSE = 0.1
"""Seconds between two parts of a message, so that they arrive as two."""

VOLATILE = {"date", "x-envoy-upstream-service-time", "content-length", "transfer-encoding"}
"""Headers that differ from run to run, or that belong to the transport."""


@dataclass(slots=True)
class Received:
    """A message as it came."""

    start: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    trailers: list[tuple[str, str]] = field(default_factory=list)
    complete: bool = False

    def lines(self) -> list[str]:
        """What is compared between hosts."""
        headers = sorted(item for item in self.headers if item[0] not in VOLATILE)
        start = self.start if self.start.endswith("HTTP/1.1") else " ".join(self.start.split()[:2])
        shown = [start, *(f"{name}: {value}" for name, value in headers)]
        if self.body:
            shown.append(f"body {self.body!r}")
        shown += [f"trailer {name}: {value}" for name, value in self.trailers]
        if not self.complete:
            shown.append("incomplete")
        return shown


def send(connection: socket.socket, start: str, message: Message, has_length: bool) -> None:
    """Write a message; parts of its body one after the other."""
    headers = list(message.headers)
    chunks = message.chunks
    if isinstance(chunks, list):
        headers.append(("transfer-encoding", "chunked"))
    elif chunks is not None or has_length:
        headers.append(("content-length", str(len(chunks or ""))))
    head = [start, *(f"{name}: {value}" for name, value in headers)]
    connection.sendall("".join(f"{line}\r\n" for line in [*head, ""]).encode("latin-1"))
    if isinstance(chunks, str):
        connection.sendall(chunks.encode())
    elif chunks is not None:
        for chunk in chunks:
            time.sleep(_PAUSE)
            connection.sendall(f"{len(chunk):x}\r\n{chunk}\r\n".encode())
        time.sleep(_PAUSE)
        trailers = "".join(f"{name}: {value}\r\n" for name, value in message.trailers or ())
        connection.sendall(f"0\r\n{trailers}\r\n".encode())


class _Reader:
    """Lines and bytes of a connection; an early end raises EOFError."""

    def __init__(self, connection: socket.socket) -> None:
        self._file = connection.makefile("rb")

    def line(self) -> str:
        line: bytes = self._file.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        return line.rstrip(b"\r\n").decode("latin-1")

    def bytes(self, size: int) -> bytes:
        data: bytes = self._file.read(size)
        if len(data) < size:
            raise EOFError
        return data

    def fields(self) -> list[tuple[str, str]]:
        fields = []
        while line := self.line():
            name, _, value = line.partition(":")
            fields.append((name.lower(), value.strip()))
        return fields


def receive(connection: socket.socket, has_body: bool = True) -> Received | None:
    """Read a message; None when nothing came before the connection's end or timeout."""
    reader = _Reader(connection)
    message: Received | None = None
    try:
        message = Received(reader.line(), [])
        message.headers = reader.fields()
        headers = dict(message.headers) if has_body else {}
        if headers.get("transfer-encoding") == "chunked":
            while size := int(reader.line(), 16):
                message.body += reader.bytes(size)
                reader.line()
            message.trailers = reader.fields()
        else:
            message.body = reader.bytes(int(headers.get("content-length", "0")))
        message.complete = True
    except (EOFError, OSError):
        pass
    return message


class TcpUpstream:
    """Takes one connection and keeps what comes."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._connection: socket.socket | None = None
        self.received = b""
        self.ended = False
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def send(self, data: bytes) -> None:
        if self._connection is not None:
            self._connection.sendall(data)

    def end(self) -> None:
        if self._connection is not None:
            self._connection.shutdown(socket.SHUT_WR)

    def lines(self) -> list[str]:
        if self._connection is None:
            return []
        return [f"received {self.received!r}", *(["ended"] if self.ended else [])]

    def close(self) -> None:
        self._listener.close()
        if self._connection is not None:
            self._connection.close()

    def _accept(self) -> None:
        with suppress(OSError):
            self._connection, _ = self._listener.accept()
            while data := self._connection.recv(65536):
                self.received += data
            self.ended = True


def run_connection(port: int, script: Connection, upstream: TcpUpstream) -> list[str]:
    """Play a script; what the client saw of it."""
    client = socket.create_connection(("127.0.0.1", port))
    client.settimeout(_PAUSE)
    received = b""
    end = ""
    for step in ("", *script.steps):
        direction, text = step[:1], step[2:].encode()
        with suppress(OSError):
            if step == ">|":
                client.shutdown(socket.SHUT_WR)
            elif step == ">x":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.close()
                break
            elif step == "<|":
                upstream.end()
            elif direction == ">":
                client.sendall(text)
            elif direction == "<":
                upstream.send(text)
        time.sleep(_PAUSE)
        try:
            while not end:
                data = client.recv(65536)
                end = "" if data else "ended"
                received += data
        except TimeoutError:
            pass
        except OSError:
            end = "reset"
    client.close()
    time.sleep(_PAUSE)
    return [f"received {received!r}", *([end] if end else [])]


class UpstreamServer:
    """Answers each request alike, and keeps what came."""

    def __init__(self, response: Message) -> None:
        self._response = response
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.received: list[Received] = []
        if response.start == "refuse":
            self._listener.close()
        threading.Thread(target=self._accept, daemon=True).start()

    def lines(self) -> list[str]:
        return [line for request in self.received for line in request.lines()]

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while (request := receive(connection)) is not None:
                self.received.append(request)
                if request.complete:
                    response = self._response
                    if response.start == "close":
                        break
                    with suppress(OSError):
                        send(connection, f"HTTP/1.1 {response.start} Any", response, True)
