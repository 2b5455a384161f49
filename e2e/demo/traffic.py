"""Bounded HTTP load over keep-alive connections, counted at the client.

The client's counts are the truth that Envoy's are compared with: nothing is retried, and a request
that got another answer than it asked for is a failure with its reason.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp

from e2e.demo.upstream import ORIGIN_HEADER

TENANT_HEADER: Final = "x-tenant"
REQUEST_TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the plan, and the status code that its path asks the upstream for."""

    tenant: str
    method: str
    code: int

    @property
    def path(self) -> str:
        """Path that the upstream answers with `code`."""
        return f"/orders/{self.code}"


@dataclass(frozen=True, slots=True)
class Mix:
    """How often each tenant, method and outcome occurs; the weights need not sum to anything."""

    tenants: dict[str, int]
    methods: dict[str, int]
    codes: dict[int, int]

    def draw(self, count: int, seed: int) -> list[Request]:
        """Return `count` requests of the mix; equal seeds give equal lists."""
        chance = random.Random(seed)
        tenants = chance.choices(list(self.tenants), list(self.tenants.values()), k=count)
        methods = chance.choices(list(self.methods), list(self.methods.values()), k=count)
        codes = chance.choices(list(self.codes), list(self.codes.values()), k=count)
        return [Request(*each) for each in zip(tenants, methods, codes, strict=True)]


class Load:
    """Sends a list of requests once, over a fixed number of connections.

    Args:
        url: Where to send them, without a path.
        requests: What to send. Each connection takes the next one as soon as it is free.
        connections: How many requests are under way at the same time.
        signatures: Response headers by which a plugin may name itself. An answer must carry exactly
            one of them.
    """

    def __init__(
        self, url: str, requests: Sequence[Request], *, connections: int, signatures: Iterable[str]
    ) -> None:
        self.total = len(requests)
        self.answered: Counter[Request] = Counter()
        self.signed: Counter[tuple[str, str]] = Counter()
        self.failures: list[str] = []
        self.connections_opened = 0
        self._url = url
        self._queue = iter(requests)
        self._connections = connections
        self._signatures = tuple(signatures)
        self._progress = asyncio.Condition()

    @property
    def done(self) -> int:
        """How many requests have ended, well or not."""
        return self.answered.total() + len(self.failures)

    async def reached(self, count: int) -> None:
        """Wait until `count` requests have ended."""
        async with self._progress:
            await self._progress.wait_for(lambda: self.done >= count)

    async def run(self) -> None:
        """Send everything; returns when the last answer is there."""
        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(self._count_connection)
        async with (
            aiohttp.ClientSession(
                self._url,
                connector=aiohttp.TCPConnector(limit=self._connections),
                timeout=aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_S),
                trace_configs=[trace],
            ) as session,
            asyncio.TaskGroup() as group,
        ):
            for _ in range(self._connections):
                group.create_task(self._send_in_turn(session))

    async def _count_connection(self, *_: object) -> None:
        self.connections_opened += 1

    async def _send_in_turn(self, session: aiohttp.ClientSession) -> None:
        for request in self._queue:
            reason = await self._send(session, request)
            if reason:
                self.failures.append(
                    f"{request.method} {request.path} of {request.tenant}: {reason}"
                )
            async with self._progress:
                self._progress.notify_all()

    async def _send(self, session: aiohttp.ClientSession, request: Request) -> str | None:
        """Send one request and count it; the reason when it failed."""
        try:
            async with session.request(
                request.method,
                request.path,
                headers={TENANT_HEADER: request.tenant},
                data=b"{}" if request.method == "POST" else None,
                allow_redirects=False,
            ) as response:
                await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            return repr(error)
        if response.status != request.code:
            return f"asked for {request.code}, got {response.status}"
        if ORIGIN_HEADER not in response.headers:
            return f"the {response.status} is not the upstream's"
        signatures = [
            (name, response.headers[name]) for name in self._signatures if name in response.headers
        ]
        if len(signatures) != 1:
            return f"expected one of the headers {', '.join(self._signatures)}, got {signatures}"
        self.answered[request] += 1
        self.signed[signatures[0]] += 1
        return None
