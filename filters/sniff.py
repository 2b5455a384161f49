"""Routes connections of many protocols that share a port, and counts them.

A connection is held until its first bytes tell what it speaks, then it goes to the cluster of that
protocol. What nobody knows, and a client that waits for the server, are let go after a time: they
are never dropped, and they are counted as everything else.

Configuration, a JSON object whose fields all have defaults:

    routes            {}      clusters by protocol: tls, http1, http2, grpc, redis, postgresql,
                              mongodb, dubbo, thrift, kafka, server_first, unknown
    release_after_ms  100     how long bytes are waited for that tell the protocol
    max_bytes         16384   how many of them are looked at

A protocol without a route goes to the cluster of the TCP proxy behind this filter, which needs
`max_early_data_bytes` of at least `max_bytes`. To tell `grpc` from `http2` the first request is
waited for, so give `grpc` a route only where it differs.

The metrics are those of `adapters.backend.tcp_metrics`, and

    mixer2_sniff_decisions_total{protocol=}  counter, connections by what their first bytes told
    mixer2_sniff_wait_ms{protocol=}          histogram, how long they were held, milliseconds
"""

from typing import Final

from adapters.backend.tcp_metrics import TcpMetrics
from adapters.events import Sniffed
from adapters.ingestion import tcp
from adapters.ingestion.sniff import greetings, protocols
from adapters.ingestion.sniff.sniffer import SERVER_FIRST, UNKNOWN, Sniffer
from adapters.ingestion.sniff.verdict import Protocol
from pal import clock, filter_state
from pal.config import Config
from pal.facts import connection
from pal.filter_state import Span
from pal.metrics import LabelledCounter, LabelledHistogram
from pal.tcp import CloseSource, TcpAction, TcpContext, TcpPluginContext
from pal.timers import Timer

DECISIONS: Final = "mixer2_sniff_decisions_total"
WAIT_MS: Final = "mixer2_sniff_wait_ms"
CLUSTER: Final = "envoy.tcp_proxy.cluster"

_MAX_PROTOCOLS: Final = 32
_MAX_GREETING: Final = 1_024
_NS_PER_MS: Final = 1_000_000


