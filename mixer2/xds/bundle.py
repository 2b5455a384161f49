"""A bundle: one filter in one version, as it is rolled out, recorded and gone back to."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Literal

from mixer2.xds.builders.extension import FailurePolicy


@dataclass(frozen=True)
class Bundle:
    """A filter's module and configuration.

    Args:
        filter: Name of the filter in the mesh.
        digest: SHA-256 of the module in hex; the module store has its bytes.
        configuration: What the plugin reads.
        failure: What Envoy does when its VM failed.
        delivery: Whether the code travels within the configuration.
    """

    filter: str
    digest: str
    configuration: bytes = field(default=b"", repr=False)
    failure: FailurePolicy = FailurePolicy.RELOAD
    delivery: Literal["auto", "inline", "remote"] = "auto"

    @cached_property
    def version(self) -> str:
        """A short digest of all of it; what people see."""
        parts = (self.digest, sha256(self.configuration).hexdigest(), self.failure.name)
        return sha256(":".join((*parts, self.delivery)).encode()).hexdigest()[:12]

    def __str__(self) -> str:
        return f"{self.filter} {self.version}"
