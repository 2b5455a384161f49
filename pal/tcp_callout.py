"""HTTP callouts of TCP connections: a network filter asks a service before it lets bytes go on.

    class Check(ConnectionCallout):
        def on_response(self, response: CalloutResponse) -> TcpAction:
            if response.status == 200:
                return TcpAction.CONTINUE
            return self.connection.close()

    def on_new_connection(self) -> TcpAction:
        return Check(self).send("auth", "GET", "/check", authority="auth", timeout_ms=200)

`send` answers PAUSE, which holds the connection, or the bytes that came. Continuations, failures
and timeouts are as in `pal.http_callout`; a connection that ended meanwhile is no error.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from pal import parts, tcp
from pal.action import ErrorPolicy
from pal.callout import CalloutStateError, Tie
from pal.http_callout import CalloutFailure, CalloutResponse, HttpCalloutBase, HttpRequest
from pal.tcp import TcpAction, TcpContext


class ConnectionTie(Tie):
    """Between a callout and the connection that waits for it.

    Args:
        connection: The connection.
    """

    def __init__(self, connection: TcpContext) -> None:
        self._connection: TcpContext | None = connection

    @property
    def connection(self) -> TcpContext:
        """Who waits.

        Raises:
            CalloutStateError: the callout is over.
        """
        connection = self._connection
        if connection is None:
            raise CalloutStateError("the callout is over")
        return connection

    def context_id(self) -> int:
        """The connection's."""
        connection = self._connection
        return 0 if connection is None else connection.context_id

    def release(self) -> None:
        """The callout is over: a connection that keeps it would stay for ever."""
        self._connection = None


class ConnectionCallout(HttpCalloutBase):
    """A request whose answer a connection waits for.

    Args:
        connection: Who asks.
    """

    def __init__(self, connection: TcpContext) -> None:
        super().__init__()
        self._tie = ConnectionTie(connection)

    @property
    def connection(self) -> TcpContext:
        """Who asked.

        Raises:
            CalloutStateError: the callout is over; it lets go of the connection then.
        """
        return self._tie.connection

    def on_response(self, response: CalloutResponse) -> TcpAction:
        """The service answered, with whatever status.

        Returns:
            CONTINUE to let the connection and its bytes go on; what `close` returned; or PAUSE to
            leave them held, as `send` of a further callout does.
        """
        return TcpAction.CONTINUE

    def on_failure(self, failure: CalloutFailure) -> TcpAction:
        """The service did not answer.

        Returns:
            As `on_response`. By default what the plugin's error policy says: the connection goes
            on, or is closed.
        """
        connection = self.connection
        if connection.plugin.error_policy is ErrorPolicy.PASS:
            return TcpAction.CONTINUE
        return connection.close()

    def send(
        self,
        cluster: str,
        method: str,
        path: str,
        authority: str,
        headers: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        timeout_ms: int = 1000,
    ) -> TcpAction:
        """Send the request; arguments as of `HttpCallout.send`.

        Returns:
            What the callback should return: it holds the connection.

        Raises:
            CalloutStateError: the callout has been used before.
            HostcallError: BAD_ARGUMENT, the proxy has no such cluster.
        """
        root_id = parts.root_id(self.connection.plugin)
        self.prepare(HttpRequest(cluster, method, path, authority, headers, body, timeout_ms))
        self.launch(root_id)
        return TcpAction.PAUSE

    def answered(self, response: CalloutResponse, failure: CalloutFailure | None) -> None:
        """Run the continuation in the connection, if there still is one."""
        tie = self._tie
        if tie.enter():
            connection = tie.connection
            try:
                answer = self.on_response(response) if failure is None else self.on_failure(failure)
                if answer is TcpAction.CONTINUE:
                    connection.continue_downstream()
            except Exception as error:
                if not tcp.refuse(connection, error):
                    connection.continue_downstream()
        tie.release()
