"""The sniffer: first bytes of a connection in, its protocol out."""

from typing import Final

from adapters.events import Sniffed
from adapters.ingestion.sniff import client_hello
from adapters.ingestion.sniff.verdict import Protocol, Verdict

UNKNOWN: Final = "unknown"
"""Protocol of a client that sends what nobody knows."""

SERVER_FIRST: Final = "server_first"
"""Protocol of a client that waits for the server to speak."""


class Sniffer:
    """Tells the protocol of one connection.

    The first protocol in order that does not say NO decides; however the bytes are cut, the
    answer is the same.

    Args:
        protocols: Whom to ask, in order.
        max_bytes: Bytes after which nobody is asked any more.
    """

    def __init__(self, protocols: list[Protocol], max_bytes: int) -> None:
        self._candidates = protocols
        self._max_bytes = max_bytes
        self._head = b""
        self._found: Sniffed | None = None

    @property
    def received(self) -> int:
        """Bytes received so far."""
        return len(self._head)

    def receive_data(self, data: bytes) -> None:
        """Take the next bytes of the client; they are ignored once there is an event."""
        if self._found is not None or not data:
            return
        self._head = (self._head + data)[: self._max_bytes]
        remaining: list[Protocol] = []
        for protocol in self._candidates:
            verdict = protocol.judge(self._head)
            if verdict is Verdict.YES and not remaining:
                self._decide(protocol.name)
                return
            if verdict is not Verdict.NO:
                remaining.append(protocol)
        self._candidates = remaining
        if not remaining:
            self._decide(UNKNOWN)
        elif len(self._head) == self._max_bytes:
            self.settle()

    def settle(self) -> None:
        """Decide by what is there: the client sends no more, or has been waited for long enough."""
        if self._found is not None:
            return
        if not self._head:
            self._decide(SERVER_FIRST)
            return
        for protocol in self._candidates:
            verdict = protocol.judge(self._head)
            if verdict is Verdict.YES or verdict is Verdict.LIKELY:
                self._decide(protocol.name)
                return
        self._decide(UNKNOWN)

    def next_event(self) -> Sniffed | None:
        """What the connection speaks; None while that is open. The same every time."""
        return self._found

    def _decide(self, protocol: str) -> None:
        hello = client_hello.parse(self._head) if protocol == client_hello.PROTOCOL else None
        if hello is None:
            self._found = Sniffed(protocol, "", [], len(self._head))
        else:
            names = hello.application_protocols
            self._found = Sniffed(protocol, hello.server_name, names, len(self._head))
        self._candidates = []
