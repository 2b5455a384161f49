"""TCP: from a connection's callbacks to its facts.

Sans-I/O: whoever sees the connection says what happens, and asks for the facts when it is over.
"""

from typing import Final

from adapters.events import TcpConnection

DOWNSTREAM: Final = "downstream"
UPSTREAM: Final = "upstream"
PROXY: Final = "proxy"
UNKNOWN: Final = "unknown"


class Connection:
    """What is counted while a connection lasts.

    Args:
        at_ns: Now, nanoseconds since 1970.
    """

    def __init__(self, at_ns: int) -> None:
        self._started_ns = at_ns
        self._received = 0
        self._sent = 0
        self._protocol = ""
        self._server_name = ""
        self._closed_by = UNKNOWN

    def receive_data(self, size: int) -> None:
        """Note bytes of the client, each once."""
        self._received += size

    def send_data(self, size: int) -> None:
        """Note bytes of the upstream, each once."""
        self._sent += size

    def tell_protocol(self, protocol: str, server_name: str) -> None:
        """Note what a sniffer found."""
        self._protocol = protocol
        self._server_name = server_name

    def close(self, by: str) -> None:
        """Note who closed it: the first who does."""
        if self._closed_by == UNKNOWN:
            self._closed_by = by

    def facts(
        self,
        at_ns: int,
        source: str | None,
        destination: str | None,
        server_name: str | None,
        tls_version: str | None,
        close_reason: str | None,
    ) -> TcpConnection:
        """The facts of the connection, which is over; None stands for what the proxy did not say.

        Args:
            at_ns: Now, on the clock of the start. It may have been set back meanwhile: no
                duration is below 0.
            source: Address of the client.
            destination: Address that it connected to.
            server_name: Server name of TLS that ends at the proxy.
            tls_version: Its version.
            close_reason: Why the proxy ended the connection.
        """
        return TcpConnection(
            source or "",
            destination or "",
            server_name or self._server_name,
            tls_version or "",
            self._protocol,
            self._received,
            self._sent,
            max(0, at_ns - self._started_ns),
            self._closed_by,
            close_reason or "",
        )
