"""Timers: any number of them, over the one tick that the proxy has.

    class Flush(Timer):
        def on_fire(self) -> None:
            ...

    self.flush = Flush(self)          # in a plugin, `on_configure` or later
    self.flush.start(500)

The tick comes when the next timer is due, and not at all while none runs. Firing late does not
shift the times after it; times that were missed altogether are left out. Each tick looks at every
running timer of the plugin, so keep one timer for a thousand waiting streams, not a thousand.

Envoy ticks in every worker and also in its main thread. A plugin with timers leaves
`set_tick_period` alone; its `on_tick` is called at each of the ticks that the timers ask for.

Source: Proxy-Wasm ABI 0.2.1, "Timers"; Envoy arms a new period at once.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from typing import Final

from pal import dispatch, hostcalls, parts
from pal.context import PluginContext

_NS_PER_MS: Final = 1_000_000
_NEVER_NS: Final = 2**62 - 1
_SLACK_NS: Final = 500_000
"""A tick may come a little early by the wall clock, which is not the one that it is timed by."""

_MAX_MS: Final = 0x7FFF_FFFF


class Timer:
    """Something to do later, once or again and again; a subclass says what.

    Args:
        plugin: Whose timer it is. A timer that runs is kept alive until it is cancelled, has fired
            for the last time, or the plugin is gone.
    """

    def __init__(self, plugin: PluginContext) -> None:
        self._plugin = plugin
        # Of the wheel that it runs on: its number there, 0 when it does not run.
        self._number = 0
        self._due_ns = 0
        self._period_ns = 0
        self._wheel: _Wheel | None = None

    def on_fire(self) -> None:
        """The time is over. What this raises is logged and counted; other timers still fire."""

    def start(self, period_ms: int, repeat: bool = True) -> None:
        """Run, anew when it runs already.

        Args:
            period_ms: Milliseconds until it fires, at least 1.
            repeat: Whether it goes on after that; else it fires once.

        Raises:
            ValueError: the period is not between 1 and 2**31 - 1.
            NotStartedError: in the plugin's constructor.
            HostcallError: the proxy refuses to tick.
        """
        if not 1 <= period_ms <= _MAX_MS:
            raise ValueError(f"period_ms: expected 1 to {_MAX_MS}, got {period_ms}")
        self.cancel()
        wheel = _wheel_of(parts.root_id(self._plugin))
        self._due_ns = wheel.now_ns() + period_ms * _NS_PER_MS
        self._period_ns = period_ms * _NS_PER_MS if repeat else 0
        wheel.add(self)

    def cancel(self) -> None:
        """Do not fire any more; nothing happens when it does not run."""
        wheel = self._wheel
        if wheel is not None:
            wheel.remove(self)

    @property
    def is_running(self) -> bool:
        """Whether it will fire."""
        return self._number != 0

    def attach(self, wheel: "_Wheel", number: int) -> None:
        """Run on a wheel, as its timer of that number."""
        self._wheel = wheel
        self._number = number

    def detach(self) -> int:
        """Run no more; the number that it had."""
        number = self._number
        self._wheel = None
        self._number = 0
        return number

    def due_ns(self) -> int:
        """When it fires, by the wheel's clock."""
        return self._due_ns

    def take_turn(self, now_ns: int) -> bool:
        """Note that it fires now; False when that was the last time."""
        if self._period_ns == 0:
            return False
        behind = now_ns + _SLACK_NS - self._due_ns
        self._due_ns += (behind // self._period_ns + 1) * self._period_ns
        return True


class _Wheel:
    """The running timers of one plugin context."""

    def __init__(self) -> None:
        self._timers: dict[int, Timer] = {}
        self._last_number = 0
        self._clock_ns = hostcalls.get_current_time_nanoseconds()
        self._elapsed_ns = 0
        self._tick_due_ns = 0
        self._tick_period_ms = 0
        self._firing = False

    def now_ns(self) -> int:
        """Nanoseconds since the wheel was made; a wall clock that is set back stands still."""
        clock = hostcalls.get_current_time_nanoseconds()
        if clock > self._clock_ns:
            self._elapsed_ns += clock - self._clock_ns
        self._clock_ns = clock
        return self._elapsed_ns

    def add(self, timer: Timer) -> None:
        """Run a timer."""
        self._last_number += 1
        self._timers[self._last_number] = timer
        timer.attach(self, self._last_number)
        if self._firing:
            return
        if self._tick_period_ms == 0 or timer.due_ns() < self._tick_due_ns:
            self._arm(self._elapsed_ns)

    def remove(self, timer: Timer) -> None:
        """Run a timer no more."""
        del self._timers[timer.detach()]
        if not self._timers and not self._firing:
            self._arm(self._elapsed_ns)

    def clear(self) -> None:
        """Run nothing more."""
        for timer in self._timers.values():
            timer.detach()
        self._timers = {}

    def tick(self) -> None:
        """Fire what is due, in the order in which it was started."""
        now = self.now_ns()
        self._firing = True
        try:
            due = [timer for timer in self._timers.values() if timer.due_ns() <= now + _SLACK_NS]
            for timer in due:
                # One that fired before may have cancelled it, or started it anew.
                if timer.is_running and timer.due_ns() <= now + _SLACK_NS:
                    self._fire(timer, now)
        finally:
            self._firing = False
        self._arm(self.now_ns())

    def _fire(self, timer: Timer, now: int) -> None:
        if not timer.take_turn(now):
            self.remove(timer)
        try:
            timer.on_fire()
        except Exception as error:
            dispatch.report(error)

    def _arm(self, now: int) -> None:
        """Have the tick come when the next timer is due, or never."""
        period = 0
        if self._timers:
            self._tick_due_ns = _NEVER_NS
            for timer in self._timers.values():
                self._tick_due_ns = min(self._tick_due_ns, timer.due_ns())
            period = max(1, (self._tick_due_ns - now + _NS_PER_MS - 1) // _NS_PER_MS)
        if period != self._tick_period_ms:
            parts.check(
                "set_tick_period_milliseconds", hostcalls.set_tick_period_milliseconds(period)
            )
            self._tick_period_ms = period


class _Wheels(parts.Part):
    """The wheels of all plugin contexts."""

    def __init__(self) -> None:
        self.by_root: dict[int, _Wheel] = {}

    def forget(self, root_id: int) -> None:
        """Stop the timers of a plugin that is gone."""
        wheel = self.by_root.pop(root_id, None)
        if wheel is not None:
            wheel.clear()


_wheels: Final = _Wheels()
parts.add(_wheels)


def _wheel_of(root_id: int) -> _Wheel:
    wheel = _wheels.by_root.get(root_id)
    if wheel is None:
        wheel = _Wheel()
        _wheels.by_root[root_id] = wheel
    return wheel


def proxy_on_tick(root_id: int) -> None:
    """A plugin's tick period is over."""
    wheel = _wheels.by_root.get(root_id)
    if wheel is not None:
        try:
            wheel.tick()
        except Exception as error:
            dispatch.report(error)
    dispatch.proxy_on_tick(root_id)
