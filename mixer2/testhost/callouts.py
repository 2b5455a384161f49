"""HTTP callouts: requests that a plugin makes on its own.

The answer comes to the root context, whoever asked. A timeout and a refused connection are
responses of Envoy's own making; only a reset shows no response at all.
Source: Envoy, `context.cc`, `httpCall`; texts and headers as Envoy 1.40 sent them.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from mixer2.testhost.abi import BufferType, MapType, Status
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.errors import HostError, Refused
from mixer2.testhost.header_map import INLINE_REQUEST_HEADERS, HeaderMap
from mixer2.testhost.messages import Request, Response
from mixer2.testhost.upstream_failure import UpstreamFailure

if TYPE_CHECKING:
    from mixer2.testhost.clock import Timer
    from mixer2.testhost.contexts import RootContext


CalloutAnswer: TypeAlias = Response | UpstreamFailure
"""What a callout ends with."""


class HttpCallout:
    """One callout, as the test sees it.

    Args:
        root: The plugin that gets the answer.
        cluster: Name of the cluster.
        token: What the plugin knows it by.
        request: What it sends.
        timeout: Milliseconds that it waits; 0 for ever.

    Attributes:
        is_pending: Whether it waits for an answer.
        arrived: Whether there was anybody to receive it.
    """

    def __init__(
        self, root: "RootContext", cluster: str, token: int, request: Request, timeout: int
    ) -> None:
        self.root = root
        self.cluster = cluster
        self.token = token
        self.request = request
        self.timeout = timeout
        self.is_pending = True
        self.arrived = True
        self._timer: Timer | None = None
        if timeout:
            self._timer = root.vm.proxy.clock.after(timeout / 1000, self.time_out)

    def __repr__(self) -> str:
        state = "pending" if self.is_pending else "answered"
        return f"HttpCallout({self.request.method} {self.request.path} to {self.cluster}, {state})"

    def answer(self, answer: CalloutAnswer) -> None:
        """End it: with a response, or with what Envoy makes of a failure."""
        self.arrived = answer is not UpstreamFailure.REFUSED
        if isinstance(answer, Response):
            self.respond(answer)
        elif answer is UpstreamFailure.RESET:
            self._finish()
            self._call(0, 0, 0)
        else:
            headers, body = answer.reply.build(HeaderMap())
            self._show(headers, body, None)

    def respond(self, response: Response) -> None:
        """The cluster answers."""
        headers = response.headers.copy()
        headers.set("x-envoy-upstream-service-time", "0")
        self._show(headers, response.body, response.trailers)

    def _show(self, headers: HeaderMap, body: bytes, trailers: HeaderMap | None) -> None:
        self._finish()
        view = self.root.callout
        view.headers[MapType.CALLOUT_RESPONSE_HEADERS] = headers
        view.buffers[BufferType.CALLOUT_RESPONSE_BODY] = Buffer(body, writable=False)
        if trailers is not None:
            view.headers[MapType.CALLOUT_RESPONSE_TRAILERS] = trailers
        self._call(len(headers), len(body), len(trailers or ()))

    def time_out(self) -> None:
        """The cluster takes too long: the plugin gets Envoy's 504."""
        self.answer(UpstreamFailure.TIMEOUT)

    def cancel(self) -> None:
        """The plugin is gone; nobody will be told."""
        self._finish()

    def _call(self, headers: int, body: int, trailers: int) -> None:
        call_root(self.root, "proxy_on_http_call_response", self.token, headers, body, trailers)

    def _finish(self) -> None:
        if not self.is_pending:
            raise HostError(f"{self!r} was answered already")
        self.is_pending = False
        if self._timer is not None:
            self._timer.cancel()


Cluster: TypeAlias = "CalloutAnswer | Callable[[Request], CalloutAnswer] | None"
"""Answers callouts: always so, or as a function says; None when the test answers by hand."""


class HttpCallouts:
    """The callouts of one proxy.

    Args:
        clusters: The clusters that there are.
        post: Runs an action once no guest is running.
    """

    def __init__(
        self, clusters: Mapping[str, Cluster], post: Callable[[Callable[[], None]], None]
    ) -> None:
        self._clusters = clusters
        self._post = post
        self.all: list[HttpCallout] = []

    def start(
        self,
        root: "RootContext",
        cluster: str,
        headers: HeaderMap,
        body: bytes,
        trailers: HeaderMap,
        timeout: int,
    ) -> int:
        """Send a request; its token. Refused with BAD_ARGUMENT, in Envoy's order of checks."""
        if timeout >= 1 << 31 or cluster not in self._clusters:
            raise Refused(Status.BAD_ARGUMENT)
        if any(name not in headers for name in (":path", ":method", ":authority")):
            raise Refused(Status.BAD_ARGUMENT)
        if body:
            headers.set("content-length", str(len(body)))
        _decorate(headers, timeout)
        request = Request(headers, [body] if body else [], trailers or None, complete=True)
        callout = HttpCallout(root, cluster, root.vm.tokens.next_http(), request, timeout)
        self.all.append(callout)
        answer = self._clusters[cluster]
        if answer is not None:
            self._post(lambda: self._answer(callout, answer))
        return callout.token

    def cancel_of(self, root: "RootContext") -> None:
        """A plugin is gone: nobody waits for its answers any more."""
        for callout in self.all:
            if callout.root is root and callout.is_pending:
                callout.cancel()

    def _answer(
        self, callout: HttpCallout, answer: "CalloutAnswer | Callable[[Request], CalloutAnswer]"
    ) -> None:
        if callout.is_pending:
            callout.answer(answer(callout.request) if callable(answer) else answer)


def call_root(root: "RootContext", callback: str, *arguments: int) -> None:
    """Tell the root context; what it sees of the callout goes before what it puts off happens."""
    root.vm.defer(root.callout.clear)
    root.vm.call(root, callback, *arguments)
    root.vm.do_deferred()


class Tokens:
    """Tokens of one VM's callouts: 4, 8, ... HTTP, 5, 9, ... gRPC calls, 6, 10, ... streams.

    Those of DNS lookups are apart: 2, 3, ...
    """

    def __init__(self) -> None:
        self._next = {"http": 4, "call": 5, "stream": 6}
        self._next_dns = 2

    def next_http(self) -> int:
        """Of an HTTP callout."""
        return self._take("http")

    def next_grpc_call(self) -> int:
        """Of a unary gRPC callout."""
        return self._take("call")

    def next_grpc_stream(self) -> int:
        """Of a gRPC stream."""
        return self._take("stream")

    def next_dns(self) -> int:
        """Of a DNS lookup."""
        self._next_dns += 1
        return self._next_dns - 1

    def _take(self, kind: str) -> int:
        token = self._next[kind]
        self._next[kind] += 4
        return token


def _decorate(headers: HeaderMap, timeout: int) -> None:
    """What Envoy's HTTP client adds."""
    headers.set("x-envoy-internal", "true")
    if timeout:
        headers.set("x-envoy-expected-rq-timeout-ms", str(timeout))


def callout_headers(pairs: list[tuple[str, str]]) -> HeaderMap:
    """Headers of a callout's request."""
    return HeaderMap(pairs, INLINE_REQUEST_HEADERS)
