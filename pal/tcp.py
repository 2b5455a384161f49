"""TCP connections: what a network filter sees.

    class Hello(TcpContext):
        def on_downstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
            self.downstream_data.prepend(b"hello ")
            return TcpAction.CONTINUE

    class HelloPlugin(TcpPluginContext):
        def create_tcp_context(self) -> TcpContext:
            return Hello(self)

The proxy does not say whether a context is for a connection or for a request. The plugin does: one
that derives from `TcpPluginContext` is a network filter, any other an HTTP filter.

Source: Proxy-Wasm ABI 0.2.1, "TCP streams"; order of calls and what buffers hold as in Envoy 1.40.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from enum import Enum
from typing import Final

from pal import dispatch, hostcalls, parts, registry
from pal.action import ErrorPolicy
from pal.body import Body
from pal.context import PluginContext

_BUFFER_DOWNSTREAM: Final = 2
_BUFFER_UPSTREAM: Final = 3
_STREAM_DOWNSTREAM: Final = 2
_CONTINUE: Final = 0
_PAUSE: Final = 1
_CLOSED_LOCALLY: Final = 1
_CLOSED_REMOTELY: Final = 2


class TcpAction(Enum):
    """What becomes of a new connection, or of the bytes that a callback was shown.

    CONTINUE: they go on to the next filter.
    PAUSE: a connection waits before it is proxied; bytes wait, and the next callback is shown them
        again with those that came since. `continue_downstream` lets both go on.
    """

    CONTINUE = 0
    PAUSE = 1


class CloseSource(Enum):
    """Who closed a connection.

    UNKNOWN: the proxy does not say, as of every end of an upstream connection.
    LOCAL: the proxy, or a filter.
    REMOTE: the peer.
    """

    UNKNOWN = 0
    LOCAL = 1
    REMOTE = 2


class TcpContext:
    """One connection between a client (downstream) and an upstream.

    Args:
        plugin: The plugin context that made this one.

    Attributes:
        context_id: The proxy's number of this context; there after the constructor.
    """

    context_id: int

    def __init__(self, plugin: PluginContext) -> None:
        self.plugin = plugin

    def on_new_connection(self) -> TcpAction:
        """A client connected. There are no bytes yet, and no upstream.

        After PAUSE bytes come only where Envoy's TCP proxy has `max_early_data_bytes`.
        """
        return TcpAction.CONTINUE

    def on_downstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Bytes of the client are in `downstream_data`.

        Args:
            size: Bytes there: the new ones, and those that an earlier PAUSE held back.
            end_of_stream: The client sends no more.
        """
        return TcpAction.CONTINUE

    def on_upstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Bytes of the upstream are in `upstream_data`; arguments as of `on_downstream_data`.

        Bytes that wait go on with the next ones only: Envoy cannot resume this direction.
        """
        return TcpAction.CONTINUE

    def on_upstream_close(self, source: CloseSource) -> None:
        """The upstream sends no more."""

    def on_downstream_close(self, source: CloseSource) -> None:
        """The client's connection is closed."""

    def on_log(self) -> None:
        """The connection is over, however it ended: once for every context."""

    def on_done(self) -> None:
        """The context is about to go."""

    @property
    def downstream_data(self) -> Body:
        """Bytes of the client, in `on_downstream_data`."""
        return Body(_BUFFER_DOWNSTREAM)

    @property
    def upstream_data(self) -> Body:
        """Bytes of the upstream, in `on_upstream_data`."""
        return Body(_BUFFER_UPSTREAM)

    def enter(self) -> bool:
        """Let the rest of this callback, such as a timer's, act on this connection.

        Returns:
            False when it has ended.
        """
        return parts.enter(self.context_id)

    def continue_downstream(self) -> None:
        """Let a held connection and its held bytes go on, once the current callback returns."""
        parts.check("continue_stream", hostcalls.continue_stream(_STREAM_DOWNSTREAM))

    def close(self) -> TcpAction:
        """Close the connection, once the current callback returns and what was sent is flushed.

        Returns:
            What the callback should return: `return self.close()`.
        """
        parts.check("close_stream", hostcalls.close_stream(_STREAM_DOWNSTREAM))
        return TcpAction.PAUSE


class TcpPluginContext(PluginContext):
    """A plugin that is a network filter. With ErrorPolicy.REFUSE an error closes the connection."""

    def create_tcp_context(self) -> TcpContext:
        """The context of a connection that a client just opened."""
        return TcpContext(self)


