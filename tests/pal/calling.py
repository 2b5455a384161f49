"""Asks gRPC services: `auth` about requests, `settings` at its start, `feed` for a stream."""

from pal import Action, ErrorPolicy, HttpContext, PluginContext, log
from pal.callout import CalloutHeaders
from pal.config import Config
from pal.grpc_call import GrpcCall, PluginGrpcCall
from pal.grpc_callout import GrpcEnd
from pal.grpc_stream import GrpcStream


class Check(GrpcCall):
    """Lets pass after b"yes", asks again after b"again"."""

    def on_message(self, message: bytes) -> Action:
        log.info(f"auth: {message.decode()}")
        if message == b"raise":
            raise ValueError("in on_message")
        if message == b"again":
            return Check(self.stream).send("auth", "pkg.Auth", "CheckAgain", b"", [("k", "v")])
        if message == b"yes":
            return Action.CONTINUE
        return self.stream.send_local_response(403)


class StrictCheck(Check):
    def on_failure(self, failure: GrpcEnd) -> Action:
        log.info(f"auth: {failure.status} {failure.message}")
        return self.stream.send_local_response(504 if failure.is_timeout else 502)


class ResponseCheck(GrpcCall):
    def on_message(self, message: bytes) -> Action:
        self.stream.response_headers.set("x-auth", message.decode())
        return Action.CONTINUE


class Settings(PluginGrpcCall):
    def on_message(self, message: bytes) -> None:
        log.info(f"settings: {message.decode()}")

    def on_failure(self, failure: GrpcEnd) -> None:
        log.info(f"settings: {failure.status}")


class Feed(GrpcStream):
    def on_open(self) -> None:
        log.info("feed: open")
        self.send(b"hello")

    def on_initial_metadata(self, metadata: CalloutHeaders) -> None:
        log.info(f"feed: initial {metadata.get('X-Server')}")

    def on_message(self, message: bytes) -> None:
        log.info(f"feed: {message.decode()}")
        if message == b"raise":
            raise ValueError("in on_message")
        if message == b"last":
            self.send(b"bye", end_of_stream=True)
        elif message == b"close":
            self.half_close()
        elif message == b"cancel":
            self.cancel()
            self.cancel()

    def on_trailing_metadata(self, metadata: CalloutHeaders) -> None:
        log.info(f"feed: trailing {metadata.get('grpc-status')}")

    def on_close(self, end: GrpcEnd) -> None:
        log.info(f"feed: closed {end.status} {end.message}")
        self.send(b"too late")


class Calling(HttpContext):
    def __init__(self, plugin: "CallingPlugin") -> None:
        super().__init__(plugin)
        self._calling = plugin
        self.check: GrpcCall | None = None

    def on_request_headers(self, end_of_stream: bool) -> Action:
        path = self.request_headers.get(":path")
        if path == "/feed":
            feed = self._calling.feed
            feed.open("feed", "pkg.Feed", "Watch", [("k", "v")])
            return Action.CONTINUE
        if path == "/response":
            return Action.CONTINUE
        if path == "/unknown":
            return Check(self).send("nowhere", "pkg.Auth", "Check", b"")
        check = StrictCheck(self) if path == "/strict" else Check(self)
        # Kept on purpose: stream and callout hold each other.
        self.check = check
        return check.send("auth", "pkg.Auth", "Check", b"question", [("k", "v")], timeout_ms=200)

    def on_response_headers(self, end_of_stream: bool) -> Action:
        if self._calling.check_responses:
            call = ResponseCheck(self, holds_response=True)
            return call.send("auth", "pkg.Auth", "Check", b"")
        return Action.CONTINUE


class CallingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.check_responses = False
        self.feed = Feed(self)

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        self.check_responses = config.get_bool("check_responses", False)
        if config.get_bool("refuse", False):
            self.error_policy = ErrorPolicy.REFUSE
        if config.get_bool("settings", False):
            Settings(self).send("settings", "pkg.Settings", "Get", b"")
        if config.get_bool("feed", False):
            self.feed.open("feed", "pkg.Feed", "Watch")
        return True

    def create_http_context(self) -> HttpContext:
        return Calling(self)
