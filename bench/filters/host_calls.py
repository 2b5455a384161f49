"""Makes one host call through the PAL, many times per request; for `bench.host_calls`."""

from pal import Action, HttpContext, PluginContext, clock, hostcalls, log
from pal.config import Config
from pal.metrics import Counter, Gauge
from pal.shared_data import SharedValue


class HostCalls(HttpContext):
    """A request in which the call is made."""

    def __init__(self, plugin: "HostCallsPlugin") -> None:
        super().__init__(plugin)
        self._calls = plugin

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """Make the calls."""
        self._calls.make(self)
        return Action.CONTINUE


class HostCallsPlugin(PluginContext):
    """Knows which call to make, and how often."""

    def __init__(self) -> None:
        super().__init__()
        self.call: str = ""
        self.count: int = 0

    def on_configure(self) -> bool:
        """Read what to do."""
        config = Config.parse(self.configuration)
        self.call = config.get_str("call", "")
        self.count = config.get_int("count", 1, 1, 1_000_000)
        self.counter = Counter("bench_counter")
        self.gauge = Gauge("bench_gauge")
        self.shared = SharedValue("x-bench")
        return True

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return HostCalls(self)

    def make(self, stream: HttpContext) -> None:
        """Make the calls. One loop each, so that nothing but the call is in it."""
        if self.call == "increment_metric":
            for _ in range(self.count):
                self.counter.increment()
        elif self.call == "record_metric":
            for _ in range(self.count):
                self.gauge.set(1)
        elif self.call == "replace_header_map_value":
            headers = stream.request_headers
            for _ in range(self.count):
                headers.set("x-bench", "value")
        elif self.call == "remove_header_map_value":
            headers = stream.request_headers
            for _ in range(self.count):
                headers.remove("x-bench")
        elif self.call == "set_shared_data":
            for _ in range(self.count):
                self.shared.set(b"value")
        elif self.call == "get_log_level":
            for _ in range(self.count):
                hostcalls.get_log_level()
        elif self.call == "get_current_time_nanoseconds":
            for _ in range(self.count):
                clock.now_ns()
        elif self.call == "log":
            for _ in range(self.count):
                log.trace("x-bench")
