"""What `pal` raises. All of it derives from `PalError`."""

from pal import status


class PalError(Exception):
    """Base of all errors of the platform abstraction layer."""


class HostcallError(PalError):
    """The proxy refused a host call.

    Attributes:
        status: What it answered, one of the codes of `pal.status`.
    """

    def __init__(self, call: str, code: int) -> None:
        super().__init__(f"{call}: {status.name(code)}")
        self.status = code


class HeadersUnavailableError(PalError):
    """A header map was used in a callback in which the proxy does not show it."""


class AttributeTypeError(PalError):
    """An attribute's value is not of the type that was asked for."""


class ConfigurationError(PalError):
    """A plugin's configuration is refused; the message is for the person who wrote it.

    Raised in `on_configure` it refuses the configuration with one line in the proxy's log,
    where any other exception logs a traceback.
    """
