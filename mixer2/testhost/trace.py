"""The transcript: every crossing between guest and proxy, in Envoy's words.

Recording appends a tuple; words are made when somebody reads. Pointers differ from host to host
and from run to run, so a line shows `_` for each, and metric ids and callout tokens as they are.
Source: proxy-wasm-cpp-host, `v8.cc`, at log level trace.
"""

from typing import NamedTuple, TypeAlias

from mixer2.testhost import abi
from mixer2.testhost.abi import Kind, Status
from mixer2.testhost.pairs import encode_text

Value: TypeAlias = int | str | bytes


class CallbackEntered(NamedTuple):
    """The proxy calls the guest."""

    name: str
    arguments: tuple[int, ...]

    def __str__(self) -> str:
        return f"[host->vm] {self.name}({', '.join(map(str, self.arguments))})"


class CallbackReturned(NamedTuple):
    """The guest's callback ended; a trap has no result."""

    name: str
    result: int | None

    def __str__(self) -> str:
        returns = abi.CALLBACKS[self.name][1]
        result = "trap" if self.result is None else str(self.result) if returns else "void"
        return f"[host<-vm] {self.name} return: {result}"


class HostCalled(NamedTuple):
    """The guest calls the proxy. `arguments` are the values, not their addresses."""

    name: str
    arguments: tuple[Value, ...]

    def __str__(self) -> str:
        call = abi.HOST_CALLS[self.name]
        shown: list[str] = []
        for kind, value in zip(call.arguments, self.arguments, strict=True):
            shown += _words(kind, value)
        for kind in call.results:
            shown += ["_", "_"] if kind in (Kind.TEXT, Kind.BYTES) else ["_"]
        return f"[vm->host] env.{self.name}({', '.join(shown)})"


class HostReturned(NamedTuple):
    """The proxy answered a host call."""

    name: str
    status: Status
    results: tuple[Value, ...]

    def __str__(self) -> str:
        return f"[vm<-host] env.{self.name} return: {int(self.status)}"


Crossing: TypeAlias = CallbackEntered | CallbackReturned | HostCalled | HostReturned


def _words(kind: Kind, value: Value) -> list[str]:
    if isinstance(value, str):
        return ["_", str(len(encode_text(value)))]
    if isinstance(value, bytes):
        return ["_", str(len(value))]
    bits = 32 if kind is Kind.U32 else 64
    return [str(value & ((1 << bits) - 1))]


class Transcript:
    """All crossings of one VM, in order."""

    def __init__(self) -> None:
        self.crossings: list[Crossing] = []

    @property
    def lines(self) -> list[str]:
        """As Envoy would have logged them, pointers masked."""
        return [str(crossing) for crossing in self.crossings]

    def calls(self, name: str) -> list[tuple[Value, ...]]:
        """Arguments of every host call of that name."""
        return [
            crossing.arguments
            for crossing in self.crossings
            if isinstance(crossing, HostCalled) and crossing.name == name
        ]
