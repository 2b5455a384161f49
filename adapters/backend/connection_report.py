"""Connections for reports, which are told about HTTP exchanges.

A connection comes as an exchange that has a start, a duration and sizes, and no method, path or
headers; its status is 200, or 0 when the proxy ended it. What else is known is its passage.
"""

from typing import Final

from adapters.backend.log_line import LineFields, rounded_ms
from adapters.backend.report import Passage
from adapters.events import HttpExchange, HttpRequest, TcpConnection
from adapters.wire.timestamp import rfc3339

_BY_THE_PROXY: Final = "proxy"


class ConnectionPassage(Passage):
    """A connection that is over."""

    def __init__(self, connection: TcpConnection) -> None:
        self.connection = connection


def as_exchange(connection: TcpConnection, started_ns: int) -> HttpExchange:
    """A connection as reports count exchanges."""
    status_code = 0 if connection.closed_by == _BY_THE_PROXY else 200
    return HttpExchange(
        HttpRequest("", "", "", "", started_ns),
        status_code,
        connection.duration_ns,
        connection.received_bytes,
        connection.sent_bytes,
    )


class ConnectionFields(LineFields):
    """The fields of an access log of connections."""

    def __init__(self) -> None:
        super().__init__(
            [
                *("time", "source", "destination", "server_name", "tls_version"),
                *("closed_by", "close_reason"),
            ],
            ["duration_ms", "received_bytes", "sent_bytes"],
        )

    def text(self, name: str, exchange: HttpExchange, passage: Passage | None) -> str:
        """Of the connection."""
        if name == "time":
            return rfc3339(exchange.request.started_ns)
        if not isinstance(passage, ConnectionPassage):
            return ""
        connection = passage.connection
        if name == "source":
            return connection.source
        if name == "destination":
            return connection.destination
        if name == "server_name":
            return connection.server_name
        if name == "tls_version":
            return connection.tls_version
        return connection.closed_by if name == "closed_by" else connection.close_reason

    def number(self, name: str, exchange: HttpExchange, passage: Passage | None) -> int:
        """Of the connection."""
        if name == "duration_ms":
            return rounded_ms(exchange.duration_ns)
        return exchange.request_bytes if name == "received_bytes" else exchange.response_bytes