class SniffedConnection(TcpContext):
    """One connection: held until its protocol is told, then counted."""

    def __init__(self, plugin: "SniffPlugin") -> None:
        super().__init__(plugin)
        self._sniff = plugin
        self._sniffer = Sniffer(plugin.protocols, plugin.max_bytes)
        self._greeting: Sniffer | None = None
        self._connection = tcp.Connection(0)
        self._held_bytes = 0
        self.started_ns = 0

    def on_new_connection(self) -> TcpAction:
        """Hold the connection: its route is not known yet."""
        self.started_ns = clock.now_ns()
        self._connection = tcp.Connection(self.started_ns)
        self._sniff.waiting_room.enter(self)
        return TcpAction.PAUSE

    def on_downstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Look at the bytes that came; let them go once they told enough."""
        self._connection.receive_data(size - self._held_bytes)
        if end_of_stream:
            # An upstream that closes after this did not begin it.
            self._connection.close(tcp.DOWNSTREAM)
        if self._sniffer.next_event() is None:
            self._sniffer.receive_data(self.downstream_data.read(self._sniffer.received))
            if end_of_stream:
                self._sniffer.settle()
            event = self._sniffer.next_event()
            if event is None:
                self._held_bytes = size
                return TcpAction.PAUSE
            self._route(event)
        self._held_bytes = 0
        return TcpAction.CONTINUE

    def on_upstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Count the bytes; those of a server that speaks first tell the protocol."""
        self._connection.send_data(size)
        greeting = self._greeting
        if greeting is not None:
            greeting.receive_data(self.upstream_data.read(0, _MAX_GREETING))
            event = greeting.next_event()
            if event is not None:
                self._greeting = None
                if event.protocol != UNKNOWN:
                    self._connection.tell_protocol(event.protocol, "")
        return TcpAction.CONTINUE

    def on_upstream_close(self, source: CloseSource) -> None:
        """Note who closed, if that was the upstream."""
        self._connection.close(tcp.UPSTREAM)

    def on_downstream_close(self, source: CloseSource) -> None:
        """Note who closed, if that was not the upstream."""
        self._connection.close(tcp.DOWNSTREAM if source is CloseSource.REMOTE else tcp.PROXY)

    def on_log(self) -> None:
        """Report the connection."""
        if self._sniffer.next_event() is None:
            self._note(self._settled())
        self._sniff.metrics.report(
            self._connection.facts(
                clock.now_ns(),
                connection.source_address(),
                connection.destination_address(),
                connection.server_name(),
                connection.tls_version(),
                connection.termination_details(),
            )
        )

    def release(self) -> None:
        """Decide by what is there, and let the connection go."""
        if self.enter():
            self._held_bytes = 0
            self._route(self._settled())
            self.continue_downstream()

    def _settled(self) -> Sniffed:
        self._sniffer.settle()
        event = self._sniffer.next_event()
        assert event is not None
        return event

    def _route(self, event: Sniffed) -> None:
        self._note(event)
        cluster = self._sniff.cluster_of(event)
        if cluster:
            filter_state.set_known(CLUSTER, cluster, Span.CONNECTION)
        if event.protocol == SERVER_FIRST:
            self._greeting = Sniffer(self._sniff.greetings, _MAX_GREETING)

    def _note(self, event: Sniffed) -> None:
        self._sniff.waiting_room.leave(self)
        self._connection.tell_protocol(event.protocol, event.server_name)
        self._sniff.decisions.increment([event.protocol])
        waited_ns = max(0, clock.now_ns() - self.started_ns)
        self._sniff.waits.record([event.protocol], waited_ns // _NS_PER_MS)


class WaitingRoom(Timer):
    """Connections that wait for their first bytes, the longest waiting first."""

    def __init__(self, plugin: "SniffPlugin", patience_ms: int) -> None:
        super().__init__(plugin)
        self._patience_ms = patience_ms
        self._waiting: dict[int, SniffedConnection] = {}

    def enter(self, waiting: SniffedConnection) -> None:
        """Wait from now on."""
        self._waiting[waiting.context_id] = waiting
        if not self.is_running:
            self.start(self._patience_ms, repeat=False)

    def leave(self, waiting: SniffedConnection) -> None:
        """Wait no more; nothing happens to who does not wait."""
        self._waiting.pop(waiting.context_id, None)
        if not self._waiting:
            self.cancel()

    def on_fire(self) -> None:
        """Release those who waited long enough."""
        now_ns = clock.now_ns()
        patience_ns = self._patience_ms * _NS_PER_MS
        for waiting in list(self._waiting.values()):
            remaining_ns = waiting.started_ns + patience_ns - now_ns
            # A clock that was set back makes nobody wait for twice the time.
            if 0 < remaining_ns <= patience_ns:
                self.start((remaining_ns + _NS_PER_MS - 1) // _NS_PER_MS, repeat=False)
                return
            self._waiting.pop(waiting.context_id, None)
            waiting.release()


class SniffPlugin(TcpPluginContext):
    """The plugin: routes, and what all connections report to."""

    def __init__(self) -> None:
        super().__init__()
        self.protocols: list[Protocol] = []
        self.greetings: list[Protocol] = greetings.known()
        self.max_bytes = 0
        self._routes: dict[str, str] = {}

    def on_configure(self) -> bool:
        """Read the configuration; see the module's docstring."""
        config = Config.parse(self.configuration)
        self.max_bytes = config.get_int("max_bytes", 16_384, minimum=64, maximum=1_048_576)
        patience_ms = config.get_int("release_after_ms", 100, minimum=1, maximum=60_000)
        routes = config.get_section("routes")
        names = [protocol.name for protocol in protocols.known(wait_for_grpc=True)]
        for name in [*names, SERVER_FIRST, UNKNOWN]:
            cluster = routes.get_str(name, "")
            if cluster:
                self._routes[name] = cluster
        routes.refuse_unknown_fields()
        config.refuse_unknown_fields()
        self.protocols = protocols.known(wait_for_grpc="grpc" in self._routes)
        self.waiting_room = WaitingRoom(self, patience_ms)
        self.metrics = TcpMetrics()
        self.decisions = LabelledCounter(DECISIONS, ["protocol"], _MAX_PROTOCOLS)
        self.waits = LabelledHistogram(WAIT_MS, ["protocol"], _MAX_PROTOCOLS)
        return True

    def cluster_of(self, event: Sniffed) -> str:
        """Where a connection goes; empty for the TCP proxy's own cluster."""
        return self._routes.get(event.protocol, "")

    def create_tcp_context(self) -> TcpContext:
        """A context for a new connection."""
        return SniffedConnection(self)
