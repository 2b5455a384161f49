"""One Envoy with its xDS server and all that it talks to, used by one test after another."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Final, Protocol, TypeAlias

import structlog

from mixer2.envoy.admin import AdminClient
from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
from mixer2.envoy.process import EnvoyProcess
from mixer2.envoyhost import http1
from mixer2.envoyhost.background import Background
from mixer2.envoyhost.cluster import cluster
from mixer2.envoyhost.extension import empty_resource, plugin_resource
from mixer2.envoyhost.log import first_thread
from mixer2.envoyhost.slot import (
    ALL_SLOTS,
    BARRIER,
    SLOTS_OF_A_KIND,
    TCP_UPSTREAM,
    UPSTREAM,
    Slot,
    SlotKind,
    static_resources,
)
from mixer2.envoyhost.workers import LOGGED, Wire, Workers
from mixer2.testhost.errors import ConfigurationRefusedError, NotInEnvoyError, ProxyDiedError
from mixer2.testhost.settings import PluginSettings
from mixer2.xds.builders.endpoint import Endpoint, load_assignment
from mixer2.xds.resource import Resource
from mixer2.xds.server import XdsServer
from mixer2.xds.snapshot import Snapshot

CLOSED_PORT: Final = 1
"""Where nothing listens: Envoy finds its connection refused."""

_NODE: Final = "test-node"
_QUIET_ROUNDS: Final = 3
"""Hops from socket to socket that something in flight may be away from us, each a round."""
_SLOW_ROUND: Final = 0.006
_MOST_ROUNDS: Final = 2000
_SETTLED_WITHIN: Final = 20.0
_GONE_WITHIN: Final = 2.0
_LIVE_VMS: Final = "wasm.envoy.wasm.runtime.v8.active"

Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class HttpArrival(Protocol):
    """A request that the upstream may get."""

    request_id: str

    @property
    def is_awaited(self) -> bool:
        """Whether it has not arrived yet, and still may."""

    async def arrive(
        self, head: http1.Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take it from the wire, and answer."""


