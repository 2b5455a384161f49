"""TLS of the xDS port: certificates in files, read anew when they change.

Source: grpc.io, "Authentication", `ssl_server_credentials`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import structlog

from mixer2.xds.errors import InvalidCertificate

_log = structlog.get_logger("mixer2.xds")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """Where the server's certificate is, and whose certificates it trusts; all in PEM.

    Args:
        certificate: The server's, with the intermediate ones after it.
        key: Its private key.
        client_ca: Who signs the certificates of nodes.
    """

    certificate: Path
    key: Path
    client_ca: Path

    def credentials(self) -> grpc.ServerCredentials:
        """Return credentials that demand a certificate of every client.

        New connections use what the files have then; while they cannot be used, what they had.

        Raises:
            InvalidCertificate: a file cannot be read, or is no PEM.
        """
        watched = _WatchedFiles(self)
        return grpc.dynamic_ssl_server_credentials(
            watched.configuration, watched.fetch, require_client_authentication=True
        )

    def read(self) -> tuple[bytes, bytes, bytes]:
        """Return certificate, key and CA.

        Raises:
            InvalidCertificate: a file cannot be read, or is no PEM.
        """
        return (
            _pem(self.certificate, b"CERTIFICATE"),
            _pem(self.key, b"PRIVATE KEY"),
            _pem(self.client_ca, b"CERTIFICATE"),
        )

    def stamp(self) -> tuple[int, ...]:
        """Return what is different when a file changed."""
        try:
            paths = (self.certificate, self.key, self.client_ca)
            return tuple(path.stat().st_mtime_ns for path in paths)
        except OSError:
            return ()


class _WatchedFiles:
    def __init__(self, files: TlsFiles) -> None:
        self._files = files
        self._stamp = files.stamp()
        self._content = files.read()
        self.configuration = self._configured()

    def fetch(self) -> Any:
        """Return a new configuration, or None when there is none; gRPC asks at each connection."""
        stamp = self._files.stamp()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            content = self._files.read()
        except InvalidCertificate as error:
            _log.warning("xds.certificate_refused", reason=str(error))
            return None
        if content == self._content:
            return None
        self._content = content
        self.configuration = self._configured()
        _log.info("xds.certificate_read", path=str(self._files.certificate))
        return self.configuration

    def _configured(self) -> Any:
        certificate, key, client_ca = self._content
        return grpc.ssl_server_certificate_configuration([(key, certificate)], client_ca)


def _pem(path: Path, kind: bytes) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidCertificate(f"{path}: {error.strerror}") from error
    if kind + b"-----" not in content:
        raise InvalidCertificate(f"{path}: expected PEM with a {kind.decode()}")
    return content
