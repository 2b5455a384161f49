"""Does with its shared value what the request's path says, and answers with the outcome."""

from pal import Action, HttpContext, PluginContext
from pal.shared_data import ContentionError, SharedValue


class Sharing(HttpContext):
    """One request: /get, /set/VALUE, /append/VALUE, /replace-stale, /create, /contend."""

    def __init__(self, plugin: "SharingPlugin") -> None:
        super().__init__(plugin)
        self._shared = plugin.shared

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """Do it."""
        path = self.request_headers.get(":path") or ""
        verb, _, value = path[1:].partition("/")
        return self.send_local_response(200, self._do(verb, value.encode()))

    def _do(self, verb: str, value: bytes) -> bytes:
        shared = self._shared
        if verb == "get":
            stored = shared.get()
            return b"nothing" if stored is None else b"=" + stored
        if verb == "set":
            shared.set(value)
            return b"set"
        if verb == "append":
            return shared.update(lambda stored: (stored or b"") + value)
        found = shared.read()
        if verb == "replace-stale":
            shared.set(b"quicker")
            return b"replaced" if shared.replace(value, found.version) else b"refused"
        if verb == "replace":
            return b"replaced" if shared.replace(value, found.version) else b"refused"
        if verb == "contend":
            return self._contend()
        return b"unknown"

    def _contend(self) -> bytes:
        try:
            self._shared.update(self._interfere)
        except ContentionError as error:
            return str(error).encode()
        return b"updated"

    def _interfere(self, stored: bytes | None) -> bytes:
        self._shared.set(b"somebody else's")
        return b"mine"


class SharingPlugin(PluginContext):
    """The plugin, with one value."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = SharedValue("key")

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return Sharing(self)
