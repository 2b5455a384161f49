"""What a listener's `sniff:` block stands for.

    listeners:
      front:
        port: 9000
        protocol: tcp
        to: fallback
        sniff: {to: {redis: cache}, http: {routes: shop}}

is a TCP listener with the filter `front/sniff` in front of its others, and for HTTP an internal
listener `front/http` with a service of the same name in front of it, to which the filter routes.
"""

from importlib.util import find_spec
from pathlib import Path

from pydantic import JsonValue

from mixer2.mesh.schema.filters import Filter
from mixer2.mesh.schema.listeners import FilterUse, Listener, Sniff
from mixer2.mesh.schema.mesh import Mesh
from mixer2.mesh.schema.services import Service

_HTTP = ("http1", "http2")


def expanded(mesh: Mesh) -> Mesh:
    """Return the mesh with every `sniff:` block written out."""
    listeners = dict(mesh.listeners)
    services = dict(mesh.services)
    filters = dict(mesh.filters)
    for name, listener in mesh.listeners.items():
        sniff = listener.sniff
        if sniff is None:
            continue
        use = FilterUse(filter=f"{name}/sniff")
        listeners[name] = listener.model_copy(
            update={"sniff": None, "filters": [use, *listener.filters]}
        )
        filters[use.filter] = _filter(name, sniff)
        if sniff.http is not None:
            inner = f"{name}/http"
            listeners[inner] = Listener(
                internal=True,
                routes=sniff.http.routes,
                filters=sniff.http.filters,
                access_log=listener.access_log,
                tenant=listener.tenant,
                nodes=listener.nodes,
            )
            services[inner] = Service(listener=inner, tenant=listener.tenant)
    parts = {"listeners": listeners, "services": services, "filters": filters}
    return mesh.model_copy(update=parts)


def _filter(name: str, sniff: Sniff) -> Filter:
    routes: dict[str, JsonValue] = {}
    if sniff.http is not None:
        routes |= dict.fromkeys(_HTTP, f"{name}/http")
    routes |= {str(protocol): service for protocol, service in sniff.to.items()}
    return Filter(
        code=sniff.code or _own_sniffer(),
        configuration={
            "routes": routes,
            "release_after_ms": max(1, round(sniff.release_after * 1000)),
            "max_bytes": sniff.max_bytes,
        },
        calls=sorted({str(service) for service in routes.values()}),
    )


def _own_sniffer() -> Path:
    spec = find_spec("filters.sniff")
    if spec is None or spec.origin is None:
        raise AssertionError("mixer2 is installed without its filters")
    return Path(spec.origin)
