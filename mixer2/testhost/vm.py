"""One VM as the proxy sees it: its contexts, which of them is current, and what is put off.

Laws of the original (proxy-wasm-cpp-host, `wasm.cc`, `context.cc`):
- a host call acts on the effective context, which is the current one unless the guest chose
  another; the choice lasts until the callback ends;
- what a host call sets in motion (a response, a resumption) happens after the callback;
- a trap ends the VM with all plugins in it.
"""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from mixer2.testhost.abi import LogLevel
from mixer2.testhost.boundary import PERMITTED_IN_START, Boundary
from mixer2.testhost.callouts import Tokens
from mixer2.testhost.contexts import Context, RootContext
from mixer2.testhost.errors import ConfigurationRefusedError, TrapError
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.hostcalls import HostCalls
from mixer2.testhost.metrics import MetricIds
from mixer2.testhost.settings import PluginSettings
from mixer2.testhost.trace import CallbackEntered, CallbackReturned, Transcript

if TYPE_CHECKING:
    from mixer2.testhost.proxy import Proxy


class Verdict(NamedTuple):
    """What a callback returned.

    Attributes:
        value: Its result, 0 for none.
        stopped: Whether iteration stops whatever the result says: it sent a local response.
    """

    value: int
    stopped: bool


class Vm:
    """One guest and what the proxy keeps about it.

    Args:
        proxy: The proxy that it runs in.
        make_guest: Makes the guest.
        settings: Configuration of its VM; of the first plugin, when several share it.
    """

    def __init__(self, proxy: "Proxy", make_guest: GuestFactory, settings: PluginSettings) -> None:
        self.proxy = proxy
        self.vm_id = settings.vm_id
        self.configuration = settings.vm_configuration
        self.contexts: dict[int, Context] = {}
        self.metrics = MetricIds(proxy.stats)
        self.tokens = Tokens()
        self.transcript = Transcript()
        self.failed = False
        self.trap: TrapError | None = None
        self.stop_iteration = False
        self.current: Context | None = None
        self.effective_id = 0
        self.ended_context_id = 0
        self.running_callback = ""
        self._last_context_id = 0
        self._deferred: deque[Callable[[], None]] = deque()
        self._created: set[int] = set()
        self.boundary = Boundary(
            HostCalls(self),
            self.transcript,
            self.write_log,
            proxy.log.write_host_error,
            settings.capabilities,
        )
        self._guest = make_guest(self.boundary)

    def start(self, settings: PluginSettings) -> RootContext:
        """Run the module's start functions, then start the first plugin.

        Raises:
            ConfigurationRefusedError: a start callback said no, or trapped.
        """
        self.boundary.restrict(PERMITTED_IN_START)
        try:
            self._guest.start()
        except TrapError as trap:
            raise ConfigurationRefusedError(f"the module does not start: {trap}") from trap
        finally:
            self.boundary.restrict(None)
        return self.add_plugin(settings)

    def add_plugin(self, settings: PluginSettings) -> RootContext:
        """Make a root context: create, `proxy_on_vm_start`, `proxy_on_configure`.

        Raises:
            ConfigurationRefusedError: a callback said no, or trapped.
        """
        root = RootContext(self, settings)
        root.shown_configuration = settings.configuration
        self.create_in_guest(root)
        root.shown_configuration = None
        size = len(settings.vm_configuration)
        self._must_accept(self.call(root, "proxy_on_vm_start", size), "start base Wasm")
        self.configure(root)
        return root

    def configure(self, root: RootContext) -> None:
        """Hand a root context its configuration.

        Raises:
            ConfigurationRefusedError: `proxy_on_configure` said no, or trapped.
        """
        configuration = root.settings.configuration
        root.shown_configuration = configuration
        verdict = self.call(root, "proxy_on_configure", len(configuration))
        root.shown_configuration = None
        self._must_accept(verdict, "configure base Wasm plugin")

    def call(self, context: Context, callback: str, *arguments: int) -> Verdict | None:
        """Call the guest, with the context's id as first argument, then do what it put off.

        Returns:
            None when the guest has no such callback, may not have it, or has trapped.
        """
        if self.failed or callback not in self._guest.exports:
            return None
        if not self.boundary.allows(callback):
            return None
        all_arguments = (context.context_id, *arguments)
        before = self.current, self.effective_id, self.running_callback
        self.current, self.effective_id, self.running_callback = context, 0, callback
        self.ended_context_id = 0
        self.transcript.crossings.append(CallbackEntered(callback, all_arguments))
        result: int | None = None
        try:
            result = self._guest.call(callback, all_arguments)
        except TrapError as trap:
            self._fail(callback, trap)
        finally:
            self.current, self.effective_id, self.running_callback = before
        self.transcript.crossings.append(CallbackReturned(callback, result))
        if self.boundary.fault is not None:
            raise self.boundary.fault
        stopped = self.stop_iteration
        if self.current is None:
            self.stop_iteration = False
        self.do_deferred()
        return None if result is None else Verdict(result, stopped)

    def create_in_guest(self, context: Context) -> None:
        """Tell the guest of a context, once."""
        if context.context_id not in self._created:
            self._created.add(context.context_id)
            parent = 0 if context.root is context else context.root.context_id
            self.call(context, "proxy_on_context_create", parent)

    def defer(self, action: Callable[[], None]) -> None:
        """Do something when the current callback has returned."""
        self._deferred.append(action)

    def add_context(self, context: Context) -> int:
        """Register a context; its id."""
        self._last_context_id += 1
        self.contexts[self._last_context_id] = context
        return self._last_context_id

    def remove_context(self, context: Context) -> None:
        """Forget a context."""
        self.contexts.pop(context.context_id, None)
        self._created.discard(context.context_id)

    @property
    def exports(self) -> frozenset[str]:
        """Callbacks that the guest has."""
        return self._guest.exports

    @property
    def effective(self) -> Context:
        """What a host call acts on now."""
        chosen = self.contexts.get(self.effective_id) if self.effective_id else None
        if chosen is not None:
            return chosen
        if self.current is not None:
            return self.current
        return next(iter(self.contexts.values()))

    def live_objects(self) -> int | None:
        """Objects that the guest holds; None when it does not tell, or is dead."""
        return None if self.failed else self._guest.live_objects()

    def memory_size(self) -> int | None:
        """Bytes of the guest's memory, which never shrinks; None when it has none, or is dead."""
        return None if self.failed else self._guest.memory_size()

    def do_deferred(self) -> None:
        """Do what was put off. A callback does so when it ends."""
        while self._deferred:
            self._deferred.popleft()()

    def _fail(self, callback: str, trap: TrapError) -> None:
        self.failed = True
        self.trap = trap
        self.proxy.log.write_trap(callback, trap)

    def _must_accept(self, verdict: Verdict | None, what: str) -> None:
        if self.trap is not None:
            raise ConfigurationRefusedError(
                f"Failed to {what}: the guest trapped: {self.trap}"
            ) from self.trap
        if verdict is not None and verdict.value == 0:
            lines = self.proxy.log.lines
            last = str(lines[-1]) if lines else "none"
            raise ConfigurationRefusedError(f"Failed to {what}; the log's last line: {last}")

    def write_log(self, level: LogLevel, message: str) -> None:
        """A line from the guest; while it starts there is no context to name."""
        prefix = self.effective.log_prefix if self.contexts else ""
        self.proxy.log.write(level, message, prefix)
