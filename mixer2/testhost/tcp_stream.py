"""One TCP connection through the plugin: the chain [plugin, TCP proxy], and its upstream.

    client -> read buffer -> on_downstream_data -> TCP proxy -> upstream
    client <- on_upstream_data <- write buffer <- TCP proxy <- upstream

Bytes that a callback holds back stay in their buffer, and the next callback sees them again.
The TCP proxy reads nothing from the client before it has an upstream, unless
`max_early_data_bytes` is set: without that, holding in `on_new_connection` holds for ever.
Source: Envoy, `filter_manager_impl.cc` (network), `tcp_proxy.cc`; order as Envoy 1.40 has it.
"""
# ruff: noqa: D102  (what overrides a method of `Context` is documented there)

from typing import ClassVar, Final

from mixer2.testhost.abi import BufferType, CloseType
from mixer2.testhost.attributes import (
    CLUSTER_ATTRIBUTES,
    CONNECTED_ATTRIBUTES,
    Members,
    StreamAttributes,
)
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.contexts import Context, RootContext
from mixer2.testhost.header_map import HeaderMap
from mixer2.testhost.properties import AttributePath, AttributeValue
from mixer2.testhost.vm import Vm

CLUSTER_KEY: Final = "envoy.tcp_proxy.cluster"


