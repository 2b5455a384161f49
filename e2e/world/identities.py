"""Who the parts of the world are to each other: certificates of one authority, in files."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from tests.xds.certificates import Authority


@dataclass(frozen=True, slots=True)
class Files:
    """Where a certificate and its private key are, in PEM."""

    certificate: Path
    key: Path


class Identities:
    """Certificates for `spiffe://world/PART` and `PART.world`.

    Args:
        folder: Where they are; made. Everybody may read it, since containers run as somebody else.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self._authority = Authority()
        self.ca.write_bytes(self._authority.certificate)

    @property
    def ca(self) -> Path:
        """The authority's certificate."""
        return self.folder / "ca.crt"

    @staticmethod
    def uri(part: str) -> str:
        """The name by which a part's certificate is known to servers."""
        return f"spiffe://world/{part}"

    @staticmethod
    def dns_name(part: str) -> str:
        """The name by which a part's certificate is known to clients."""
        return f"{part}.world"

    def of(self, part: str) -> Files:
        """The files of a part that has been given a certificate."""
        return Files(self.folder / f"{part}.crt", self.folder / f"{part}.key")

    def issue(self, part: str) -> Files:
        """Give a part a certificate."""
        self._authority.sign(self.uri(part), self.dns_name(part)).write(self.folder, part)
        return self.of(part)

    def client(self, part: str | None) -> ssl.SSLContext:
        """TLS as a part speaks it to others; as somebody without a certificate for None."""
        context = ssl.create_default_context(cafile=str(self.ca))
        if part is not None:
            files = self.of(part)
            context.load_cert_chain(files.certificate, files.key)
        return context
