"""What a test holds, with the real Envoy behind it; has the methods of `mixer2.testhost.Host`."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from mixer2.envoyhost.callouts import CalloutServers, EnvoyHttpCallout
from mixer2.envoyhost.connection import EnvoyConnection
from mixer2.envoyhost.engine import CLOSED_PORT, Engine
from mixer2.envoyhost.exchange import EnvoyExchange
from mixer2.envoyhost.grpc import EnvoyGrpcCall, GrpcServers
from mixer2.envoyhost.grpc_stream import EnvoyGrpcStream
from mixer2.envoyhost.log import PluginLog
from mixer2.envoyhost.pool import EnginePool
from mixer2.envoyhost.slot import UPSTREAM, SlotKind
from mixer2.envoyhost.stats import EnvoyStats, read
from mixer2.testhost.abi import LogLevel
from mixer2.testhost.client import Client, ClientRequest
from mixer2.testhost.errors import (
    ConfigurationRefusedError,
    NotInEnvoyError,
    ProxyDiedError,
    TrapError,
)
from mixer2.testhost.exchange import Upstream
from mixer2.testhost.log import LogLine
from mixer2.testhost.options import LoadOptions
from mixer2.testhost.settings import PluginSettings
from mixer2.testhost.upstream_failure import UpstreamFailure
from mixer2.testhost.wasm_interface import Interface, read_interface

_LONGEST_SLEEP: Final = 20.0
"""Seconds of real time that a test may let pass."""

_TIMER_SLACK: Final = 0.03
_UPSTREAM_TIMEOUT: Final = 15.0
"""Envoy's default for a route."""

_TCP_CALLBACKS: Final = frozenset(
    {
        "proxy_on_new_connection",
        "proxy_on_downstream_data",
        "proxy_on_upstream_data",
        "proxy_on_downstream_connection_close",
        "proxy_on_upstream_connection_close",
    }
)
_HTTP_CALLBACKS: Final = frozenset(
    {
        "proxy_on_request_headers",
        "proxy_on_request_body",
        "proxy_on_response_headers",
        "proxy_on_response_body",
    }
)


@dataclass(frozen=True, slots=True)
class EnvoyTranscript:
    """Every crossing between plugin and Envoy on the worker, as the test host writes them."""

    lines: list[str]

    def __getattr__(self, name: str) -> NoReturn:
        """What only the test hosts have."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotInEnvoyError(f"transcript.{name} is for the test hosts only")

    def calls(self, name: str) -> NoReturn:
        """Not to be had: Envoy's trace shows addresses, not values."""
        raise NotInEnvoyError(f"Envoy's trace has no values of {name}, only their addresses")


