"""HTTP callouts: the servers of a test's clusters, answering as it says or by its hand."""

import asyncio
from contextlib import suppress

from mixer2.envoyhost import http1
from mixer2.envoyhost.engine import CLOSED_PORT, Engine, Serve
from mixer2.envoyhost.exchange import request_headers, until_set
from mixer2.testhost.callouts import CalloutAnswer, Cluster
from mixer2.testhost.errors import HostError, NotInEnvoyError
from mixer2.testhost.messages import Request, Response
from mixer2.testhost.upstream_failure import UpstreamFailure

TIMEOUT_HEADER = "x-envoy-expected-rq-timeout-ms"


class EnvoyHttpCallout:
    """One callout, as the test sees it; as `mixer2.testhost.HttpCallout`."""

    def __init__(
        self, engine: Engine, cluster: str, request: Request, writer: asyncio.StreamWriter
    ) -> None:
        self.cluster = cluster
        self.request = request
        self.timeout = int(request.headers.get(TIMEOUT_HEADER) or 0)
        self.arrived = True
        self.over = asyncio.Event()
        self.times_out = False
        self._engine = engine
        self._writer = writer

    def __repr__(self) -> str:
        state = "pending" if self.is_pending else "answered"
        return f"HttpCallout({self.request.method} {self.request.path} to {self.cluster}, {state})"

    @property
    def is_pending(self) -> bool:
        """Whether it waits for an answer."""
        return not self.over.is_set()

    def answer(self, answer: CalloutAnswer) -> None:
        """End it: with a response, or with what Envoy makes of a failure."""
        if not self.is_pending:
            raise HostError(f"{self!r} was answered already")
        self._engine.background.run(self.give(answer))
        self._engine.background.run(self._engine.settle())

    def respond(self, response: Response) -> None:
        """The cluster answers."""
        self.answer(response)

    async def give(self, answer: CalloutAnswer) -> None:
        """Write an answer."""
        if answer is UpstreamFailure.TIMEOUT:
            self.times_out = True
            return
        if isinstance(answer, Response):
            self._writer.write(_response_bytes(answer))
        elif answer is UpstreamFailure.RESET:
            raise NotInEnvoyError("Envoy answers a callout that is reset with a 503 of its own")
        else:
            self._writer.close()
        self._engine.activity += 1
        self.over.set()


_SLACK = 1.0


class CalloutServers:
    """The clusters of one test.

    Args:
        engine: The Envoy that calls.
        clusters: How each answers.
    """

    def __init__(self, engine: Engine, clusters: dict[str, Cluster]) -> None:
        self.all: list[EnvoyHttpCallout] = []
        self._engine = engine
        self._clusters = clusters

    async def start(self) -> None:
        """Listen, and tell Envoy where."""
        for name, answer in self._clusters.items():
            port = await self._engine.listen(self._server(name))
            refuses = answer is UpstreamFailure.REFUSED
            await self._engine.set_cluster(name, CLOSED_PORT if refuses else port)

    async def wait_for_timeouts(self) -> bool:
        """Wait until Envoy has given up what gets no answer; whether there was any."""
        waiting = [one for one in self.all if one.times_out and one.is_pending and one.timeout]
        for callout in waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(callout.over.wait(), callout.timeout / 1000 + _SLACK)
        return bool(waiting)

    def _server(self, name: str) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                with suppress(OSError, EOFError):
                    while (head := await http1.read_head(reader)) is not None:
                        await self._one(name, head, reader, writer)
            except Exception as problem:  # noqa: BLE001  (of the test's function; raised there)
                self._engine.problems.append(problem)
            finally:
                writer.close()

        return serve

    async def _one(
        self,
        name: str,
        head: http1.Head,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        request = Request(request_headers(head))
        if head.is_chunked:
            while data := await http1.read_chunk(reader):
                request.chunks.append(data)
            request.trailers = await http1.read_trailers(reader)
        elif head.length:
            request.chunks.append(await reader.readexactly(head.length))
        request.complete = True
        callout = EnvoyHttpCallout(self._engine, name, request, writer)
        self.all.append(callout)
        self._engine.activity += 1
        answer = self._clusters[name]
        if answer is not None:
            await callout.give(answer(request) if callable(answer) else answer)
        await until_set(callout.over, reader)
        callout.over.set()


def _response_bytes(response: Response) -> bytes:
    fields = [item for item in response.headers.items() if item[0] != ":status"]
    names = {name for name, _ in fields}
    start = f"HTTP/1.1 {response.status} Any"
    if response.trailers is None:
        fields = [item for item in fields if item[0] != "transfer-encoding"]
        if "content-length" not in names:
            fields.append(("content-length", str(len(response.body))))
        return http1.head_bytes(start, fields) + response.body
    if "transfer-encoding" not in names:
        fields.append(("transfer-encoding", "chunked"))
    body = http1.chunk_bytes(response.body) + http1.end_bytes(response.trailers)
    return http1.head_bytes(start, fields) + body