class TcpArrival(Protocol):
    """A connection that the upstream may get."""

    @property
    def is_awaited(self) -> bool:
        """Whether it has not arrived yet, and still may."""

    async def arrive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take it."""


class Engine:
    """A running Envoy and its surroundings.

    Args:
        buffer_limit: `per_connection_buffer_limit_bytes` of its listeners.
        workers: Worker threads.

    Raises:
        EnvoyError: there is no Envoy, or it does not start.
    """

    def __init__(self, buffer_limit: int, workers: int) -> None:
        self.background = Background()
        self.activity = 0
        self.busy = 0
        self.exchanges: list[HttpArrival] = []
        self.connections: list[TcpArrival] = []
        self.problems: list[BaseException] = []
        self.plugins: dict[Slot, object] = {}
        self.is_slow = False
        self._round_lock = asyncio.Lock()
        self._in_slots = {slot: empty_resource(slot) for slot in ALL_SLOTS}
        self._clusters: dict[str, Resource] = {}
        self._endpoints: dict[str, Resource] = {}
        self._ports: Mapping[str, int] = {}
        self._servers: list[asyncio.Server] = []
        self._barriers: list[Wire] = []
        self._workers = Workers(workers, self.log, lambda: self.log_size)
        self._closing = AsyncExitStack()
        self.background.run(self._start(buffer_limit, workers))

    def close(self) -> None:
        """End Envoy and everything beside it."""
        self.background.run(self._stop())
        self.background.close()

    @property
    def is_alive(self) -> bool:
        """Whether Envoy still runs."""
        return self._envoy.returncode is None

    @property
    def pid(self) -> int:
        """Envoy's process id."""
        return self._envoy.pid

    @property
    def admin(self) -> AdminClient:
        """The admin interface."""
        return self._envoy.admin

    def port(self, slot: Slot) -> int:
        """Where a slot's listener takes connections."""
        return self._ports[slot.name]

    def log(self, start: int = 0) -> str:
        """What Envoy has logged, from a byte on."""
        with self._envoy.log_path.open("rb") as log:
            log.seek(start)
            return log.read().decode("utf-8", "surrogateescape")

    @property
    def log_size(self) -> int:
        """Bytes that Envoy has logged."""
        return self._envoy.log_path.stat().st_size

    @property
    def first_worker(self) -> str | None:
        """Thread id of the first of several workers; None of the only one."""
        return self._workers.first_thread

    async def connect(self, port: int, worker: int) -> Wire:
        """A connection to a port, taken by a worker."""
        return await self._workers.connect(port, worker)

    def take_slot(self, kind: SlotKind) -> Slot:
        """A free slot of a kind.

        Raises:
            NotInEnvoyError: all of them are taken.
        """
        for slot in ALL_SLOTS:
            if slot.kind is kind and slot not in self.plugins:
                return slot
        raise NotInEnvoyError(f"more than {SLOTS_OF_A_KIND} plugins in one proxy")

    async def put(self, slot: Slot, wasm: bytes, settings: PluginSettings) -> None:
        """Put a plugin into a slot.

        Raises:
            ConfigurationRefusedError: Envoy, or the plugin, said no.
        """
        self._in_slots[slot] = plugin_resource(slot, wasm, settings)
        refusal = await self._deliver(slot.name)
        if refusal is not None:
            self._in_slots[slot] = empty_resource(slot)
            await self._deliver(slot.name)
            raise ConfigurationRefusedError(refusal)
        await self.settle()
        if slot.kind is SlotKind.ACCESS_LOG:
            await self._find_ports()

    async def clear(self, slot: Slot) -> None:
        """Take a plugin out of its slot, and wait until its VMs are gone."""
        self._in_slots[slot] = empty_resource(slot)
        await self._deliver(slot.name)
        if any(self._in_slots[other] != empty_resource(other) for other in ALL_SLOTS):
            return
        deadline = asyncio.get_running_loop().time() + _GONE_WITHIN
        while asyncio.get_running_loop().time() < deadline:
            if not (await self.admin.stats(f"^{_LIVE_VMS}$")).get(_LIVE_VMS):
                return
            await self.round()

    async def set_cluster(self, name: str, port: int, *, http2: bool = False) -> None:
        """Let a cluster be what listens on a port of this machine."""
        self._add_cluster(name, port, http2=http2)
        await self._deliver(name)
        await self.round()

    async def set_log_level(self, level: str) -> None:
        """Set the level of Envoy's logger for Wasm."""
        await self.admin.set_log_level("wasm", level)

    async def listen(self, serve: Serve) -> int:
        """Serve connections on a free port; its number."""
        server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def settle(self) -> None:
        """Wait until nothing is on its way any more, in Envoy or beside it.

        A request through Envoy that meets no plugin takes the same worker thread, and our own
        event loop, after whatever was there before it. When some of them in a row see nothing
        new, in our sockets or in Envoy's log, there is nothing to come but by timers.
        """
        quiet = 0
        for _ in range(_MOST_ROUNDS):
            before = self.activity, self.log_size
            await self.round()
            if self.is_slow:
                # gRPC's server has threads of its own, which no request of ours goes through.
                await asyncio.sleep(_SLOW_ROUND)
            nothing_new = before == (self.activity, self.log_size) and not self.busy
            quiet = quiet + 1 if nothing_new else 0
            if quiet == _QUIET_ROUNDS:
                return
        raise TimeoutError(f"Envoy was not quiet after {_MOST_ROUNDS} round trips")

    async def _start(self, buffer_limit: int, workers: int) -> None:
        if not structlog.is_configured():
            quiet = structlog.make_filtering_bound_logger(40)
            structlog.configure(wrapper_class=quiet)
        self._xds = await self._closing.enter_async_context(XdsServer(host="127.0.0.1"))
        self._add_cluster(BARRIER, await self.listen(_answer_always))
        self.upstream_port = await self.listen(self._serve_http)
        self._add_cluster(UPSTREAM, self.upstream_port)
        self._add_cluster(TCP_UPSTREAM, await self.listen(self._serve_tcp))
        self._publish()
        bootstrap = Bootstrap(
            node=Node(_NODE, cluster="test-cluster"),
            xds=TcpAddress("127.0.0.1", self._xds.port),
            static_resources=static_resources(buffer_limit),
        )
        self._envoy = EnvoyProcess(
            bootstrap,
            concurrency=workers,
            log_level=f"info,wasm:trace,{LOGGED}" if workers > 1 else "info,wasm:trace",
            ready_timeout=60,
            # Listeners of access loggers go; what they keep goes that much later.
            extra_args=["--drain-time-s", "1"],
        )
        await self._closing.enter_async_context(self._envoy)
        self.main_thread = first_thread(self.log())
        await self._find_ports()

    async def _find_ports(self) -> None:
        listeners = await self._envoy.admin.listeners()
        self._ports = {
            name: address.port
            for name, address in listeners.items()
            if isinstance(address, TcpAddress)
        }

    async def _stop(self) -> None:
        for _, writer in self._barriers:
            writer.close()
        await self._closing.aclose()
        for server in self._servers:
            server.close()

    def _add_cluster(self, name: str, port: int, *, http2: bool = False) -> None:
        self._clusters[name] = cluster(name, http2=http2)
        self._endpoints[name] = load_assignment(name, [Endpoint("127.0.0.1", port)])

    def _publish(self) -> Snapshot:
        snapshot = Snapshot(
            [
                *(resource for resource in self._in_slots.values() if resource is not None),
                *self._clusters.values(),
                *self._endpoints.values(),
            ]
        )
        self._xds.cache.set(snapshot)
        return snapshot

    async def _deliver(self, name: str) -> str | None:
        """Publish, and wait for Envoy's answer; the reason, when it refused the named resource."""
        snapshot = self._publish()
        async with asyncio.timeout(_SETTLED_WITHIN):
            await self._xds.nodes.wait_settled(snapshot.version, _NODE)
        status = self._xds.nodes.get(_NODE)
        reasons = [one.reason for one in status.rejections if one.name == name] if status else []
        return "; ".join(reasons) or None

    async def round(self) -> None:
        """A request through each worker of Envoy and our loop that meets no plugin."""
        async with self._round_lock:
            if not self._barriers:
                self._barriers = await self._workers.meet(self._ports[BARRIER])
            for reader, writer in self._barriers:
                writer.write(b"GET / HTTP/1.1\r\nhost: barrier\r\n\r\n")
                if await http1.read_head(reader) is None:
                    self._barriers = []
                    raise ProxyDiedError(f"Envoy went away; its log ends with {self.log()[-2000:]}")

    async def _serve_http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await http1.read_head(reader)) is not None:
                self.activity += 1
                exchange = self._exchange(head.get("x-request-id"))
                if exchange is None:
                    break
                await exchange.arrive(head, reader, writer)
        except (OSError, EOFError):
            pass
        except Exception as problem:  # noqa: BLE001  (the test's own function; raised in the test)
            self.problems.append(problem)
        finally:
            writer.close()

    def _exchange(self, request_id: str | None) -> HttpArrival | None:
        """Whose request it is: told by its id, or by its turn when a plugin changed that."""
        awaited = [one for one in self.exchanges if one.is_awaited]
        known = [one for one in awaited if one.request_id == request_id]
        return next(iter(known or awaited), None)

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.activity += 1
        try:
            for connection in self.connections:
                if connection.is_awaited:
                    await connection.arrive(reader, writer)
                    return
        except OSError:
            pass
        finally:
            writer.close()


async def _answer_always(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The barrier's server."""
    try:
        while await http1.read_head(reader) is not None:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    except (OSError, EOFError):
        pass
    finally:
        writer.close()
