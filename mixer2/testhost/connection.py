"""A TCP connection, driven by the test: the client's side and the upstream's side."""

from collections.abc import Callable

from mixer2.testhost.abi import CloseType
from mixer2.testhost.tcp_stream import TcpStream


class Connection:
    """One connection.

    Args:
        stream: The connection as the proxy has it.
        settle_all: Lets everything happen that is due.
    """

    def __init__(self, stream: TcpStream, settle_all: Callable[[], None]) -> None:
        self._stream = stream
        self._settle_all = settle_all

    @property
    def context_id(self) -> int:
        """Id of the plugin's context."""
        return self._stream.context_id

    @property
    def received(self) -> bytes:
        """What the client got."""
        return self._stream.received

    @property
    def upstream_received(self) -> bytes:
        """What the upstream got."""
        return self._stream.upstream_received

    @property
    def upstream_ended(self) -> bool:
        """Whether the upstream was told that the client sends no more."""
        return self._stream.upstream_ended

    @property
    def client_ended(self) -> bool:
        """Whether the client was told that no more will come."""
        return self._stream.client_ended

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection to the upstream."""
        return self._stream.connected

    @property
    def is_held(self) -> bool:
        """Whether bytes, or the whole connection, wait for the plugin."""
        return self._stream.is_held

    @property
    def is_over(self) -> bool:
        """Whether the connection has been closed."""
        return self._stream.over

    @property
    def cluster(self) -> str:
        """The cluster that the connection goes to."""
        return self._stream.cluster

    def send(self, data: bytes) -> None:
        """The client sends bytes; none are nothing that a network would carry."""
        if data:
            self._stream.receive(data)
            self._settle_all()

    def half_close(self) -> None:
        """The client sends no more."""
        self._stream.receive(b"", end_of_stream=True)
        self._settle_all()

    def close(self) -> None:
        """The client is gone. Envoy does not notice while it does not read from it."""
        if self._stream.connected:
            self._stream.close_by(CloseType.REMOTE)
            self._settle_all()

    def upstream_send(self, data: bytes) -> None:
        """The upstream sends bytes."""
        if data:
            self._stream.receive_from_upstream(data)
            self._settle_all()

    def upstream_half_close(self) -> None:
        """The upstream sends no more."""
        self._stream.receive_from_upstream(b"", end_of_stream=True)
        self._settle_all()

    def shut_down(self) -> None:
        """The proxy ends."""
        self._stream.close_by(CloseType.LOCAL)
        self._settle_all()
