"""What can go wrong in the xDS server and in what it is given."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mixer2.xds.resource import Reference, Resource


class XdsError(Exception):
    """Base of everything that `mixer2.xds` raises."""


class InvalidResource(XdsError, ValueError):
    """A resource cannot be built from what was given."""


class DuplicateResource(XdsError, ValueError):
    """Two resources of one type have the same name."""


class InconsistentSnapshot(XdsError, ValueError):
    """A snapshot refers to resources that are not in it.

    Args:
        dangling: Who refers, and to what.
    """

    def __init__(self, dangling: Sequence[tuple["Resource", "Reference"]]) -> None:
        self.dangling = tuple(dangling)
        super().__init__(
            "; ".join(f"{one} refers to {to}, which is missing" for one, to in dangling)
        )


class ProtocolError(XdsError):
    """A client broke the xDS protocol; its stream ends with INVALID_ARGUMENT."""


class Forbidden(XdsError):
    """A client is not who it says it is, or asks for what it may not see: PERMISSION_DENIED."""


class Overloaded(XdsError):
    """A client opens or asks for more than one client may; its stream ends: RESOURCE_EXHAUSTED."""


class CannotListen(XdsError):
    """The server's address cannot be bound, or must not be without TLS."""


class CannotRemember(XdsError):
    """The file of the rejections cannot be used."""


class InvalidCertificate(XdsError, ValueError):
    """A file has no certificate or key that can be used."""


class InvalidBinding(XdsError, ValueError):
    """A template that binds no certificate to a node."""


class InvalidModule(XdsError, ValueError):
    """Bytes that no Envoy should be given as a Wasm module."""
