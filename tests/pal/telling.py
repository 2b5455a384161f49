"""Calls foreign functions, and uses filter state and metadata, as the request's path says."""

from pal import Action, HttpContext, PluginContext, filter_state, foreign
from pal.config import Config
from pal.errors import PalError
from pal.filter_state import Span, ValueType
from pal.foreign import Expression


class Telling(HttpContext):
    def __init__(self, plugin: "TellingPlugin") -> None:
        super().__init__(plugin)
        self._telling = plugin

    def on_request_headers(self, end_of_stream: bool) -> Action:
        path = self.request_headers.get(":path") or ""
        verb, _, argument = path[1:].partition("/")
        if verb == "route":
            self.request_headers.set(":path", "/elsewhere")
            foreign.clear_route_cache()
            return Action.CONTINUE
        try:
            answer = self._do(verb, argument)
        except PalError as error:
            return self.send_local_response(500, str(error).encode())
        return self.send_local_response(404 if answer is None else 200, answer or b"")

    def _do(self, verb: str, argument: str) -> bytes | None:
        if verb == "compress":
            return foreign.uncompress(foreign.compress(argument.encode() * 100))
        if verb == "uncompress":
            return foreign.uncompress(argument.encode())
        if verb == "state":
            return filter_state.get(argument)
        if verb == "share":
            filter_state.share("tenant", argument.encode())
            return filter_state.shared("tenant")
        if verb == "share-twice":
            filter_state.share("fixed", b"one")
            filter_state.share("fixed", b"two")
        if verb == "known":
            key, _, value = argument.partition("=")
            filter_state.set_known(key, value, Span.CONNECTION)
            return filter_state.get(key)
        if verb == "metadata":
            return filter_state.metadata("envoy.lb", argument)
        if verb == "sign":
            return foreign.sign("sha256", b"key", argument.encode())
        if verb == "verify":
            good = foreign.verify_signature("sha256", b"key", b"signature", argument.encode())
            return b"good" if good else b"bad"
        if verb == "unknown":
            return foreign.call("no_such_function")
        if verb == "cel":
            expression = self._telling.expression
            if expression is not None:
                return b"true" if expression.holds() else b"false"
        return None


class TellingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.expression: Expression | None = None

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        text = config.get_str("expression", "")
        if text:
            self.expression = Expression(text)
        filter_state.declare("tenant", ValueType.STRING)
        filter_state.declare("fixed", read_only=True, span=Span.REQUEST)
        return True

    def on_done(self) -> bool:
        if self.expression is not None:
            self.expression.delete()
        return True

    def create_http_context(self) -> HttpContext:
        return Telling(self)
