"""DNS lookups by the proxy's resolver; Envoy has them beside the specification.

    class Backend(DnsLookup):
        def on_resolved(self, addresses: list[DnsAddress]) -> Action:
            ...
            return Action.CONTINUE

    def on_request_headers(self, end_of_stream: bool) -> Action:
        return Backend(self).resolve("db.internal")

What needs no server (addresses, `localhost`, malformed names) is answered before `resolve` returns:
the continuation has run then, and `resolve` returns its verdict. Other answers come later, as those
of `pal.http_callout` do. Envoy asks for IPv6 addresses first, and for IPv4 when there are none.
There is no time limit but the resolver's.

Source: Envoy, `source/extensions/common/wasm/wasm.cc`, `resolve_dns`; `context.cc`, `onResolveDns`.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from typing import Final

from pal import dispatch, hostcalls, parts
from pal.action import Action
from pal.callout import Callout, PendingCallouts, StreamTie, read_buffer
from pal.context import HttpContext, PluginContext

_BUFFER_CALL_DATA: Final = 8
_WORD: Final = 4


class DnsAddress:
    """One address of a name.

    Attributes:
        address: An IP address, as `10.0.0.1` or `2001:db8::1`.
        ttl_s: Seconds for which it is good.
    """

    def __init__(self, address: str, ttl_s: int) -> None:
        self.address = address
        self.ttl_s = ttl_s


class DnsCallout(Callout):
    """What all lookups do; filters use one of its subclasses."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""

    def answered(self, addresses: list[DnsAddress] | None) -> None:
        """Run the continuation; None is a failure."""
        raise NotImplementedError

    def prepare(self, name: str) -> None:
        """Have `launch` look a name up.

        Raises:
            CalloutStateError: an earlier one has not been answered yet.
        """
        self.check_idle()
        self._name = name

    def launch(self, root_id: int) -> None:
        """Look the name up.

        Raises:
            HostcallError: the proxy refuses.
        """
        _early.clear()
        _pending.add(root_id, hostcalls.resolve_dns(self._name), self, f"resolve {self._name!r}")
        data = _early.take(self.token)
        if data is not None:
            _pending.take(root_id, self.token)
            self.answered(_addresses(data))


class DnsLookup(DnsCallout):
    """A lookup whose answer a stream waits for.

    Args:
        stream: Who asks.
        holds_response: Whether the stream's response waits for the answer: for lookups that are
            made in response callbacks.
    """

    def __init__(self, stream: HttpContext, holds_response: bool = False) -> None:
        super().__init__()
        self._tie = StreamTie(stream, holds_response)
        self._is_asking = False
        self._verdict = Action.PAUSE

    @property
    def stream(self) -> HttpContext:
        """Who asked.

        Raises:
            CalloutStateError: the lookup is over; it lets go of the stream then.
        """
        return self._tie.stream

    def on_resolved(self, addresses: list[DnsAddress]) -> Action:
        """The resolver answered.

        Args:
            addresses: In the resolver's order; empty when the name has none.

        Returns:
            CONTINUE to let the stream go on; what `send_local_response` returned; or PAUSE to
            leave it held.
        """
        return Action.CONTINUE

    def on_failure(self) -> Action:
        """There is no answer: no name server, or a malformed name.

        Returns:
            As `on_resolved`. By default what the plugin's error policy says: the stream passes,
            or is answered with status 503.
        """
        return self._tie.without_answer()

    def resolve(self, name: str) -> Action:
        """Look a name up.

        Args:
            name: A host name, or an address.

        Returns:
            What the callback should return: PAUSE, which holds the stream, or what the
            continuation returned when there was an answer at once.

        Raises:
            CalloutStateError: the lookup has been used before.
            HostcallError: the proxy refuses.
        """
        root_id = parts.root_id(self.stream.plugin)
        self.prepare(name)
        self._verdict = Action.PAUSE
        self._is_asking = True
        try:
            self.launch(root_id)
        finally:
            self._is_asking = False
        return self._verdict

    def answered(self, addresses: list[DnsAddress] | None) -> None:
        """Run the continuation in the stream, if there still is one."""
        tie = self._tie
        try:
            if self._is_asking:
                self._verdict = self._continuation(addresses)
            elif tie.enter():
                self._conclude(addresses)
        finally:
            tie.release()

    def _conclude(self, addresses: list[DnsAddress] | None) -> None:
        tie = self._tie
        try:
            tie.conclude(self._continuation(addresses))
        except Exception as error:
            tie.raised(error)

    def _continuation(self, addresses: list[DnsAddress] | None) -> Action:
        return self.on_failure() if addresses is None else self.on_resolved(addresses)


class PluginDnsLookup(DnsCallout):
    """A lookup that a plugin makes by itself. It can be made again once it is answered.

    Args:
        plugin: Who asks.
    """

    def __init__(self, plugin: PluginContext) -> None:
        super().__init__()
        self.plugin = plugin

    def on_resolved(self, addresses: list[DnsAddress]) -> None:
        """The resolver answered; arguments as of `DnsLookup.on_resolved`."""

    def on_failure(self) -> None:
        """There is no answer: no name server, or a malformed name."""

    def resolve(self, name: str) -> None:
        """Look a name up; at the plugin's start, at the first tick.

        Raises:
            CalloutStateError: an earlier one has not been answered yet.
            HostcallError: the proxy refuses.
        """
        self.prepare(name)
        self.launch_for(self.plugin)

    def answered(self, addresses: list[DnsAddress] | None) -> None:
        """Run the continuation."""
        if addresses is None:
            self.on_failure()
        else:
            self.on_resolved(addresses)


class _Early:
    """The answer that came before the proxy had told the token."""

    def __init__(self) -> None:
        self._token = 0
        self._data: bytes | None = None

    def clear(self) -> None:
        """There is none."""
        self._data = None

    def keep(self, token: int, data: bytes) -> None:
        """It came."""
        self._token = token
        self._data = data

    def take(self, token: int) -> bytes | None:
        """What came for a token."""
        data = self._data
        self._data = None
        return data if self._token == token else None


_early: Final = _Early()
_pending: Final = PendingCallouts()


def envoy_on_resolve_dns(root_id: int, token: int, size: int) -> None:
    """A lookup is over; `size` 0 says that it failed."""
    callout = _pending.take(root_id, token)
    try:
        data = b"" if size == 0 else read_buffer(_BUFFER_CALL_DATA, size)
        if isinstance(callout, DnsCallout):
            callout.answered(_addresses(data))
        else:
            _early.keep(token, data)
    except Exception as error:
        dispatch.report(error)


def _addresses(data: bytes) -> list[DnsAddress] | None:
    """What Envoy shows: a count, that many times to live, and as many texts that end with NUL.

    Returns:
        None for a failure, also of reading.
    """
    count = int.from_bytes(data[:_WORD], "little")
    texts = data[_WORD * (count + 1) :].split(b"\0")
    if len(data) < _WORD or len(texts) != count + 1:
        return None
    found: list[DnsAddress] = []
    for index in range(count):
        at = _WORD * (index + 1)
        ttl_s = int.from_bytes(data[at : at + _WORD], "little")
        # Sockets have ports, and those of names are 0.
        address = texts[index].decode().rpartition(":")[0].strip("[]")
        found.append(DnsAddress(address, ttl_s))
    return found