class _Connections:
    def __init__(self) -> None:
        self.by_id: dict[int, TcpContext] = {}
        # Connections without a context that ErrorPolicy.REFUSE closes as soon as they start.
        self.refused: set[int] = set()


_connections: Final = _Connections()


def live_connections() -> int:
    """Connections whose contexts the proxy has not deleted yet."""
    return len(_connections.by_id)


def refuse(context: TcpContext, error: Exception) -> bool:
    """Report an error, and do as the error policy says.

    Returns:
        Whether the connection is closed for it.
    """
    dispatch.report(error)
    if context.plugin.error_policy is ErrorPolicy.PASS:
        return False
    hostcalls.close_stream(_STREAM_DOWNSTREAM)
    return True


def proxy_on_context_create(context_id: int, parent_id: int) -> None:
    """Make a context: of a plugin, of a connection, or of a request."""
    plugin = registry.plugin(parent_id)
    if not isinstance(plugin, TcpPluginContext):
        parts.proxy_on_context_create(context_id, parent_id)
        return
    try:
        context = plugin.create_tcp_context()
        context.context_id = context_id
        _connections.by_id[context_id] = context
    except Exception as error:
        dispatch.report(error)
        if plugin.error_policy is ErrorPolicy.REFUSE:
            _connections.refused.add(context_id)


def proxy_on_new_connection(context_id: int) -> int:
    """A client connected."""
    context = _connections.by_id.get(context_id)
    if context is None:
        return _close_orphan(context_id)
    try:
        return _status(context.on_new_connection())
    except Exception as error:
        return _raised(context, error)


def proxy_on_downstream_data(context_id: int, size: int, end_of_stream: int) -> int:
    """Bytes of a client."""
    context = _connections.by_id.get(context_id)
    if context is None:
        return _close_orphan(context_id)
    try:
        return _status(context.on_downstream_data(size, end_of_stream != 0))
    except Exception as error:
        return _raised(context, error)


def proxy_on_upstream_data(context_id: int, size: int, end_of_stream: int) -> int:
    """Bytes of an upstream."""
    context = _connections.by_id.get(context_id)
    if context is None:
        return _close_orphan(context_id)
    try:
        return _status(context.on_upstream_data(size, end_of_stream != 0))
    except Exception as error:
        return _raised(context, error)


def proxy_on_downstream_connection_close(context_id: int, source: int) -> None:
    """A client's connection is closed."""
    context = _connections.by_id.get(context_id)
    if context is None:
        return
    try:
        context.on_downstream_close(_source(source))
    except Exception as error:
        dispatch.report(error)


def proxy_on_upstream_connection_close(context_id: int, source: int) -> None:
    """An upstream sends no more."""
    context = _connections.by_id.get(context_id)
    if context is None:
        return
    try:
        context.on_upstream_close(_source(source))
    except Exception as error:
        dispatch.report(error)


def proxy_on_log(context_id: int) -> None:
    """A connection or an exchange is over."""
    context = _connections.by_id.get(context_id)
    if context is None:
        dispatch.proxy_on_log(context_id)
        return
    try:
        context.on_log()
    except Exception as error:
        dispatch.report(error)


def proxy_on_done(context_id: int) -> int:
    """A context is about to go."""
    context = _connections.by_id.get(context_id)
    if context is None:
        return dispatch.proxy_on_done(context_id)
    try:
        context.on_done()
    except Exception as error:
        dispatch.report(error)
    return 1


def proxy_on_delete(context_id: int) -> None:
    """Let go of a context."""
    if _connections.by_id.pop(context_id, None) is None:
        _connections.refused.discard(context_id)
        parts.proxy_on_delete(context_id)


def _status(action: TcpAction) -> int:
    return _CONTINUE if action is TcpAction.CONTINUE else _PAUSE


def _source(number: int) -> CloseSource:
    if number == _CLOSED_LOCALLY:
        return CloseSource.LOCAL
    if number == _CLOSED_REMOTELY:
        return CloseSource.REMOTE
    return CloseSource.UNKNOWN


def _raised(context: TcpContext, error: Exception) -> int:
    """Report an error; what the callback answers then."""
    return _PAUSE if refuse(context, error) else _CONTINUE


def _close_orphan(context_id: int) -> int:
    """What becomes of a connection whose context could not be made."""
    if context_id not in _connections.refused:
        return _CONTINUE
    hostcalls.close_stream(_STREAM_DOWNSTREAM)
    return _PAUSE
