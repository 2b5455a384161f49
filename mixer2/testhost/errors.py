"""What stops a test, by name.

Every error of the test host is a `HostError`; its message says what was expected, what came and
where. A `Status` that the guest gets as the answer to a host call is no error: see `Refused`.
"""

from mixer2.testhost.abi import Status


class HostError(Exception):
    """The test host stopped the test."""


class UnsupportedError(HostError):
    """The guest used something that this host does not implement, and will not pretend to."""


class LoadError(HostError):
    """The proxy would refuse this module, or die of it."""


class MissingImportError(LoadError):
    """The module imports functions that no Proxy-Wasm 0.2 proxy offers."""


class ConfigurationRefusedError(HostError):
    """The plugin refused its configuration: the proxy would answer NACK and keep the old one."""


class TrapError(HostError):
    """The guest trapped (in plain Python: an exception left it). The proxy's VM would be dead."""


class MisuseError(HostError):
    """Strict mode: the guest did what the proxy allows and what is a defect nevertheless."""


class ProxyDiedError(HostError):
    """The guest did what ends the whole Envoy process, with every connection in it."""


class HeldError(HostError):
    """A response was asked for, but the filter holds the stream."""


class UnansweredError(HostError):
    """The test ended while callouts waited for their answer."""


class LeakError(HostError):
    """The guest keeps objects of streams that have ended."""


class NotInEnvoyError(Exception):
    """With `--envoy`: the test asks for what only a simulated proxy can do. It is skipped there.

    No `HostError`, so that a test which expects one of those does not take this for it.
    """


class Refused(Exception):
    """A host call ends with another status than OK."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status
