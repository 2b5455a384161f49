"""One worker thread of the proxy: its VM, and what becomes of streams when that is dead.

Source: Envoy, `source/extensions/common/wasm/plugin.cc` and what Envoy 1.40 was seen to do.
"""

from typing import TYPE_CHECKING, Final

from mixer2.testhost.clock import NANOSECONDS
from mixer2.testhost.errors import ConfigurationRefusedError
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.settings import FailurePolicy, PluginSettings
from mixer2.testhost.vm import Vm

if TYPE_CHECKING:
    from mixer2.testhost.contexts import RootContext
    from mixer2.testhost.proxy import Proxy

LATEST_RELOAD: Final = 1.5
"""Envoy waits a random time between the base interval and so many times that; we the longest."""


class Worker:
    """A thread with the plugin's VM.

    Args:
        proxy: The process.
        make_guest: Makes the plugin's guest.
        settings: The plugin's configuration.

    Raises:
        ConfigurationRefusedError: the plugin said no.
        LoadError: the proxy would not take the module.
    """

    def __init__(self, proxy: "Proxy", make_guest: GuestFactory, settings: PluginSettings) -> None:
        self._proxy = proxy
        self._make_guest = make_guest
        self._settings = settings
        self._loaded_at = proxy.clock.now_ns()
        self.vm = Vm(proxy, make_guest, settings)
        self.root: RootContext = self.vm.start(settings)

    @property
    def bypasses(self) -> bool:
        """Whether new streams do without the plugin."""
        return self.vm.failed and self._settings.failure_policy is FailurePolicy.FAIL_OPEN

    def reload_if_due(self) -> None:
        """Make a new VM for a stream that comes to a dead one, when the policy says so."""
        settings = self._settings
        if not self.vm.failed or settings.failure_policy is not FailurePolicy.FAIL_RELOAD:
            return
        elapsed = (self._proxy.clock.now_ns() - self._loaded_at) / NANOSECONDS
        if elapsed < settings.reload_after * LATEST_RELOAD:
            self._count("backoff")
            return
        self._loaded_at = self._proxy.clock.now_ns()
        fresh = Vm(self._proxy, self._make_guest, settings)
        try:
            root = fresh.start(settings)
        except ConfigurationRefusedError:
            self._count("failure")
            return
        self._count("success")
        self.vm, self.root = fresh, root

    def _count(self, outcome: str) -> None:
        name = f"wasm.{self._settings.name}.vm_reload_{outcome}"
        counters = self._proxy.stats.counters
        counters[name] = counters.get(name, 0) + 1
