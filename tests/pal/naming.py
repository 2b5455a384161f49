"""Names its configuration, and counts its requests; its streams need no contexts of their own."""

from pal import Action, HttpContext, PluginContext, log


class Naming(HttpContext):
    """One request."""

    def __init__(self, plugin: "NamingPlugin") -> None:
        super().__init__(plugin)
        self._naming = plugin

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """Count it, or fail where it wants that."""
        if self.request_headers.get("x-fail"):
            raise ValueError(self._naming.configuration.decode())
        self._naming.requests += 1
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        """Say the name and the count."""
        text = f"{self._naming.configuration.decode()} {self._naming.requests}"
        self.response_headers.add("x-name", text)
        return Action.CONTINUE


class NamingPlugin(PluginContext):
    """The plugin."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0

    def on_vm_start(self) -> bool:
        """Be there, so that the VM's start makes the context."""
        log.info("started")
        return True

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return Naming(self)