class TcpStream(Context):
    """One connection.

    Args:
        vm: The VM that it runs in.
        root: The plugin.
        early_data: Whether `max_early_data_bytes` is set.
        attributes: Values that override or add to the usual attributes.
        bypass: Whether the plugin's VM is dead and the connection does without it.

    Attributes:
        upstream_received: What the upstream got.
        upstream_ended: Whether it was told that the client sends no more.
        received: What the client got.
        client_ended: Whether the client was told that no more will come.
        connected: Whether there is a connection to the upstream.
        over: Whether the connection has been closed.
    """

    kind: ClassVar[str] = "tcp"

    def __init__(
        self,
        vm: Vm,
        root: RootContext,
        early_data: bool = False,
        attributes: dict[AttributePath, AttributeValue] | None = None,
        bypass: bool = False,
    ) -> None:
        super().__init__(vm, root)
        self._bypass = bypass
        self.attributes = TcpAttributes(self, attributes or {})
        self.upstream_received = b""
        self.upstream_ended = False
        self.received = b""
        self.client_ended = False
        self.connected = False
        self.over = False
        self.received_size = 0
        self._early_data = early_data
        self._unread: list[tuple[bytes, bool]] = []
        self._read_buffer = Buffer()
        self._read_ended = False
        self._write_buffer = Buffer()
        self._shown_read: Buffer | None = None
        self._shown_write: Buffer | None = None
        self.started_at = vm.proxy.clock.now_ns()

    def open(self) -> None:
        """A client has connected."""
        self.vm.create_in_guest(self)
        if self._call("proxy_on_new_connection"):
            self._start_proxy()

    def receive(self, data: bytes, end_of_stream: bool = False) -> None:
        """Bytes from the client, or its end. They wait while the connection is not read."""
        if self.over:
            return
        if not self.connected and not self._early_data:
            self._unread.append((data, end_of_stream))
            return
        self.received_size += len(data)
        self._read_buffer.data += data
        self._read_ended = self._read_ended or end_of_stream
        self._shown_read = self._read_buffer
        passes = self._call("proxy_on_downstream_data", len(self._read_buffer), int(end_of_stream))
        if passes:
            self._shown_read = None
            self._pass_downstream()

    def receive_from_upstream(self, data: bytes, end_of_stream: bool = False) -> None:
        """Bytes from the upstream, or its end."""
        if self.over or not self.connected:
            return
        self._write_buffer.data += data
        self._shown_write = self._write_buffer
        passes = self._call("proxy_on_upstream_data", len(self._write_buffer), int(end_of_stream))
        if passes:
            self._shown_write = None
            self.received += self._write_buffer.data
            self._write_buffer.data = b""
        if end_of_stream and self.connected:
            self.client_ended = True
            self.vm.call(self, "proxy_on_upstream_connection_close", int(CloseType.UNKNOWN))
            if self._read_ended:
                self.close_by(CloseType.LOCAL)

    def close_by(self, closer: CloseType) -> None:
        """The connection is closed: the plugin is told, and the context goes."""
        if self.over:
            return
        self.over = True
        self.client_ended = True
        self.vm.call(self, "proxy_on_downstream_connection_close", int(closer))
        self.vm.call(self, "proxy_on_done")
        self.vm.call(self, "proxy_on_log")
        self.vm.call(self, "proxy_on_delete")
        self.vm.remove_context(self)

    @property
    def cluster(self) -> str:
        """The cluster that the TCP proxy takes."""
        chosen = self.attributes.filter_state.get(CLUSTER_KEY)
        return "upstream" if chosen is None else chosen.decode()

    @property
    def is_held(self) -> bool:
        """Whether bytes, or the whole connection, wait for the plugin."""
        waiting = len(self._read_buffer) + len(self._write_buffer) + len(self._unread)
        return not self.over and (waiting > 0 or not self.connected)

    def buffer(self, buffer_type: BufferType) -> Buffer | None:
        match buffer_type:
            case BufferType.DOWNSTREAM_DATA:
                return Buffer() if self._shown_read is None else self._shown_read
            case BufferType.UPSTREAM_DATA:
                return Buffer() if self._shown_write is None else self._shown_write
            case _:
                return super().buffer(buffer_type)

    def attribute(self, name: str) -> AttributeValue:
        return self.attributes.top(name)

    def store_attribute(self, path: str, value: bytes) -> bool:
        self.attributes.store(path, value)
        return True

    def set_filter_state(self, key: str, value: bytes) -> bool:
        self.attributes.filter_state[key] = value
        return True

    def resume_connection(self) -> None:
        self.vm.defer(self._resume)

    def close_connection(self, downstream: bool) -> None:
        self.vm.defer(lambda: self.close_by(CloseType.LOCAL))

    def _resume(self) -> None:
        """Go on behind the plugin: with the TCP proxy, and with all bytes that wait."""
        if not self.over:
            self._start_proxy()
            self._pass_downstream()

    def _start_proxy(self) -> None:
        """The TCP proxy connects to its upstream, and then reads from the client."""
        if self.connected:
            return
        self.connected = True
        unread, self._unread = self._unread, []
        for data, end_of_stream in unread:
            self.receive(data, end_of_stream)

    def _pass_downstream(self) -> None:
        self._start_proxy()
        self.upstream_received += self._read_buffer.data
        self._read_buffer.data = b""
        self.upstream_ended = self._read_ended
        if self._read_ended and self.client_ended:
            self.close_by(CloseType.REMOTE)

    def _call(self, callback: str, *arguments: int) -> bool:
        """Whether the plugin lets pass. Nothing passes once the connection is closed.

        A connection whose VM is dead is closed.
        """
        verdict = self.vm.call(self, callback, *arguments)
        if self.vm.failed and not self._bypass:
            self.close_by(CloseType.LOCAL)
        if self.over:
            return False
        return verdict is None or verdict.value == 0


class TcpAttributes(StreamAttributes):
    """What `get_property` finds in one connection.

    Args:
        stream: The connection.
        overrides: Values that a test has set, by path.
    """

    def __init__(self, stream: TcpStream, overrides: dict[AttributePath, AttributeValue]) -> None:
        super().__init__(stream.root, overrides)
        self._stream = stream

    def members(self, name: str) -> Members | None:
        """Those of every stream; sizes, and of the upstream what there is."""
        if name == "request":
            size = self._stream.received_size
            return {
                "headers": HeaderMap(),
                "headers_bytes": 0,
                "size": size,
                "time": self._stream.started_at,
                "total_size": size,
            }
        if name == "response":
            size = len(self._stream.received)
            return {
                "flags": 0,
                "headers": HeaderMap(),
                "headers_bytes": 0,
                "size": size,
                "total_size": size,
                "trailers": HeaderMap(),
            }
        members = super().members(name)
        if members is not None and self._stream.connected:
            members |= CLUSTER_ATTRIBUTES.get(name, {})
            members |= CONNECTED_ATTRIBUTES.get(name, {})
            if name == "xds":
                members["cluster_name"] = self._stream.cluster
        return members
