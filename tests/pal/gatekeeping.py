"""Asks the cluster `auth` about connections, and about bytes that begin with `ask`."""

from pal import ErrorPolicy, log
from pal.config import Config
from pal.http_callout import CalloutFailure, CalloutResponse
from pal.tcp import TcpAction, TcpContext, TcpPluginContext
from pal.tcp_callout import ConnectionCallout


class Check(ConnectionCallout):
    """Lets pass what `auth` answers with 200, asks again after 202, else closes."""

    def on_response(self, response: CalloutResponse) -> TcpAction:
        log.info(f"auth: {response.status} {response.body.decode()}")
        if response.status == 500:
            raise ValueError("in on_response")
        if response.status == 202:
            return ask(self.connection, "/again")
        if response.status == 200:
            return TcpAction.CONTINUE
        return self.connection.close()

    def on_failure(self, failure: CalloutFailure) -> TcpAction:
        log.info(f"auth: {failure.name}")
        return super().on_failure(failure)


def ask(connection: TcpContext, path: str) -> TcpAction:
    return Check(connection).send("auth", "GET", path, "auth", timeout_ms=200)


class Gatekeeping(TcpContext):
    def __init__(self, plugin: "GatekeepingPlugin") -> None:
        super().__init__(plugin)
        self._at_once = plugin.at_once

    def on_new_connection(self) -> TcpAction:
        return ask(self, "/new") if self._at_once else TcpAction.CONTINUE

    def on_downstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        if self.downstream_data.read(0, 3) == b"ask":
            return ask(self, "/data")
        return TcpAction.CONTINUE


class GatekeepingPlugin(TcpPluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.at_once = False

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        self.at_once = config.get_bool("at_once", False)
        if config.get_bool("refuse", False):
            self.error_policy = ErrorPolicy.REFUSE
        return True

    def create_tcp_context(self) -> TcpContext:
        return Gatekeeping(self)
