"""What can go wrong with an Envoy of ours."""


class EnvoyError(Exception):
    """Base of everything that `mixer2.envoy` raises."""


class EnvoyNotFound(EnvoyError):
    """There is no Envoy binary; the message says how to get one."""


class EnvoyFailed(EnvoyError):
    """Envoy did not start, or died; the message holds the decisive lines of its log."""


class AdminError(EnvoyError):
    """The admin interface cannot be reached, or answered with an error."""


class InvalidLabel(EnvoyError, ValueError):
    """A label name that Prometheus would refuse."""
