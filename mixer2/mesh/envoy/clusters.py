"""Services as clusters."""

from mixer2.mesh.envoy.json import ADS, Json, given, resource_of, seconds, typed
from mixer2.mesh.envoy.tls import upstream_socket
from mixer2.mesh.schema.services import HealthCheck, OutlierDetection, Service
from mixer2.xds.resource import CLUSTER, ENDPOINTS, Reference, Resource

_HTTP = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def cluster(name: str, service: Service) -> Resource:
    """Build the cluster of a service; its endpoints come by EDS unless they come by DNS."""
    http2 = service.protocol == "http2"
    value = given(
        name=name,
        connect_timeout=seconds(service.connect_timeout),
        lb_policy=service.load_balancing.upper(),
        circuit_breakers=_circuit_breakers(service),
        health_checks=[_health_check(service.health_check)] if service.health_check else None,
        outlier_detection=_outliers(service.outlier_detection),
        transport_socket=upstream_socket(service.tls, http2=http2) if service.tls else None,
        typed_extension_protocol_options=_http2() if http2 else None,
        **_discovery(name, service),
    )
    references = [Reference(ENDPOINTS, name)] if has_eds(service) else []
    return resource_of(CLUSTER, name, value, references)


def has_eds(service: Service) -> bool:
    """Tell whether the endpoints of a service come by EDS."""
    return service.dns is None and service.listener is None


def module_server(name: str, host: str, port: int, tls: Json | None) -> Resource:
    """Build the cluster through which nodes fetch modules.

    Args:
        name: Of the cluster.
        host: Where the module server is, for the nodes; an IP address or a name.
        port: TCP port.
        tls: Transport socket; None for plain text.
    """
    value = given(
        name=name,
        type="STRICT_DNS",
        connect_timeout="5s",
        load_assignment=_assignment(name, host, port),
        transport_socket=tls,
    )
    return resource_of(CLUSTER, name, value)


def _discovery(name: str, service: Service) -> Json:
    if service.listener is not None:
        address = {"envoy_internal_address": {"server_listener_name": service.listener}}
        endpoints = [{"lb_endpoints": [{"endpoint": {"address": address}}]}]
        return {"load_assignment": {"cluster_name": name, "endpoints": endpoints}}
    if service.dns is None:
        return {"type": "EDS", "eds_cluster_config": {"eds_config": ADS}}
    return {
        "type": "STRICT_DNS",
        # Of two families Envoy would take IPv6 alone, also where nothing listens on it.
        "dns_lookup_family": "V4_PREFERRED",
        "dns_refresh_rate": seconds(service.dns.refresh),
        "load_assignment": _assignment(name, service.dns.address, service.dns.port),
    }


def _assignment(name: str, host: str, port: int) -> Json:
    address = {"socket_address": {"address": host, "port_value": port}}
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": address}}]}]
    return {"cluster_name": name, "endpoints": endpoints}


def _circuit_breakers(service: Service) -> Json | None:
    limits = service.circuit_breakers
    if limits is None:
        return None
    threshold = given(
        max_connections=limits.connections,
        max_pending_requests=limits.pending_requests,
        max_requests=limits.requests,
        max_retries=limits.retries,
    )
    return {"thresholds": [threshold]}


def _health_check(check: HealthCheck) -> Json:
    return {
        "timeout": seconds(check.timeout),
        "interval": seconds(check.every),
        "unhealthy_threshold": check.unhealthy_after,
        "healthy_threshold": check.healthy_after,
        "http_health_check": {"path": check.path},
    }


def _outliers(detection: OutlierDetection | None) -> Json | None:
    if detection is None:
        return None
    return {
        "consecutive_5xx": detection.consecutive_5xx,
        "interval": seconds(detection.every),
        "base_ejection_time": seconds(detection.ejection_time),
        "max_ejection_percent": round(detection.most),
    }


def _http2() -> Json:
    options = typed(
        "upstreams.http.v3.HttpProtocolOptions",
        explicit_http_config={"http2_protocol_options": {}},
    )
    return {_HTTP: options}
