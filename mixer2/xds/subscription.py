"""A subscription: what one stream's client wants of one type, what it holds, what it was sent.

State of the world: every request repeats the whole list of names.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "How the client specifies what resources to
return" and "ACK/NACK and resource type instance version".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mixer2.xds.messages import Response
from mixer2.xds.resource import FULL_STATE, Reference, Resource

WILDCARD = "*"


class Subscription:
    """One type's part of a state-of-the-world stream.

    Attributes:
        names: Names subscribed to, whether or not they exist.
        wildcard: Everything is subscribed to.
        nonce: Of the last response; empty before the first.
        pending: The response that is not answered yet. There is one at most: what changes
            meanwhile goes into the next, so a slow client costs no memory and gets no stale state.
        held: What the client accepted of what it is subscribed to, by name.
        asked: A request asked for something that no response has answered yet.
        urgent: The same, and the client has nothing of it: it is answered at once, out of order.
        claimed: The version that a client which connected anew says it holds; looked at once.
        singly: A response with several changes was rejected without saying which was the reason, so
            they go out one by one until all are through.
        dirty: Something happened since it was looked at what to send.
        again: Names to send once more although they did not change.
    """

    __slots__ = (
        "_ever_named",
        "_requested",
        "_sorted",
        "again",
        "asked",
        "claimed",
        "dirty",
        "held",
        "names",
        "nonce",
        "pending",
        "singly",
        "type_url",
        "urgent",
        "wildcard",
    )

    def __init__(self, type_url: str, names: Sequence[str], claimed: str = "") -> None:
        self.type_url = type_url
        self.names: frozenset[str] = frozenset()
        self.wildcard = False
        self.nonce = ""
        self.pending: Response | None = None
        self.held: dict[str, Resource] = {}
        self.singly = False
        self.again: set[str] = set()
        self._ever_named = False
        self._requested: Sequence[str] | None = None
        self.dirty = True
        self.resubscribe(names)
        self.asked = True
        self.urgent = not claimed
        self.claimed = claimed

    @property
    def full_state(self) -> bool:
        """Whether a response lists all that exists."""
        return self.type_url in FULL_STATE

    def resubscribe(self, names: Sequence[str]) -> None:
        """Take the list of names of a further request.

        An empty list means everything for CDS and LDS, until the stream has named something.
        """
        if names == self._requested:
            return
        self._requested = names
        self.dirty = True
        named = frozenset(names)
        self._ever_named = self._ever_named or bool(named)
        wildcard = WILDCARD in named or (self.full_state and not self._ever_named)
        named -= {WILDCARD}
        if not self.wildcard and (wildcard or named - self.names):
            self.asked = self.urgent = True
        self.names, self.wildcard = named, wildcard
        self._sorted = sorted(named)  # so that responses are the same every time
        # The client drops what it unsubscribes from, and must get it anew should it come back.
        self.held = self.select(self.held)
        self.again &= self.held.keys() | self._under_way()

    def select(self, resources: Mapping[str, Resource]) -> dict[str, Resource]:
        """Return those of `resources` that are subscribed to."""
        if self.wildcard:
            return dict(resources)
        return {name: resources[name] for name in self._sorted if name in resources}

    def owe(self, names: Iterable[str]) -> None:
        """Let those of `names` go out again that the client has, or will have in a moment."""
        self.again |= (self.held.keys() | self._under_way()) & set(names)
        self.dirty = True

    def _under_way(self) -> set[str]:
        return {one.name for one in self.pending.resources} if self.pending else set()

    def resumed(self, held: dict[str, Resource]) -> None:
        """Note that the client, connected anew, holds exactly `held`: it needs no answer."""
        self.held, self.claimed = held, ""
        self.asked = self.urgent = False

    def sent(self, response: Response) -> None:
        """Note that a response went out."""
        self.pending = response
        self.nonce = response.nonce
        self.asked = self.urgent = False
        self.again.difference_update(one.name for one in response.resources)

    def accepted(self) -> None:
        """Note that the client accepted the pending response."""
        response, self.pending = self.pending, None
        if response is not None:
            coming = {one.name: one for one in response.resources}
            self.held = self.select(coming if self.full_state else self.held | coming)
            self.dirty = self.dirty or self.singly

    def rejected(self, reason: str) -> Sequence[Resource]:
        """Note that the client rejected the pending response.

        Returns:
            The resources that are to blame; none when that is still to be found out.
        """
        response, self.pending = self.pending, None
        if response is None:
            return ()
        self.dirty = True
        new = [one for one in response.resources if self.held.get(one.name) != one]
        suspects = new or list(response.resources)
        if self.full_state:
            # Envoy takes the good ones and names the bad ones: "Error adding/updating cluster(s)
            # one: why, two: why".
            blamed = [one for one in suspects if f" {one.name}: " in reason] or suspects
            self.asked = self.asked or self._took_some(response, blamed)
            return blamed
        self.singly = len(suspects) > 1
        return () if self.singly else suspects

    def _took_some(self, response: Response, blamed: Sequence[Resource]) -> bool:
        """Whether a client that took all but `blamed` now holds something else than before."""
        bad = {one.name for one in blamed}
        took = {one.name: one for one in response.resources if one.name not in bad}
        kept = {name: one for name, one in self.held.items() if name in bad}
        return took | kept != self.held

    def references(self) -> Iterator[Reference]:
        """Yield all that is referred to by what the client holds or was sent."""
        for one in self.held.values():
            yield from one.references
        if self.pending is not None:
            for one in self.pending.resources:
                yield from one.references
