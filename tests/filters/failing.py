"""Raises in the callback that its configuration names, and refuses requests when that says so."""

from pal import Action, ErrorPolicy, HttpContext, PluginContext
from pal.config import Config


class FailingError(Exception):
    """What it raises."""


class Failing(HttpContext):
    def __init__(self, plugin: "FailingPlugin") -> None:
        super().__init__(plugin)
        self._raise_in = plugin.raise_in

    def on_request_headers(self, end_of_stream: bool) -> Action:
        self._callback("on_request_headers")
        return Action.CONTINUE

    def on_request_body(self, size: int, end_of_stream: bool) -> Action:
        self._callback("on_request_body")
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        self._callback("on_response_headers")
        return Action.CONTINUE

    def on_log(self) -> None:
        self._callback("on_log")

    def _callback(self, name: str) -> None:
        if name == self._raise_in:
            raise FailingError(f"in {name}")


class FailingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.raise_in = ""

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        self.raise_in = config.get_str("raise_in", "")
        if config.get_bool("refuse", False):
            self.error_policy = ErrorPolicy.REFUSE
        self._callback("on_configure")
        return self.raise_in != "refuse on_configure"

    def create_http_context(self) -> HttpContext:
        self._callback("create_http_context")
        return Failing(self)

    def _callback(self, name: str) -> None:
        if name == self.raise_in:
            raise FailingError(f"in {name}")
