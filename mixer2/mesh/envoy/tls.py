"""Transport sockets for TLS."""

from mixer2.mesh.envoy.json import Json, given, typed
from mixer2.mesh.schema.tls import DownstreamTls, UpstreamTls

_TLS = "transport_sockets.tls.v3"


def downstream_socket(tls: DownstreamTls, *, http: bool) -> Json:
    """Return the transport socket of a listener."""
    common = given(
        tls_certificates=[_pair(tls.certificate, tls.key)],
        validation_context=_validation(tls.client_ca, tls.client_names),
        alpn_protocols=["h2", "http/1.1"] if http else None,
    )
    required = True if tls.client_ca is not None else None
    context = typed(
        f"{_TLS}.DownstreamTlsContext",
        common_tls_context=common,
        require_client_certificate=required,
    )
    return {"name": "envoy.transport_sockets.tls", "typed_config": context}


def upstream_socket(tls: UpstreamTls, *, http2: bool) -> Json:
    """Return the transport socket of a cluster."""
    ours = tls.certificate is not None and tls.key is not None
    common = given(
        tls_certificates=[_pair(tls.certificate or "", tls.key or "")] if ours else None,
        validation_context=_validation(tls.ca, tls.names),
        alpn_protocols=["h2"] if http2 else None,
    )
    context = typed(f"{_TLS}.UpstreamTlsContext", common_tls_context=common, sni=tls.server_name)
    return {"name": "envoy.transport_sockets.tls", "typed_config": context}


def _pair(certificate: str, key: str) -> Json:
    return {"certificate_chain": {"filename": certificate}, "private_key": {"filename": key}}


def _validation(ca: str | None, names: list[str] | None) -> Json | None:
    if ca is None:
        return None
    # A certificate has typed names: `spiffe://a/b` is a URI, all else a DNS name.
    matchers = [
        {"san_type": "URI" if "://" in name else "DNS", "matcher": {"exact": name}}
        for name in names or ()
    ]
    return given(trusted_ca={"filename": ca}, match_typed_subject_alt_names=matchers or None)
