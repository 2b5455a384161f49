"""Answers with random numbers; resets what it is told to; takes bodies of up to eight bytes."""

from pal import Action, HttpContext, PluginContext
from pal.random import Random
from pal.reset import reset_stream

LIMIT = 8


class Drawing(HttpContext):
    def __init__(self, plugin: "DrawingPlugin") -> None:
        super().__init__(plugin)
        self._plugin = plugin

    def on_request_headers(self, end_of_stream: bool) -> Action:
        path = self.request_headers.get(":path") or ""
        if path == "/reset":
            return reset_stream()
        if path == "/body":
            return Action.BUFFER
        random = self._plugin.random
        name, _, argument = path.removeprefix("/").partition("/")
        if name == "below":
            try:
                answer = " ".join(str(random.below(int(argument))) for _ in range(50))
            except ValueError as error:
                answer = str(error)
        elif name == "chance":
            hits = [random.chance(float(argument)) for _ in range(1000)]
            answer = str(len([hit for hit in hits if hit]))
        else:
            answer = " ".join(str(random.ratio()) for _ in range(50))
        return self.send_local_response(200, answer.encode())

    def on_request_body(self, size: int, end_of_stream: bool) -> Action:
        if size > LIMIT:
            return self.send_local_response(413, b"too large")
        if not end_of_stream:
            return Action.PAUSE
        self.request_headers.set("x-body", self.request_body.read().decode())
        return Action.CONTINUE


class DrawingPlugin(PluginContext):
    def on_configure(self) -> bool:
        self.random = Random()
        return True

    def create_http_context(self) -> HttpContext:
        return Drawing(self)
