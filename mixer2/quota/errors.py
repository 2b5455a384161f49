"""What can go wrong with the quota server and in what it is given."""


class QuotaError(Exception):
    """Base of everything that `mixer2.quota` raises."""


class InvalidLimits(QuotaError, ValueError):
    """A file of limits that will not do; the message says where, a line per mistake."""


class StoreUnavailable(QuotaError):
    """The counters cannot be reached."""


class CannotListen(QuotaError):
    """The server's address cannot be bound, or must not be without TLS."""
