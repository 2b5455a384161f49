"""Looks up the name in the path, and `settings` at its start."""

from pal import Action, ErrorPolicy, HttpContext, PluginContext, log
from pal.config import Config
from pal.dns import DnsAddress, DnsLookup, PluginDnsLookup


class Where(DnsLookup):
    """Tells the addresses in a request header; a name without any is answered here."""

    def on_resolved(self, addresses: list[DnsAddress]) -> Action:
        if not addresses:
            return self.stream.send_local_response(404, b"no address")
        if addresses[0].address == "10.6.6.6":
            raise ValueError("in on_resolved")
        if addresses[0].address == "10.0.0.9":
            return Where(self.stream).resolve("again.test")
        text = " ".join([f"{item.address}/{item.ttl_s}" for item in addresses])
        log.info(f"at {text}")
        return Action.CONTINUE


class InResponse(DnsLookup):
    def on_resolved(self, addresses: list[DnsAddress]) -> Action:
        self.stream.response_headers.set("x-addresses", str(len(addresses)))
        return Action.CONTINUE


class Settings(PluginDnsLookup):
    def on_resolved(self, addresses: list[DnsAddress]) -> None:
        log.info(f"settings at {len(addresses)}: {self.is_pending}")

    def on_failure(self) -> None:
        log.info("settings: failed")


class Resolving(HttpContext):
    def __init__(self, plugin: "ResolvingPlugin") -> None:
        super().__init__(plugin)
        self._resolving = plugin
        self.where: Where | None = None

    def on_request_headers(self, end_of_stream: bool) -> Action:
        name = (self.request_headers.get(":path") or "").removeprefix("/")
        if name == "response":
            return Action.CONTINUE
        if name == "twice":
            where = Where(self)
            where.resolve("held.test")
            return where.resolve("held.test")
        # Kept on purpose: stream and lookup hold each other.
        self.where = Where(self)
        return self.where.resolve(name)

    def on_response_headers(self, end_of_stream: bool) -> Action:
        if self._resolving.in_responses:
            return InResponse(self, holds_response=True).resolve("service.test")
        return Action.CONTINUE


class ResolvingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.in_responses = False

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        self.in_responses = config.get_bool("in_responses", False)
        if config.get_bool("refuse", False):
            self.error_policy = ErrorPolicy.REFUSE
        for name in config.get_str_list("settings", []):
            Settings(self).resolve(name)
        return True

    def create_http_context(self) -> HttpContext:
        return Resolving(self)
