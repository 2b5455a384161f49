"""Access loggers: plugins that are told of each exchange when it is over, and of nothing else.

    class Lines(AccessLogger):
        def on_log(self) -> None:
            log.info(f"{self.request_headers.get(':path')} {attributes.get_int('response.code')}")

Envoy makes one plugin context for all exchanges and no context for any of them. A bootstrap service
is the other kind of plugin without streams: a plain `PluginContext` with timers, callouts, queues.

Source: Envoy, `source/extensions/access_loggers/wasm`.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from pal import dispatch, registry
from pal.abi import MAP_REQUEST_HEADERS, MAP_RESPONSE_HEADERS, MAP_RESPONSE_TRAILERS
from pal.context import PluginContext
from pal.header_map import HeaderMap


class AccessLogger(PluginContext):
    """A plugin that is installed as an access logger."""

    def on_log(self) -> None:
        """An exchange is over; headers and attributes are those of it."""

    @property
    def request_headers(self) -> HeaderMap:
        """Headers of the request, in `on_log`. Keep the map for more than one look at it."""
        return HeaderMap(MAP_REQUEST_HEADERS)

    @property
    def response_headers(self) -> HeaderMap:
        """Headers of the response, in `on_log`. Keep the map for more than one look at it."""
        return HeaderMap(MAP_RESPONSE_HEADERS)

    @property
    def response_trailers(self) -> HeaderMap:
        """Trailers of the response, in `on_log`. Keep the map for more than one look at it."""
        return HeaderMap(MAP_RESPONSE_TRAILERS)


def proxy_on_log(context_id: int) -> None:
    """An exchange is over."""
    plugin = registry.plugin(context_id)
    if not isinstance(plugin, AccessLogger):
        dispatch.proxy_on_log(context_id)
        return
    try:
        plugin.on_log()
    except Exception as error:
        dispatch.report(error)
