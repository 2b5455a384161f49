"""DNS lookups, which Envoy offers to plugins beside the specification.

The answer comes to the root context in `envoy_on_resolve_dns`. For what needs no server that is
while the plugin is still in its call.
Source: Envoy, `context.cc`, `onResolveDns`; Envoy 1.40's answers.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, TypeAlias

from mixer2.testhost.abi import BufferType
from mixer2.testhost.buffers import Buffer
from mixer2.testhost.errors import HostError

if TYPE_CHECKING:
    from mixer2.testhost.contexts import RootContext

DnsAnswer: TypeAlias = Sequence[str] | None
"""Addresses of a name; None when the test answers by hand."""

_NAME: Final = re.compile(r"[A-Za-z0-9._*/-]*")
_LOCAL: Final = {"localhost": "::1"}


class DnsLookup:
    """One lookup, as the test sees it.

    Args:
        root: The plugin that gets the answer.
        name: What it looks up.
        token: What the plugin knows it by.

    Attributes:
        is_pending: Whether it waits for an answer.
    """

    def __init__(self, root: "RootContext", name: str, token: int) -> None:
        self.root = root
        self.name = name
        self.token = token
        self.is_pending = True

    def __repr__(self) -> str:
        return f"DnsLookup({self.name}, {'pending' if self.is_pending else 'answered'})"

    def answer(self, addresses: Iterable[str], ttl: int = 0) -> None:
        """The name has these addresses, or none, for `ttl` seconds."""
        texts = [_as_envoy_shows(address) for address in addresses]
        numbers = [len(texts), *([ttl] * len(texts))]
        data = b"".join(number.to_bytes(4, "little") for number in numbers)
        self._tell(data + b"".join(text.encode() + b"\0" for text in texts))

    def fail(self) -> None:
        """There was no answer: no server, or no name at all."""
        self._tell(b"")

    def cancel(self) -> None:
        """The plugin is gone; nobody will be told."""
        self.is_pending = False

    def _tell(self, data: bytes) -> None:
        if not self.is_pending:
            raise HostError(f"{self!r} was answered already")
        self.is_pending = False
        buffers = self.root.callout.buffers
        buffers[BufferType.CALL_DATA] = Buffer(data, writable=False)
        self.root.vm.call(self.root, "envoy_on_resolve_dns", self.token, len(data))
        buffers.pop(BufferType.CALL_DATA, None)


class Resolver:
    """The lookups of one proxy.

    Args:
        names: What names resolve to; what is not among them has no address.
        post: Runs an action once no guest is running.
    """

    def __init__(
        self, names: Mapping[str, DnsAnswer], post: Callable[[Callable[[], None]], None]
    ) -> None:
        self._names = names
        self._post = post
        self.all: list[DnsLookup] = []

    def start(self, root: "RootContext", name: str) -> int:
        """Look a name up; the token of the answer."""
        lookup = DnsLookup(root, name, root.vm.tokens.next_dns())
        self.all.append(lookup)
        addresses = self._names.get(name, ())
        if _is_address(name):
            lookup.answer([name])
        elif not _NAME.fullmatch(name):
            lookup.fail()
        elif name in _LOCAL and name not in self._names:
            lookup.answer([_LOCAL[name]])
        elif addresses is not None:
            self._post(lambda: self._answer(lookup, addresses))
        return lookup.token

    def cancel_of(self, root: "RootContext") -> None:
        """A plugin is gone: nobody waits for its answers any more."""
        for lookup in self.all:
            if lookup.root is root:
                lookup.cancel()

    def _answer(self, lookup: DnsLookup, addresses: Sequence[str]) -> None:
        if lookup.is_pending:
            lookup.answer(addresses)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _as_envoy_shows(address: str) -> str:
    """With a port, 0, which lookups have none of."""
    return f"[{address}]:0" if ":" in address else f"{address}:0"
