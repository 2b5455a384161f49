# ruff: noqa: D102  (what overrides a method of `Context` is documented there)
"""Contexts: what a host call acts on. The root context, and the base of stream contexts.

    Vm 1 --- n RootContext (one per plugin) 1 --- n stream contexts (`HttpStream`, `TcpStream`)

The defaults here are Envoy's answers where a context has nothing to offer.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from mixer2.testhost.abi import BufferType, MapType
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.expressions import Expressions
from mixer2.testhost.header_map import HeaderMap

if TYPE_CHECKING:
    from mixer2.testhost.clock import Timer
    from mixer2.testhost.properties import AttributeValue
    from mixer2.testhost.settings import PluginSettings
    from mixer2.testhost.vm import Vm


@dataclass(slots=True)
class CalloutView:
    """What the root context shows of a callout while its callback runs."""

    headers: dict[MapType, HeaderMap] = field(default_factory=dict)
    buffers: dict[BufferType, Buffer] = field(default_factory=dict)

    def clear(self) -> None:
        """The callback is over."""
        self.headers.clear()
        self.buffers.clear()


class Context:
    """Base of all contexts.

    Args:
        vm: Where it lives.
        root: Its root context; None for a root context itself.
    """

    kind: ClassVar[str] = "root"

    def __init__(self, vm: "Vm", root: "RootContext | None" = None) -> None:
        self.vm = vm
        self._root = root
        self.context_id = vm.add_context(self)

    @property
    def root(self) -> "RootContext":
        """The plugin's context."""
        if self._root is None:
            raise AssertionError("a root context overrides this")
        return self._root

    @property
    def log_prefix(self) -> str:
        """What stands before a log line of this context."""
        settings = self.root.settings
        parts = [settings.name, settings.root_id, settings.vm_id]
        return "".join(f" {part}" for part in parts if part)

    @property
    def in_log_phase(self) -> bool:
        """Whether `proxy_on_log` is running."""
        return False

    def readable_map(self, map_type: MapType) -> HeaderMap | None:
        """The map, or None while it is not there."""
        return self.root.callout.headers.get(map_type)

    def writable_map(self, map_type: MapType) -> HeaderMap | None:
        """The map, or None while it must not be changed. May create trailers, as in Envoy."""
        return None

    def buffer(self, buffer_type: BufferType) -> Buffer | None:
        """The buffer, or None while it is not there."""
        if buffer_type is BufferType.VM_CONFIGURATION:
            return Buffer(self.vm.configuration, writable=False)
        if buffer_type is BufferType.PLUGIN_CONFIGURATION:
            configuration = self.root.shown_configuration
            return None if configuration is None else Buffer(configuration, writable=False)
        shown = self.root.callout.buffers.get(buffer_type)
        if shown is None and buffer_type is not BufferType.CALLOUT_RESPONSE_BODY:
            # Envoy's other buffers are always there, and empty.
            return Buffer(writable=False)
        return shown

    def attribute(self, name: str) -> "AttributeValue":
        """A top-level attribute; raises KeyError when there is none."""
        return self.root.plugin_attribute(name)

    def store_attribute(self, path: str, value: bytes) -> bool:
        """Keep a value in the filter state; False when this context has none."""
        return False

    def set_filter_state(self, key: str, value: bytes) -> bool:
        """Set one of Envoy's own objects in it; False when this context has none."""
        return False

    def clear_route_cache(self) -> None:
        """Let the route be chosen anew. Without a request: nothing."""

    def send_local_response(
        self,
        status_code: int,
        details: str,
        body: bytes,
        headers: list[tuple[str, str]],
        grpc_status: int,
    ) -> None:
        """Answer the request, once the callback has returned. Without a stream: nothing."""

    def resume(self, response: bool) -> None:
        """Let a direction go on, once the callback has returned. Without a stream: nothing."""

    def close(self, response: bool) -> None:
        """Reset the stream, once the callback has returned. Without a stream: nothing."""

    def resume_connection(self) -> None:
        """Let a held TCP connection go on. Without a connection: nothing."""

    def close_connection(self, downstream: bool) -> None:
        """Close one side of a TCP connection. Without a connection: nothing."""


class RootContext(Context):
    """A plugin in one VM.

    Attributes:
        settings: Its configuration.
        callout: What it sees of the callout whose callback is running.
        shown_configuration: The plugin's configuration, while it can be read.
        tick_period: Milliseconds between ticks, 0 for none.
        done_pending: Whether it put off its end and has yet to call `proxy_done`.
        declared: Declared properties, and whether each is read-only.
        callout_status: Status and text of the gRPC callout that closed last.
        logged: The exchange that it is to log, when it is an access logger.
        expressions: Its CEL expressions, which its streams evaluate.
    """

    def __init__(self, vm: "Vm", settings: "PluginSettings") -> None:
        self.settings = settings
        self.callout = CalloutView()
        self.shown_configuration: bytes | None = None
        self.tick_period = 0
        self.tick_timer: Timer | None = None
        self.done_pending = False
        self.declared: dict[str, bool] = {}
        self.callout_status = (0, "")
        self.logged: Context | None = None
        self.expressions = Expressions()
        super().__init__(vm)

    @property
    def root(self) -> "RootContext":
        return self

    @property
    def log_prefix(self) -> str:
        parts = [self.settings.root_id, self.settings.vm_id]
        return "".join(f" {part}" for part in parts if part)

    @property
    def in_log_phase(self) -> bool:
        return self.logged is not None

    def readable_map(self, map_type: MapType) -> HeaderMap | None:
        if self.logged is not None:
            return self.logged.readable_map(map_type)
        return super().readable_map(map_type)

    def attribute(self, name: str) -> "AttributeValue":
        if self.logged is not None:
            return self.logged.attribute(name)
        return super().attribute(name)

    def store_attribute(self, path: str, value: bytes) -> bool:
        return self.logged is not None and self.logged.store_attribute(path, value)

    def plugin_attribute(self, name: str) -> "AttributeValue":
        """Attributes that every context has."""
        match name:
            case "plugin_name":
                return self.settings.name
            case "plugin_root_id":
                return self.settings.root_id
            case "plugin_vm_id":
                return self.settings.vm_id
            case "xds":
                return self.vm.proxy.xds_attributes()
            case _:
                raise KeyError(name)
