"""Says hello in a response header; change it, and watch `curl -i http://127.0.0.1:8080/`."""

from pal import Action, HttpContext, PluginContext


class Hello(HttpContext):
    """A request and its response."""

    def on_response_headers(self, end_of_stream: bool) -> Action:
        """Greet."""
        self.response_headers.set("x-hello", "from Python, in a container")
        return Action.CONTINUE


class HelloPlugin(PluginContext):
    """The plugin; it has no configuration."""

    def create_http_context(self) -> HttpContext:
        """Greet every request."""
        return Hello(self)
