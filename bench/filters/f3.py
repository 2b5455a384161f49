"""F3: a token bucket in shared data, one for all workers, by compare and swap."""

from typing import Final

from pal import Action, HttpContext, PluginContext, clock, digits
from pal.shared_data import SharedValue

# A token is refilled in whole micro-tokens, so that no time is lost to rounding.
_TOKEN: Final = 1_000_000
_ATTEMPTS: Final = 16
# After an hour without requests a bucket is full, or will never be; this keeps products small.
_LONGEST_REFILL_US: Final = 3_600_000_000


class F3(HttpContext):
    """One request."""

    def __init__(self, plugin: "F3Plugin") -> None:
        super().__init__(plugin)
        self._limiter = plugin

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """Let the request pass if there is a token for it."""
        if self._limiter.take_token(clock.now_ns()):
            return Action.CONTINUE
        return self.send_local_response(429, b"slow down\n", details="bench_limited")


class F3Plugin(PluginContext):
    """The plugin; configured by capacity and tokens per second, as in `100 50`."""

    def __init__(self) -> None:
        super().__init__()
        self._bucket = SharedValue("bench.bucket")
        self._capacity = 0
        self._per_second = 0

    def on_configure(self) -> bool:
        """Read the two numbers."""
        capacity, _, per_second = self.configuration.decode().partition(" ")
        self._capacity = digits.leading_int(capacity) * _TOKEN
        self._per_second = digits.leading_int(per_second)
        return self._capacity > 0

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return F3(self)

    def take_token(self, now_ns: int) -> bool:
        """Whether there was a token; True also when too many others want one just now."""
        capacity = self._capacity
        for _ in range(_ATTEMPTS):
            found, version = self._bucket.read_with_version()
            level = capacity
            refilled_ns = now_ns
            if found is not None:
                refilled_ns = int.from_bytes(found[8:], "little")
                elapsed_us = max(0, now_ns - refilled_ns) // 1000
                refilled_ns += elapsed_us * 1000
                refill = min(elapsed_us, _LONGEST_REFILL_US) * self._per_second
                level = min(int.from_bytes(found[:8], "little") + refill, capacity)
            if level < _TOKEN:
                return False
            stored = (level - _TOKEN).to_bytes(8, "little") + refilled_ns.to_bytes(8, "little")
            if self._bucket.replace(stored, version):
                return True
        return True