class EnvoyHost(Client[EnvoyExchange]):
    """A plugin in Envoy.

    Args:
        pool: Where Envoys come from.
        wasm: The module.
        settings: The plugin's configuration.
        options: How it is run.
        beside: A host whose Envoy it shares.

    Attributes:
        is_traced: Whether Envoy writes down the plugin's host calls. It does not for a plugin that
            asks for the log level, which would see it.

    Raises:
        ConfigurationRefusedError: Envoy, or the plugin, said no.
    """

    def __init__(
        self,
        pool: EnginePool,
        wasm: bytes,
        settings: PluginSettings,
        options: LoadOptions,
        beside: "EnvoyHost | None" = None,
    ) -> None:
        super().__init__()
        interface = read_interface(wasm)
        self._pool = pool
        self._wasm = wasm
        self._settings = settings
        self._options = options
        self._shares = beside is not None
        self._engine: Engine = (
            beside.engine if beside else pool.take(options.buffer_limit, options.workers)
        )
        self._finished = False
        self._requests = 0
        self.is_traced = False
        self.connections: list[EnvoyConnection] = []
        self._log_start = self._engine.log_size
        self.stats = EnvoyStats(self._engine, self._run(read(self._engine.admin)))
        self._engine.is_slow = bool(options.grpc_services)
        self._callouts = CalloutServers(self._engine, dict(options.clusters or {}))
        self._grpc = GrpcServers(self._engine, dict(options.grpc_services or {}))
        self._slot = self._engine.take_slot(_kind(interface))
        self._engine.plugins[self._slot] = self
        try:
            self._run(self._callouts.start())
            self._run(self._grpc.start())
            level = _level(interface, options.log_level)
            self.is_traced = level == "trace"
            self._run(self._engine.set_log_level(level))
            self._run(self._engine.put(self._slot, wasm, settings))
        except ConfigurationRefusedError as refused:
            log = self._plugin_log(main_thread_too=True)
            self._leave()
            last = str(log.lines[-1]) if log.lines else "none"
            why = ": ".join([str(refused), *log.failures])
            raise ConfigurationRefusedError(f"{why}; the log's last line: {last}") from None
        except BaseException:
            self._leave()
            raise

    @property
    def engine(self) -> Engine:
        """The Envoy."""
        return self._engine

    @property
    def port(self) -> int:
        """Where Envoy, on this machine, takes connections for the plugin."""
        return self._engine.port(self._slot)

    def __getattr__(self, name: str) -> NoReturn:
        """What only the test hosts have."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotInEnvoyError(f"host.{name} is for the test hosts only")

    # The client.

    def wait_for(self, exchange: EnvoyExchange, upstream: Upstream) -> None:
        """Let Envoy run out of patience with an upstream that takes too long."""
        if not exchange.is_over and upstream is UpstreamFailure.TIMEOUT:
            self.advance(_UPSTREAM_TIMEOUT)

    def send(self, request: ClientRequest) -> EnvoyExchange:
        """Send a request through the filter."""
        _refuse_attributes(request.attributes)
        self._requests += 1
        headers = request.proxied_headers(self._requests)
        exchange = EnvoyExchange(
            self._engine, headers, self._settle, request.upstream, request.worker
        )
        self.exchanges.append(exchange)
        self._engine.exchanges.append(exchange)
        refused = request.upstream is UpstreamFailure.REFUSED
        if refused:
            self._run(self._engine.set_cluster(UPSTREAM, CLOSED_PORT))
        try:
            exchange.send_headers(self._engine.port(self._slot), request.ends_with_headers)
            if request.has_more:
                exchange.send_body(request.body or b"", request.trailers)
        finally:
            if refused:
                self._run(self._engine.set_cluster(UPSTREAM, self._engine.upstream_port))
        return exchange

    def send_logged(self, request: ClientRequest) -> EnvoyExchange:
        """Send a request beside the plugin, which becomes an access logger."""
        self._move(SlotKind.ACCESS_LOG)
        return self.send(request)

    def connect(
        self,
        early_data: bool = False,
        attributes: Mapping[Any, Any] | None = None,
        worker: int = 0,
    ) -> EnvoyConnection:
        """Open a TCP connection through the filter to the upstream.

        Raises:
            NotInEnvoyError: it has attributes of the test's making.
        """
        _refuse_attributes(attributes)
        if self._options.workers > 1:
            raise NotInEnvoyError("which worker takes a TCP connection is the kernel's choice")
        if self._slot.kind is SlotKind.HTTP:
            raise NotInEnvoyError("this module is an HTTP filter: it has no callbacks of TCP")
        self._move(SlotKind.EARLY_TCP if early_data else SlotKind.TCP)
        connection = EnvoyConnection(self._engine, self._settle)
        self.connections.append(connection)
        self._engine.connections.append(connection)
        connection.open(self._engine.port(self._slot))
        return connection

    def advance(self, seconds: float) -> None:
        """Let real time pass.

        Raises:
            NotInEnvoyError: it would be too long.
        """
        if seconds > _LONGEST_SLEEP:
            raise NotInEnvoyError(f"Envoy's clock cannot be moved, and {seconds:g} s are long")
        time.sleep(seconds + _TIMER_SLACK)
        self._settle()

    def forget(self) -> None:
        """Drop what is only kept to be looked at: ended exchanges, log, transcript."""
        self.exchanges = [exchange for exchange in self.exchanges if not exchange.is_over]
        self.connections = [item for item in self.connections if not item.is_over]
        self._log_start = self._engine.log_size

    # What an operator sees.

    @property
    def http_callouts(self) -> list[EnvoyHttpCallout]:
        """HTTP callouts, in the order in which they arrived."""
        return self._callouts.all

    @property
    def grpc_calls(self) -> list[EnvoyGrpcCall]:
        """Unary gRPC callouts, in the order in which they arrived."""
        return self._grpc.calls

    @property
    def grpc_streams(self) -> list[EnvoyGrpcStream]:
        """gRPC streams, in the order in which they arrived; the test plays the server."""
        return self._grpc.streams

    @property
    def samples(self) -> dict[str, list[int]]:
        """What histograms recorded, by name, in ascending order."""
        return self.stats.samples

    @property
    def sample_counts(self) -> dict[str, int]:
        """How many samples histograms recorded, by name."""
        return self.stats.sample_counts

    @property
    def log(self) -> list[LogLine]:
        """What the plugin wrote into Envoy's log on the worker."""
        return self._plugin_log().lines

    @property
    def transcript(self) -> EnvoyTranscript:
        """Every crossing between plugin and Envoy on the worker."""
        return EnvoyTranscript(self._plugin_log().crossings)

    @property
    def live_objects(self) -> None:
        """Objects that the plugin holds: not to be seen from outside of Envoy."""
        return None

    @property
    def memory_size(self) -> None:
        """Bytes of the plugin's memory: not to be seen from outside of Envoy."""
        return None

    @property
    def now_ns(self) -> int:
        """The clock."""
        return time.time_ns()

    # The end.

    def finish(self) -> None:
        """End the test: clients go away, and the plugin goes."""
        if not self._finished:
            self._leave()

    def _leave(self) -> None:
        self._finished = True
        engine = self._engine
        try:
            if engine.is_alive:
                for exchange in self.exchanges:
                    if not exchange.is_over:
                        exchange.disconnect()
                for connection in self.connections:
                    connection.close()
                self._run(engine.clear(self._slot))
            self._run(self._grpc.stop())
        finally:
            engine.plugins.pop(self._slot, None)
            if not engine.plugins:
                engine.exchanges, engine.connections = [], []
            engine.problems.clear()
            if not self._shares:
                self._pool.give_back(engine, self._options.buffer_limit, self._options.workers)

    def _move(self, kind: SlotKind) -> None:
        """Let the plugin start anew in a slot of another kind."""
        if self._slot.kind is kind:
            return
        if self.connections or self.exchanges:
            raise NotInEnvoyError("a plugin in several kinds of slots, in one test")
        engine = self._engine
        self._run(engine.clear(self._slot))
        engine.plugins.pop(self._slot)
        self._slot = engine.take_slot(kind)
        engine.plugins[self._slot] = self
        self._log_start = engine.log_size
        self._run(engine.put(self._slot, self._wasm, self._settings))

    def _settle(self) -> None:
        if not self._engine.is_alive:
            raise ProxyDiedError(f"Envoy died; its log ends with {self._engine.log()[-2000:]}")
        self._run(self._engine.settle())
        if self._run(self._callouts.wait_for_timeouts()):
            self._run(self._engine.settle())
        if self._engine.problems:
            raise self._engine.problems.pop(0)
        trap = None if self._options.tolerate_traps else self._plugin_log().trap
        if trap is not None:
            raise TrapError(f"the guest trapped, and its VM is dead: {trap}")

    def _plugin_log(self, *, main_thread_too: bool = False) -> PluginLog:
        main_thread = "" if main_thread_too else self._engine.main_thread
        text = self._engine.log(self._log_start)
        first_worker = self._engine.first_worker
        return PluginLog(text, main_thread, self._options.log_level, first_worker)

    def _run(self, coroutine: Any) -> Any:
        return self._engine.background.run(coroutine)


def _kind(interface: Interface) -> SlotKind:
    """A filter of TCP, or of HTTP when it is both or neither."""
    exports = {export.name for export in interface.exports}
    is_tcp = bool(exports & _TCP_CALLBACKS) and not exports & _HTTP_CALLBACKS
    return SlotKind.TCP if is_tcp else SlotKind.HTTP


def _level(interface: Interface, wanted: LogLevel) -> str:
    """Level of Envoy's log: everything, unless the plugin would notice."""
    asks = any(one.name == "env.proxy_get_log_level" for one in interface.imports)
    level = wanted if asks else LogLevel.TRACE
    return "warning" if level is LogLevel.WARN else level.name.lower()


def _refuse_attributes(attributes: Mapping[Any, Any] | None) -> None:
    if attributes:
        raise NotInEnvoyError(f"attributes of the test's making: {sorted(map(str, attributes))}")
