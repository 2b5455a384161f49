"""The border that every host call crosses, whatever the guest is made of.

One place for what holds for all of them: the transcript, capability restriction, the calls that
are forbidden while a module starts, and statuses in place of exceptions.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

from mixer2.testhost import abi, wasi
from mixer2.testhost.abi import LogLevel, Status
from mixer2.testhost.errors import HostError, Refused, TrapError
from mixer2.testhost.trace import HostCalled, HostReturned, Transcript, Value

Results: TypeAlias = tuple[Value, ...]


class Implementation(Protocol):
    """What stands behind the boundary: has a method for every host call, named without `proxy_`.

    A method takes the call's values and returns its result: None, one value, or a tuple.
    """


PERMITTED_IN_START: Final = wasi.PERMITTED_IN_START | {"proxy_log"}
"""What a module may call before its first callback; anything else traps."""

PERMITTED_IN_ALLOCATION: Final = wasi.PERMITTED_IN_ALLOCATION | {"proxy_log"}
"""What a module may call in its malloc."""


class Boundary:
    """The host calls of one VM.

    Args:
        implementation: Does the work.
        transcript: Records every crossing.
        write_log: Writes a line to the proxy's log, for the VM.
        report: Writes a line of the proxy's own to it.
        capabilities: Names that the plugin may call; empty means all.
    """

    def __init__(
        self,
        implementation: Implementation,
        transcript: Transcript,
        write_log: Callable[[LogLevel, str], None],
        report: Callable[[str], None],
        capabilities: frozenset[str] = frozenset(),
    ) -> None:
        self._transcript = transcript
        self.write_log = write_log
        self._report = report
        self._capabilities = capabilities
        self._methods: dict[str, Callable[..., Any]] = {
            name: getattr(implementation, call.method) for name, call in abi.HOST_CALLS.items()
        }
        self._permitted: frozenset[str] | None = None
        self.fault: HostError | None = None

    def invoke(self, name: str, *arguments: Value) -> tuple[Status, Results]:
        """Make one host call.

        Returns:
            Its status, and its results when that is OK.

        Raises:
            HostError: the test has to stop. It is kept in `fault` as well: a guest may catch it.
        """
        record = self._transcript.crossings.append
        record(HostCalled(name, arguments))
        status, results = self._answer(name, arguments)
        record(HostReturned(name, status, results))
        return status, results

    def allows(self, name: str) -> bool:
        """Whether capability restriction lets the plugin have this function or callback."""
        return not self._capabilities or name in self._capabilities

    def log_refusal(self, name: str) -> None:
        """Report a call that is not among the capabilities."""
        self._report(f"Attempted call to restricted proxy-wasm capability: {name}")

    def check_permitted(self, name: str) -> None:
        """Refuse a call that would trap because the module starts, or allocates.

        Raises:
            TrapError: with Envoy's word for it.
        """
        if self._permitted is not None and name not in self._permitted:
            raise TrapError(f"restricted_callback: {name} must not be called now")

    def restrict(self, permitted: frozenset[str] | None) -> frozenset[str] | None:
        """Permit only some calls (None: all). Returns what held before."""
        before, self._permitted = self._permitted, permitted
        return before

    def _answer(self, name: str, arguments: tuple[Value, ...]) -> tuple[Status, Results]:
        self.check_permitted(name)
        if not self.allows(name):
            self.log_refusal(name)
            return Status.INTERNAL_FAILURE, ()
        try:
            result = self._methods[name](*arguments)
        except Refused as refused:
            return refused.status, ()
        except HostError as error:
            self.fault = self.fault or error
            raise
        if result is None:
            return Status.OK, ()
        return Status.OK, result if isinstance(result, tuple) else (result,)
