"""What a test holds: a loaded filter, a client before it and an upstream behind it."""

from collections.abc import Mapping
from typing import Final

from mixer2.testhost.errors import HeldError, LeakError, TrapError
from mixer2.testhost.exchange import Exchange, Upstream
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.header_map import HeadersLike
from mixer2.testhost.http_stream import HttpStream
from mixer2.testhost.log import LogLine
from mixer2.testhost.messages import BodyLike, Request, Response, request_headers
from mixer2.testhost.metrics import MetricReader
from mixer2.testhost.properties import AttributePath, AttributeValue
from mixer2.testhost.proxy import Proxy
from mixer2.testhost.settings import PluginSettings
from mixer2.testhost.trace import Transcript
from mixer2.testhost.vm import Vm

BUFFER_LIMIT: Final = 1024 * 1024
"""`per_connection_buffer_limit_bytes` of an Envoy that nobody configured."""

OK: Final = Response(200)


class Host:
    """A proxy with one plugin.

    Args:
        make_guest: Makes the plugin's guest.
        settings: Its configuration.
        proxy: The process that it runs in.
        attributes: Attributes of every request, by path.
        buffer_limit: Bytes of a body that a filter may collect.
        tolerate_traps: Whether a trap only does what the failure policy says, and no more.

    Raises:
        ConfigurationRefusedError: the plugin said no.
        LoadError: the proxy would not take the module.
    """

    def __init__(
        self,
        make_guest: GuestFactory,
        settings: PluginSettings,
        proxy: Proxy,
        attributes: Mapping[AttributePath, AttributeValue] | None = None,
        buffer_limit: int = BUFFER_LIMIT,
        tolerate_traps: bool = False,
    ) -> None:
        self._proxy = proxy
        self._settings = settings
        self._attributes = dict(attributes or {})
        self._buffer_limit = buffer_limit
        self._tolerate_traps = tolerate_traps
        self._vm = Vm(proxy, make_guest, settings)
        self._root = self._vm.start(settings)
        self.exchanges: list[Exchange] = []
        self.stats = MetricReader(proxy.stats)
        proxy.run()

    # The client.

    def get(
        self,
        path: str = "/",
        headers: HeadersLike = (),
        upstream: Upstream = OK,
        attributes: Mapping[AttributePath, AttributeValue] | None = None,
    ) -> Response:
        """Send a GET and return what the client gets; see `request`."""
        return self.request("GET", path, headers, upstream=upstream, attributes=attributes)

    def post(
        self,
        path: str = "/",
        body: BodyLike = b"",
        headers: HeadersLike = (),
        upstream: Upstream = OK,
        attributes: Mapping[AttributePath, AttributeValue] | None = None,
    ) -> Response:
        """Send a POST and return what the client gets; see `request`."""
        return self.request("POST", path, headers, body, upstream=upstream, attributes=attributes)

    def request(
        self,
        method: str = "GET",
        path: str = "/",
        headers: HeadersLike = (),
        body: BodyLike = b"",
        trailers: HeadersLike | None = None,
        upstream: Upstream = OK,
        authority: str = "example.com",
        attributes: Mapping[AttributePath, AttributeValue] | None = None,
    ) -> Response:
        """Send a request through the filter and return what the client gets.

        Args:
            method: HTTP method.
            path: Path and query.
            headers: Headers of the client; the proxy adds its own as Envoy does.
            body: The body, or the parts in which it arrives.
            trailers: Trailers, when there are any.
            upstream: What answers when the request gets there.
            authority: Host.
            attributes: Attributes of this request, by path.

        Raises:
            HeldError: the filter holds the exchange. Use `open` for a test of that.
            MisuseError, TrapError, UnsupportedError: what the filter did must not pass.
        """
        exchange = self.open(method, path, headers, body, trailers, upstream, authority, attributes)
        if not exchange.is_over:
            raise HeldError(exchange.why_no_response())
        return exchange.response

    def open(
        self,
        method: str = "GET",
        path: str = "/",
        headers: HeadersLike = (),
        body: BodyLike | None = b"",
        trailers: HeadersLike | None = None,
        upstream: Upstream = None,
        authority: str = "example.com",
        attributes: Mapping[AttributePath, AttributeValue] | None = None,
    ) -> Exchange:
        """Send a request and return the exchange, over or not; arguments as `request`.

        With `body=None` the body is sent later by the exchange's `send_data` and `send_body`;
        with `upstream=None` the test answers by its `respond`.
        """
        sent = request_headers(method, path, authority, headers, self._proxy.next_request_id())
        if body and "content-length" not in sent and isinstance(body, bytes | str):
            size = len(body.encode() if isinstance(body, str) else body)
            sent.add("content-length", str(size))
        stream = HttpStream(
            self._vm, self._root, self._buffer_limit, {**self._attributes, **(attributes or {})}
        )
        exchange = Exchange(stream, self._settle, upstream)
        self.exchanges.append(exchange)
        exchange.send_headers(sent, body is not None and not body and trailers is None)
        if body or trailers is not None:
            exchange.send_body(body or b"", trailers)
        return exchange

    def advance(self, seconds: float) -> None:
        """Move the clock; ticks and timeouts happen on the way."""
        self._proxy.clock.advance(seconds)
        self._settle()

    # What an operator sees.

    @property
    def upstream_requests(self) -> list[Request]:
        """What the upstream received, in order."""
        return [
            exchange.upstream_request
            for exchange in self.exchanges
            if exchange.upstream_request is not None
        ]

    @property
    def samples(self) -> dict[str, list[int]]:
        """What histograms recorded, by name."""
        return self._proxy.stats.samples

    @property
    def log(self) -> list[LogLine]:
        """The proxy's log."""
        return self._proxy.log.lines

    @property
    def log_lines(self) -> list[str]:
        """Messages of the log, without level."""
        return [line.message for line in self._proxy.log.lines]

    @property
    def shared_data(self) -> dict[str, bytes]:
        """Data that the plugin shares with others of its `vm_id`."""
        return self._proxy.shared_data.items(self._settings.vm_id)

    @property
    def transcript(self) -> Transcript:
        """Every crossing between plugin and proxy."""
        return self._vm.transcript

    @property
    def live_objects(self) -> int | None:
        """Objects that the plugin holds; None when it does not tell, as in plain Python."""
        return self._vm.live_objects()

    @property
    def now_ns(self) -> int:
        """The proxy's clock."""
        return self._proxy.clock.now_ns()

    # The end.

    def finish(self) -> None:
        """End the test: clients still waiting go away, the plugin is told, leaks are found.

        Raises:
            LeakError: contexts of ended streams are still there.
        """
        for exchange in self.exchanges:
            if not exchange.is_over:
                exchange.disconnect()
        left = [context for context in self._vm.contexts.values() if context.kind != "root"]
        if left:
            raise LeakError(f"{len(left)} contexts outlive their streams")
        self._proxy.end_root(self._root)
        self._settle()

    def _settle(self) -> None:
        self._proxy.run()
        for exchange in self.exchanges:
            exchange.answer_if_arrived()
        if self._vm.trap is not None and not self._tolerate_traps:
            trap, self._vm.trap = self._vm.trap, None
            raise TrapError(f"the guest trapped, and its VM is dead: {trap}") from trap
