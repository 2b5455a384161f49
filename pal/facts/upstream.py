"""Attributes of the upstream. They are there once it is connected, the endpoints before."""

from pal import attributes


def address() -> str | None:
    """Address of the upstream, `IP:PORT`."""
    return attributes.get_str("upstream.address")


def port() -> int | None:
    """Port of the upstream."""
    return attributes.get_int("upstream.port")


def local_address() -> str | None:
    """The proxy's own address on that connection, `IP:PORT`."""
    return attributes.get_str("upstream.local_address")


def pool_ready_duration_ns() -> int | None:
    """How long the request waited for a connection, nanoseconds."""
    return attributes.get_int("upstream.cx_pool_ready_duration")


def endpoint_count() -> int | None:
    """Endpoints of the cluster."""
    return attributes.get_int("upstream.num_endpoints")


def request_attempt_count() -> int | None:
    """How often the request was sent; 0 when it was not."""
    return attributes.get_int("upstream.request_attempt_count")


def zone() -> str | None:
    """Zone of the endpoint."""
    return attributes.get_str("upstream.locality.zone")


def region() -> str | None:
    """Region of the endpoint."""
    return attributes.get_str("upstream.locality.region")


def sub_zone() -> str | None:
    """Sub-zone of the endpoint."""
    return attributes.get_str("upstream.locality.sub_zone")


def tls_version() -> str | None:
    """`TLSv1.3` and the like; None without TLS."""
    return attributes.get_str("upstream.tls_version")


def subject_local() -> str | None:
    """Subject of the proxy's certificate; None without TLS."""
    return attributes.get_str("upstream.subject_local_certificate")


def subject_peer() -> str | None:
    """Subject of the upstream's certificate; None without TLS."""
    return attributes.get_str("upstream.subject_peer_certificate")


def dns_san_local() -> str | None:
    """First DNS name of the proxy's certificate."""
    return attributes.get_str("upstream.dns_san_local_certificate")


def dns_san_peer() -> str | None:
    """First DNS name of the upstream's certificate."""
    return attributes.get_str("upstream.dns_san_peer_certificate")


def uri_san_local() -> str | None:
    """First URI of the proxy's certificate."""
    return attributes.get_str("upstream.uri_san_local_certificate")


def uri_san_peer() -> str | None:
    """First URI of the upstream's certificate."""
    return attributes.get_str("upstream.uri_san_peer_certificate")


def peer_digest() -> str | None:
    """SHA-256 of the upstream's certificate, in hex; None without TLS."""
    return attributes.get_str("upstream.sha256_peer_certificate_digest")


def transport_failure_reason() -> str | None:
    """Why the connection failed; empty when it did not."""
    return attributes.get_str("upstream.transport_failure_reason")
