"""Ticks: one period per root context, armed anew after each `proxy_on_tick` has returned."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixer2.testhost.clock import Clock
    from mixer2.testhost.contexts import RootContext


class Timers:
    """The tick timers of all root contexts.

    Args:
        clock: What they run on.
    """

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock

    def set_period(self, root: "RootContext", milliseconds: int) -> None:
        """Tick every so many milliseconds; 0 is never."""
        root.tick_period = milliseconds
        if root.tick_timer is not None:
            root.tick_timer.cancel()
            root.tick_timer = None
        self._arm(root)

    def _arm(self, root: "RootContext") -> None:
        if root.tick_period and root.tick_timer is None:
            root.tick_timer = self._clock.after(root.tick_period / 1000, lambda: self._tick(root))

    def _tick(self, root: "RootContext") -> None:
        root.tick_timer = None
        root.vm.call(root, "proxy_on_tick")
        self._arm(root)
