"""TLS, on either side. Keys never pass through the server: the paths are those of the node."""

from pydantic import Field, model_validator

from mixer2.mesh.schema.base import NodePath, Part, Texts


class DownstreamTls(Part):
    """TLS for those who call; with `client_ca` they need a certificate too."""

    certificate: NodePath = Field(description="Certificate chain, PEM, on the node.")
    key: NodePath = Field(description="Its private key, PEM, on the node.")
    client_ca: NodePath | None = Field(None, description="Who signs certificates of clients.")
    client_names: Texts | None = Field(
        None, description="Names, one of which a client's certificate must have: URI or DNS."
    )

    @model_validator(mode="after")
    def _names_need_a_ca(self) -> "DownstreamTls":
        if self.client_names and self.client_ca is None:
            raise ValueError("client_names needs client_ca: who else vouches for the names?")
        return self


class UpstreamTls(Part):
    """TLS to the endpoints of a service."""

    ca: NodePath | None = Field(None, description="Who signs the service's certificates.")
    server_name: str | None = Field(None, description="The name to ask for (SNI).")
    names: Texts | None = Field(
        None, description="Names, one of which the service's certificate must have: URI or DNS."
    )
    certificate: NodePath | None = Field(None, description="Our certificate, for mTLS.")
    key: NodePath | None = Field(None, description="Its private key.")
    insecure: bool = Field(False, description="Trust whatever certificate the service shows.")

    @model_validator(mode="after")
    def _complete(self) -> "UpstreamTls":
        if self.ca is None and not self.insecure:
            raise ValueError("needs `ca`; or `insecure: true`, which trusts any certificate")
        if (self.certificate is None) != (self.key is None):
            raise ValueError("needs both or none of `certificate` and `key`")
        if self.names and self.ca is None:
            raise ValueError("`names` needs `ca`: who else vouches for the names?")
        return self
