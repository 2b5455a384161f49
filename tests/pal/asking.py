"""Asks the cluster `auth` about requests, and the cluster `settings` at its start."""

from pal import Action, ErrorPolicy, HttpContext, PluginContext, log
from pal.config import Config
from pal.http_callout import CalloutFailure, CalloutResponse, HttpCallout, PluginHttpCallout
from pal.timers import Timer


class Check(HttpCallout):
    """Lets pass what `auth` answers with 200, asks again after 202, else answers 403."""

    def on_response(self, response: CalloutResponse) -> Action:
        log.info(f"auth: {response.status} {response.body.decode()}")
        for name, value in response.trailers.items():
            log.info(f"trailer {name}: {value}")
        if response.headers.get("X-Raise") is not None:
            raise ValueError("in on_response")
        if response.status == 202:
            return ask(Check(self.stream), self.stream, "/again")
        if response.status == 200:
            return Action.CONTINUE
        return self.stream.send_local_response(403, b"denied")


class StrictCheck(Check):
    """Also tells why it has no answer."""

    def on_failure(self, failure: CalloutFailure) -> Action:
        return self.stream.send_local_response(500 + failure.value, b"no answer")


class ResponseCheck(HttpCallout):
    """Writes what `auth` says into the response."""

    def __init__(self, stream: HttpContext) -> None:
        super().__init__(stream, holds_response=True)

    def on_response(self, response: CalloutResponse) -> Action:
        self.stream.response_headers.set("x-auth", response.body.decode())
        return Action.CONTINUE


def ask(callout: HttpCallout, stream: HttpContext, path: str) -> Action:
    who = stream.request_headers.get("x-who") or ""
    return callout.send("auth", "POST", path, "auth", [("x-who", who)], b"question", 200)


class Asking(HttpContext):
    def __init__(self, plugin: "AskingPlugin") -> None:
        super().__init__(plugin)
        self._asking = plugin
        self.check: HttpCallout | None = None

    def on_request_headers(self, end_of_stream: bool) -> Action:
        path = self.request_headers.get(":path") or ""
        if path == "/response":
            return Action.CONTINUE
        if path == "/unknown":
            return Check(self).send("nowhere", "GET", "/", "nowhere")
        if path == "/strict":
            return ask(StrictCheck(self), self, path)
        if path == "/twice":
            check = Check(self)
            ask(check, self, path)
            return ask(check, self, path)
        # Kept on purpose: stream and callout hold each other.
        check = Check(self)
        self.check = check
        return ask(check, self, path)

    def on_response_headers(self, end_of_stream: bool) -> Action:
        if self.check is None and self._asking.check_responses:
            return ask(ResponseCheck(self), self, "/response")
        return Action.CONTINUE


class Settings(PluginHttpCallout):
    """What the plugin asks at its start, and from time to time."""

    def ask(self, cluster: str) -> None:
        self.send(cluster, "GET", "/settings", "settings")

    def on_response(self, response: CalloutResponse) -> None:
        log.info(f"settings: {response.status} {response.body.decode()}")
        if response.status == 500:
            raise ValueError("bad settings")

    def on_failure(self, failure: CalloutFailure) -> None:
        log.info(f"settings: {failure.name}")


class Refresh(Timer):
    def __init__(self, plugin: PluginContext, settings: Settings) -> None:
        super().__init__(plugin)
        self._settings = settings

    def on_fire(self) -> None:
        self._settings.ask("settings")


class AskingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.check_responses = False

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        self.check_responses = config.get_bool("check_responses", False)
        cluster = config.get_str("settings", "")
        if config.get_bool("refuse", False):
            self.error_policy = ErrorPolicy.REFUSE
        if cluster:
            Settings(self).ask(cluster)
        period = config.get_int("refresh_ms", 0)
        if period > 0:
            Refresh(self, Settings(self)).start(period)
        return True

    def create_http_context(self) -> HttpContext:
        return Asking(self)
