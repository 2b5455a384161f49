"""Says hello in a response header."""

from pal import Action, HttpContext, PluginContext


class Hello(HttpContext):
    """One request; its response gets a header more."""

    def on_response_headers(self, end_of_stream: bool) -> Action:
        """Add the header."""
        self.response_headers.set("x-hello", "from Python")
        return Action.CONTINUE


class HelloPlugin(PluginContext):
    """The plugin: no configuration, one context per request."""

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return Hello(self)
