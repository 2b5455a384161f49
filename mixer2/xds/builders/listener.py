"""Listeners: where Envoy accepts connections, and what happens to the requests on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mixer2.xds import protos
from mixer2.xds.builders.extension import HTTP_WASM
from mixer2.xds.resource import EXTENSION, LISTENER, ROUTES, Reference, Resource

_HCM = "envoy.filters.network.http_connection_manager"
_ROUTER = "envoy.filters.http.router"


@dataclass(frozen=True, slots=True)
class AccessLog:
    """A line per request.

    Args:
        path: The file; "/dev/stdout" works.
        format: Envoy's format string with its line end; Envoy's own format when empty.
    """

    path: str
    format: str = ""


def http_listener(
    name: str,
    *,
    address: str,
    port: int,
    routes: str,
    plugins: Sequence[str] = (),
    access_log: AccessLog | None = None,
) -> Resource:
    """Build a listener for plain-text HTTP.

    Args:
        name: Of the listener, and the prefix of its stats: `http.<name>.`
        address: The IP address to bind.
        port: TCP port; 0 for one that the system picks.
        routes: The RDS name of its route table.
        plugins: ECDS names of Wasm filters, in the order in which requests meet them. The listener
            opens when all of them have come.
        access_log: Where to write a line per request.
    """
    manager = protos.HttpConnectionManager(
        stat_prefix=name,
        rds=protos.Rds(config_source=protos.from_ads(), route_config_name=routes),
        http_filters=[*map(_discovered, plugins), _router()],
        access_log=[_file(access_log)] if access_log else [],
    )
    network_filter = protos.Filter(name=_HCM, typed_config=protos.pack(manager))
    where = protos.SocketAddress(address=address, port_value=port)
    message = protos.Listener(
        name=name,
        address=protos.Address(socket_address=where),
        filter_chains=[protos.FilterChain(filters=[network_filter])],
    )
    references = [Reference(ROUTES, routes), *(Reference(EXTENSION, one) for one in plugins)]
    return Resource.of(LISTENER, name, protos.serialised(message), references)


def _discovered(plugin: str) -> Any:
    source = protos.ExtensionConfigSource(config_source=protos.from_ads(), type_urls=[HTTP_WASM])
    return protos.HttpFilter(name=plugin, config_discovery=source)


def _router() -> Any:
    return protos.HttpFilter(name=_ROUTER, typed_config=protos.pack(protos.Router()))


def _file(access_log: AccessLog) -> Any:
    message = protos.FileAccessLog(path=access_log.path)
    if access_log.format:
        text = protos.DataSource(inline_string=access_log.format)
        message.log_format.CopyFrom(protos.SubstitutionFormatString(text_format_source=text))
    return protos.AccessLog(name="envoy.access_loggers.file", typed_config=protos.pack(message))
