"""What a test holds: a loaded filter, a client before it and an upstream behind it."""

from collections.abc import Mapping

from mixer2.testhost.callouts import HttpCallout
from mixer2.testhost.client import Client, ClientRequest
from mixer2.testhost.connection import Connection
from mixer2.testhost.dns import DnsLookup
from mixer2.testhost.errors import TrapError, UnansweredError
from mixer2.testhost.exchange import Exchange
from mixer2.testhost.grpc_callout import GrpcCall, GrpcStream
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.http_stream import HttpStream
from mixer2.testhost.leaks import check_leaks
from mixer2.testhost.log import LogLine
from mixer2.testhost.messages import Response
from mixer2.testhost.metrics import MetricReader
from mixer2.testhost.properties import AttributePath, AttributeValue
from mixer2.testhost.proxy import Proxy
from mixer2.testhost.settings import HostOptions, PluginSettings
from mixer2.testhost.tcp_stream import TcpStream
from mixer2.testhost.trace import Transcript
from mixer2.testhost.upstream_failure import UpstreamFailure
from mixer2.testhost.worker import Worker


class Host(Client[Exchange]):
    """A proxy with one plugin.

    Args:
        make_guest: Makes the plugin's guest.
        settings: Its configuration.
        proxy: The process that it runs in.
        options: How it is run.

    Raises:
        ConfigurationRefusedError: the plugin said no.
        LoadError: the proxy would not take the module.
    """

    def __init__(
        self,
        make_guest: GuestFactory,
        settings: PluginSettings,
        proxy: Proxy,
        options: HostOptions | None = None,
    ) -> None:
        super().__init__()
        self.proxy = proxy
        self._settings = settings
        self._options = options or HostOptions()
        if self._options.full_start:
            # The canary, whose VM goes at once, and the main thread, whose VM stays.
            proxy.discard_root(Worker(proxy, make_guest, settings).root)
        starts = self._options.workers + int(self._options.full_start)
        threads = [Worker(proxy, make_guest, settings) for _ in range(starts)]
        self.workers = threads[int(self._options.full_start) :]
        self._threads = threads
        self.connections: list[Connection] = []
        self._unanswered: list[Exchange] = []
        self._repeat: ClientRequest | None = None
        self._finished = False
        self.stats = MetricReader(proxy.stats)
        self._settle()

    # The client.

    def send(self, request: ClientRequest) -> Exchange:
        """Send a request through the filter."""
        if isinstance(request.upstream, Response | UpstreamFailure):
            self._repeat = request
        stream = self._stream(request)
        exchange = Exchange(stream, self._settle, request.upstream, self._options.chunked)
        self._begin(exchange, request)
        if request.has_more:
            exchange.send_body(request.body or b"", request.trailers)
        return exchange

    def send_logged(self, request: ClientRequest) -> Exchange:
        """Send a request beside the plugin, and have it logged by it."""
        stream = self._stream(request, is_beside=True)
        exchange = Exchange(stream, self._settle, request.upstream, self._options.chunked)
        self._begin(exchange, request)
        stream.log_to(stream.root)
        self._settle()
        return exchange

    def _stream(self, request: ClientRequest, is_beside: bool = False) -> HttpStream:
        thread = self._enter(request.worker)
        options = self._options
        values = {**options.attributes, **(request.attributes or {})}
        bypass = is_beside or thread.bypasses
        return HttpStream(thread.vm, thread.root, options.buffer_limit, values, bypass=bypass)

    def _begin(self, exchange: Exchange, request: ClientRequest) -> None:
        self.exchanges.append(exchange)
        self._unanswered.append(exchange)
        headers = request.proxied_headers(self.proxy.next_request_number())
        exchange.send_headers(headers, request.ends_with_headers)

    def connect(
        self,
        early_data: bool = False,
        attributes: Mapping[AttributePath, AttributeValue] | None = None,
        worker: int = 0,
    ) -> Connection:
        """Open a TCP connection through the filter to the upstream.

        Args:
            early_data: Whether the TCP proxy has `max_early_data_bytes`: only then does a filter
                that holds in `on_new_connection` ever see data.
            attributes: Attributes of this connection, by path.
            worker: Number of the worker that accepts it.
        """
        values = {**self._options.attributes, **(attributes or {})}
        thread = self._enter(worker)
        stream = TcpStream(thread.vm, thread.root, early_data, values, bypass=thread.bypasses)
        connection = Connection(stream, self._settle)
        self.connections.append(connection)
        stream.open()
        self._settle()
        return connection

    def advance(self, seconds: float) -> None:
        """Move the clock; ticks and timeouts happen on the way."""
        self.proxy.clock.advance(seconds, self._settle)
        self._settle()

    def forget(self) -> None:
        """Drop what is only kept to be looked at: ended exchanges, log, transcripts."""
        self.exchanges = [exchange for exchange in self.exchanges if not exchange.is_over]
        self.connections = [item for item in self.connections if not item.is_over]
        self.proxy.log.lines.clear()
        for worker in self.workers:
            worker.vm.transcript.crossings.clear()

    # What an operator sees.

    @property
    def http_callouts(self) -> list[HttpCallout]:
        """HTTP callouts, in order. Those of a cluster that is None are the test's to answer."""
        return self.proxy.http_callouts.all

    @property
    def grpc_calls(self) -> list[GrpcCall]:
        """Unary gRPC callouts, in order."""
        return self.proxy.grpc_callouts.calls

    @property
    def grpc_streams(self) -> list[GrpcStream]:
        """gRPC streams, in order; the test plays the server."""
        return self.proxy.grpc_callouts.streams

    @property
    def dns_lookups(self) -> list[DnsLookup]:
        """DNS lookups, in order. Those of a name that is None are the test's to answer."""
        return self.proxy.resolver.all

    @property
    def samples(self) -> dict[str, list[int]]:
        """What histograms recorded, by name."""
        return self.proxy.stats.samples

    @property
    def sample_counts(self) -> dict[str, int]:
        """How many samples histograms recorded, by name."""
        return {name: len(samples) for name, samples in self.samples.items()}

    @property
    def log(self) -> list[LogLine]:
        """The proxy's log."""
        return self.proxy.log.lines

    @property
    def shared_data(self) -> dict[str, bytes]:
        """Data that the plugin shares with others of its `vm_id`."""
        return self.proxy.shared_data.items(self._settings.vm_id)

    @property
    def transcript(self) -> Transcript:
        """Every crossing between plugin and proxy, in the first worker."""
        return self.workers[0].vm.transcript

    @property
    def live_objects(self) -> int | None:
        """Objects that the plugin holds; None when it does not tell, as in plain Python."""
        told = [worker.vm.live_objects() for worker in self.workers]
        return sum(count for count in told if count is not None) if None not in told else None

    @property
    def memory_size(self) -> int | None:
        """Most bytes of memory that the plugin has had in a worker; None in plain Python."""
        told = [worker.vm.memory_size() for worker in self.workers]
        sizes = [size for size in told if size is not None]
        return max(sizes) if sizes else None

    @property
    def now_ns(self) -> int:
        """The proxy's clock."""
        return self.proxy.clock.now_ns()

    # The end.

    def finish(self) -> None:
        """End the test: clients still waiting go away, the plugin is told, leaks are found.

        Raises:
            UnansweredError: callouts still wait for an answer.
            LeakError: the last request leaves objects behind whenever it is repeated.
        """
        if self._finished:
            return
        self._finished = True
        self._check_answered()
        if self._options.leak_check and self.proxy.strict:
            check_leaks(self._send_again, lambda: self.live_objects)
        for exchange in self.exchanges:
            if not exchange.is_over:
                exchange.disconnect()
        for connection in self.connections:
            connection.shut_down()
        for worker in self._threads:
            if not worker.vm.failed:
                self.proxy.end_root(worker.root)
        self._settle()

    def _send_again(self) -> bool:
        """Repeat the last request; False when there was none, or it does not end."""
        return self._repeat is not None and self.send(self._repeat).is_over

    def _check_answered(self) -> None:
        waiting: list[HttpCallout | GrpcCall | GrpcStream | DnsLookup] = [
            *self.dns_lookups,
            *self.http_callouts,
            *self.grpc_calls,
            *self.grpc_streams,
        ]
        pending = [callout for callout in waiting if callout.is_pending]
        if pending and self.proxy.strict:
            raise UnansweredError(
                f"at the end of the test {pending} still waited: answer them, or let them time out"
            )

    def _settle(self) -> None:
        self.proxy.run()
        for exchange in self._unanswered:
            exchange.answer_if_arrived()
        self._unanswered = [item for item in self._unanswered if item.waits_for_upstream]
        for worker in self._threads:
            trap, worker.vm.trap = worker.vm.trap, None
            if trap is not None and not self._options.tolerate_traps:
                raise TrapError(f"the guest trapped, and its VM is dead: {trap}") from trap

    def _enter(self, worker: int) -> Worker:
        """The worker that a new stream comes to, with a VM as its failure policy has it."""
        thread = self.workers[worker]
        thread.reload_if_due()
        return thread
