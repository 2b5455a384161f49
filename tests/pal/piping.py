"""Does with the bytes of connections what they say, and logs what happens to them."""

from pal import ErrorPolicy, PluginContext, log
from pal.config import Config
from pal.tcp import CloseSource, TcpAction, TcpContext, TcpPluginContext


class Piping(TcpContext):
    """Commands, one each time that bytes come."""

    def __init__(self, plugin: PluginContext, hold: bool, raises: bool) -> None:
        super().__init__(plugin)
        self._hold = hold
        self._raises = raises

    def on_new_connection(self) -> TcpAction:
        log.info("new")
        if self._raises:
            raise ValueError("in on_new_connection")
        return TcpAction.PAUSE if self._hold else TcpAction.CONTINUE

    def on_downstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        data = self.downstream_data
        text = data.read()
        log.info(f"down {size} {end_of_stream} {text.decode()}")
        if text == b"replace":
            data.replace(b"replaced")
        elif text == b"around":
            data.prepend(b"<")
            data.append(b">")
        elif text == b"close":
            return self.close()
        elif text == b"raise":
            raise ValueError("in on_downstream_data")
        elif text == b"go":
            self.continue_downstream()
        elif text.startswith(b"hold") and size < 8:
            return TcpAction.PAUSE
        return TcpAction.CONTINUE

    def on_upstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        text = self.upstream_data.read(0, 100)
        log.info(f"up {size} {end_of_stream} {text.decode()}")
        if text == b"raise":
            raise ValueError("in on_upstream_data")
        if text == b"hold":
            return TcpAction.PAUSE
        self.upstream_data.append(b"!")
        return TcpAction.CONTINUE

    def on_downstream_close(self, source: CloseSource) -> None:
        log.info(f"downstream closed by {source.name}")
        if self._raises:
            raise ValueError("in on_downstream_close")

    def on_upstream_close(self, source: CloseSource) -> None:
        log.info(f"upstream closed by {source.name}")

    def on_log(self) -> None:
        log.info("log")

    def on_done(self) -> None:
        log.info("done")


class PipingPlugin(TcpPluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.hold = False
        self.raises = ""

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        self.hold = config.get_bool("hold", False)
        self.raises = config.get_str("raises", "")
        if config.get_bool("refuse", False):
            self.error_policy = ErrorPolicy.REFUSE
        return True

    def create_tcp_context(self) -> TcpContext:
        if self.raises == "create":
            raise ValueError("in create_tcp_context")
        return Piping(self, self.hold, self.raises == "callbacks")
