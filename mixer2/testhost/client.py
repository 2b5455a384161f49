"""The client before a filter, the same for every host: what a test sends, and what it gets."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from mixer2.testhost.errors import HeldError
from mixer2.testhost.exchange import Upstream
from mixer2.testhost.header_map import HeaderMap, HeadersLike
from mixer2.testhost.log import LogLine
from mixer2.testhost.messages import BodyLike, Request, Response, request_headers
from mixer2.testhost.properties import AttributePath, AttributeValue

OK: Final = Response(200)
Attributes = Mapping[AttributePath, AttributeValue]


class SentExchange(Protocol):
    """A request and its response, as every host has them."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""

    @property
    def response(self) -> Response:
        """What the client got."""

    @property
    def upstream_request(self) -> Request | None:
        """What the upstream received; None for nothing."""

    def why_no_response(self) -> str:
        """What holds it."""


ExchangeT = TypeVar("ExchangeT", bound=SentExchange)


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A request that a client is about to send; what the fields mean is at `Client.request`."""

    method: str = "GET"
    path: str = "/"
    headers: HeadersLike = ()
    body: BodyLike | None = b""
    trailers: HeadersLike | None = None
    upstream: Upstream = None
    authority: str = "example.com"
    attributes: Attributes | None = None
    worker: int = 0

    @property
    def ends_with_headers(self) -> bool:
        """Whether neither body nor trailers follow, now or later."""
        return self.body is not None and not self.body and self.trailers is None

    @property
    def has_more(self) -> bool:
        """Whether the body or the trailers follow at once."""
        return bool(self.body) or self.trailers is not None

    def proxied_headers(self, number: int) -> HeaderMap:
        """Its headers as the first filter sees them; of the client's request of that number."""
        request_id = f"00000000-0000-4000-8000-{number:012x}"
        sent = request_headers(self.method, self.path, self.authority, self.headers, request_id)
        if self.body and "content-length" not in sent and isinstance(self.body, bytes | str):
            size = len(self.body.encode() if isinstance(self.body, str) else self.body)
            sent.add("content-length", str(size))
        return sent


class Client(ABC, Generic[ExchangeT]):
    """What tests do with a host.

    Attributes:
        exchanges: Requests and their responses, in order.
    """

    def __init__(self) -> None:
        self.exchanges: list[ExchangeT] = []

    @abstractmethod
    def send(self, request: ClientRequest) -> ExchangeT:
        """Send a request through the filter."""

    @abstractmethod
    def send_logged(self, request: ClientRequest) -> ExchangeT:
        """Send a request beside the plugin, and have it logged by it."""

    @property
    @abstractmethod
    def log(self) -> list[LogLine]:
        """The proxy's log, as far as it is the plugin's."""

    def wait_for(self, exchange: ExchangeT, upstream: Upstream) -> None:
        """Let the time pass that an upstream takes, where time passes by itself."""

    def get(
        self,
        path: str = "/",
        headers: HeadersLike = (),
        upstream: Upstream = OK,
        attributes: Attributes | None = None,
    ) -> Response:
        """Send a GET and return what the client gets; see `request`."""
        return self.request("GET", path, headers, upstream=upstream, attributes=attributes)

    def post(
        self,
        path: str = "/",
        body: BodyLike = b"",
        headers: HeadersLike = (),
        upstream: Upstream = OK,
        attributes: Attributes | None = None,
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
        attributes: Attributes | None = None,
        worker: int = 0,
    ) -> Response:
        """Send a request through the filter and return what the client gets.

        Args:
            method: HTTP method.
            path: Path and query.
            headers: Headers of the client; the proxy adds its own as Envoy does.
            body: The body, or the parts in which it arrives.
            trailers: Trailers, when there are any.
            upstream: What answers when the request gets there: a response, a failure, or a
                function of the request that returns one of these.
            authority: Host.
            attributes: Attributes of this request, by path.
            worker: Number of the worker that accepts it.

        Raises:
            HeldError: the filter holds the exchange. Use `open` for a test of that.
            MisuseError, TrapError, UnsupportedError: what the filter did must not pass.
            NotInEnvoyError: with `--envoy`, what only a simulated proxy can do.
        """
        exchange = self.open(
            method, path, headers, body, trailers, upstream, authority, attributes, worker
        )
        if not exchange.is_over:
            self.wait_for(exchange, upstream)
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
        attributes: Attributes | None = None,
        worker: int = 0,
    ) -> ExchangeT:
        """Send a request and return the exchange, over or not; arguments as `request`.

        With `body=None` the body is sent later by the exchange's `send_data` and `send_body`;
        with `upstream=None` the test answers by its `respond`.
        """
        return self.send(
            ClientRequest(
                method, path, headers, body, trailers, upstream, authority, attributes, worker
            )
        )

    def log_access(
        self,
        method: str = "GET",
        path: str = "/",
        headers: HeadersLike = (),
        upstream: Upstream = OK,
        worker: int = 0,
    ) -> None:
        """Let an exchange happen beside the plugin, and have it logged by it: an access logger."""
        self.send_logged(ClientRequest(method, path, headers, upstream=upstream, worker=worker))

    @property
    def upstream_requests(self) -> list[Request]:
        """What the upstream received, in order."""
        return [
            exchange.upstream_request
            for exchange in self.exchanges
            if exchange.upstream_request is not None
        ]

    @property
    def log_lines(self) -> list[str]:
        """Messages of the log, without level."""
        return [line.message for line in self.log]
