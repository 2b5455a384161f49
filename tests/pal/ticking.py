"""Runs timers as its configuration and the paths of requests say, and logs when they fire."""

from typing import Final

from pal import Action, HttpContext, PluginContext, log
from pal.config import Config
from pal.timers import Timer

RAISES: Final = "raises"
RESTARTS: Final = "restarts"
CANCELS: Final = "cancels-"


class Named(Timer):
    """Logs its name when it fires; some names do more."""

    def __init__(self, plugin: "TickingPlugin", name: str) -> None:
        super().__init__(plugin)
        self._ticking = plugin
        self._name = name

    def on_fire(self) -> None:
        log.info(f"{self._name} fires")
        if self._name == RAISES:
            raise ValueError("in on_fire")
        if self._name == RESTARTS:
            self.start(30, repeat=False)
        if self._name.startswith(CANCELS):
            self._ticking.timers[self._name[len(CANCELS) :]].cancel()


class Ticking(HttpContext):
    """/start/NAME/MILLISECONDS, /once/NAME/MILLISECONDS, /cancel/NAME, /running/NAME"""

    def __init__(self, plugin: "TickingPlugin") -> None:
        super().__init__(plugin)
        self._ticking = plugin

    def on_request_headers(self, end_of_stream: bool) -> Action:
        parts = (self.request_headers.get(":path") or "").split("/")
        timer = self._ticking.timer(parts[2])
        if parts[1] == "cancel":
            timer.cancel()
        elif parts[1] != "running":
            try:
                timer.start(int(parts[3]), parts[1] == "start")
            except ValueError as error:
                return self.send_local_response(400, str(error).encode())
        return self.send_local_response(200, b"yes" if timer.is_running else b"no")


class TickingPlugin(PluginContext):
    """Starts the timers that its configuration names."""

    def __init__(self) -> None:
        super().__init__()
        self.timers: dict[str, Named] = {}

    def timer(self, name: str) -> Named:
        timer = self.timers.get(name)
        if timer is None:
            timer = Named(self, name)
            self.timers[name] = timer
        return timer

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        for name in ("a", "b", "c", RAISES):
            period = config.get_int(name, 0)
            if period > 0:
                self.timer(name).start(period)
        return True

    def on_tick(self) -> None:
        log.debug("tick")

    def create_http_context(self) -> HttpContext:
        return Ticking(self)
