"""Attributes of the client's connection."""

from pal import attributes


def source_address() -> str | None:
    """Address of the client, `IP:PORT`."""
    return attributes.get_str("source.address")


def source_port() -> int | None:
    """Port of the client."""
    return attributes.get_int("source.port")


def destination_address() -> str | None:
    """Address that the client connected to, `IP:PORT`."""
    return attributes.get_str("destination.address")


def destination_port() -> int | None:
    """Port that the client connected to."""
    return attributes.get_int("destination.port")


def number() -> int | None:
    """The proxy's number of the connection."""
    return attributes.get_int("connection.id")


def is_mutual_tls() -> bool | None:
    """Whether the client has shown a certificate."""
    return attributes.get_bool("connection.mtls")


def server_name() -> str | None:
    """Server name of TLS (SNI); empty when there was none."""
    return attributes.get_str("connection.requested_server_name")


def tls_version() -> str | None:
    """`TLSv1.3` and the like; None without TLS."""
    return attributes.get_str("connection.tls_version")


def subject_local() -> str | None:
    """Subject of the proxy's certificate; None without TLS."""
    return attributes.get_str("connection.subject_local_certificate")


def subject_peer() -> str | None:
    """Subject of the client's certificate; None without one."""
    return attributes.get_str("connection.subject_peer_certificate")


def dns_san_local() -> str | None:
    """First DNS name of the proxy's certificate."""
    return attributes.get_str("connection.dns_san_local_certificate")


def dns_san_peer() -> str | None:
    """First DNS name of the client's certificate."""
    return attributes.get_str("connection.dns_san_peer_certificate")


def uri_san_local() -> str | None:
    """First URI of the proxy's certificate."""
    return attributes.get_str("connection.uri_san_local_certificate")


def uri_san_peer() -> str | None:
    """First URI of the client's certificate."""
    return attributes.get_str("connection.uri_san_peer_certificate")


def peer_digest() -> str | None:
    """SHA-256 of the client's certificate, in hex; None without one."""
    return attributes.get_str("connection.sha256_peer_certificate_digest")


def termination_details() -> str | None:
    """Why the proxy ended the connection."""
    return attributes.get_str("connection.termination_details")


def transport_failure_reason() -> str | None:
    """Why TLS failed with the client."""
    return attributes.get_str("connection.transport_failure_reason")
