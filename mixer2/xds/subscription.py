"""A subscription: what one stream's client wants of one type, what it holds, what it was sent.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "How the client specifies what resources to
return", "Unsubscribing From Resources" and "ACK/NACK and resource type instance version".
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mixer2.xds.holding import Holding
from mixer2.xds.messages import Response
from mixer2.xds.resource import FULL_STATE, Reference, Resource

WILDCARD = "*"


class Subscription(ABC):
    """One type's part of a stream.

    Attributes:
        names: Names subscribed to, whether or not they exist.
        wildcard: Everything is subscribed to.
        nonce: Of the last response; empty before the first.
        pending: The response that is not answered yet. There is one at most: what changes
            meanwhile goes into the next, so a slow client costs no memory and gets no stale state.
        held: What the client accepted of what it is subscribed to.
        asked: A request asked for something that no response has answered yet.
        urgent: The same, and the client has nothing of it: it is answered at once, out of order.
        claimed: State of the world: the version that a client which connected anew says it holds.
        singly: A response with several changes was rejected without saying which was the reason, so
            they go out one by one until all are through.
        stale: Names to look at: what the client should hold of them may be something else now.
        again: Names to send once more although they did not change.
        untold: Delta: names asked for of which the client was not told yet that they do not exist.
        deferred: Names that wait for a cluster.
        gone: Names held that do not exist any more.
        stubborn: Names whose removal the client rejected.
    """

    __slots__ = (
        "_ever_named",
        "again",
        "asked",
        "claimed",
        "deferred",
        "gone",
        "held",
        "names",
        "nonce",
        "pending",
        "singly",
        "stale",
        "stubborn",
        "type_url",
        "untold",
        "urgent",
        "wildcard",
    )

    def __init__(self, type_url: str) -> None:
        self.type_url = type_url
        self.names: set[str] = set()
        self.wildcard = False
        self.nonce = ""
        self.pending: Response | None = None
        self.held = Holding()
        self.asked = self.urgent = True
        self.claimed = ""
        self.singly = False
        self.stale: set[str] = set()
        self.again: set[str] = set()
        self.untold: set[str] = set()
        self.deferred: set[str] = set()
        self.gone: set[str] = set()
        self.stubborn: set[str] = set()
        self._ever_named = False

    @property
    @abstractmethod
    def full_state(self) -> bool:
        """Whether a response lists all that exists."""

    @property
    def active(self) -> bool:
        """Whether there is something to look at or to answer."""
        return bool(self.stale or self.again or self.untold or self.asked)

    def selects(self, name: str) -> bool:
        """Tell whether a name is subscribed to."""
        return self.wildcard or name in self.names

    def select(self, existing: Mapping[str, Resource]) -> Iterable[str]:
        """Return those names of `existing` that are subscribed to."""
        return existing if self.wildcard else self.names & existing.keys()

    def owe(self, names: Iterable[str]) -> None:
        """Let those of `names` go out again that the client has, or will have in a moment."""
        under_way = {one.name for one in self.pending.resources} if self.pending else set()
        self.again.update(name for name in names if name in self.held or name in under_way)

    def resumed(self, held: Iterable[Resource]) -> None:
        """Note that the client, connected anew, holds exactly `held`: it needs no answer."""
        self.held = Holding(held)
        self.asked = self.urgent = False
        self.stale.clear()

    def sent(self, response: Response) -> None:
        """Note that a response went out."""
        self.pending = response
        self.nonce = response.nonce
        self.asked = self.urgent = False
        self.again.difference_update(one.name for one in response.resources)
        self.untold.clear()

    def quiet(self) -> None:
        """Note that there is nothing to say: what does not exist yet is a change once it does."""
        self.asked = self.urgent = self.singly = False
        self.again.clear()
        self.untold.clear()

    def accepted(self) -> None:
        """Note that the client accepted the pending response."""
        response, self.pending = self.pending, None
        if response is None:
            return
        if self.full_state:
            self.held = Holding(one for one in response.resources if self.selects(one.name))
        else:
            for one in response.resources:
                if self.selects(one.name):
                    self.held.put(one)
        for name in response.removed:
            self.held.drop(name)
            self.gone.discard(name)

    def rejected(self, reason: str) -> Sequence[Resource]:
        """Note that the client rejected the pending response.

        Returns:
            The resources that are to blame; none when that is still to be found out.
        """
        response, self.pending = self.pending, None
        if response is None:
            return ()
        self.stubborn.update(name for name in response.removed if name in self.gone)
        self.stale.update(one.name for one in response.resources)
        if not response.resources or (response.removed and self.full_state):
            return ()
        new = [one for one in response.resources if self.held.get(one.name) != one]
        suspects = new or list(response.resources)
        if self.type_url in FULL_STATE:
            # Envoy takes the good ones and names the bad ones: "Error adding/updating cluster(s)
            # one: why, two: why".
            named = [one for one in suspects if f" {one.name}: " in reason]
            if named or self.full_state:
                blamed = named or suspects
                if self.full_state and self._took_some(response, blamed):
                    self.asked = True
                return blamed
        self.singly = len(suspects) > 1
        return () if self.singly else suspects

    def references(self) -> Iterator[Reference]:
        """Yield all that is referred to by what the client holds or was sent."""
        for one in self.held:
            yield from one.references
        if self.pending is not None:
            for one in self.pending.resources:
                yield from one.references

    def _forget_unselected(self, names: Iterable[str]) -> None:
        """The client drops what it unsubscribes from, and must get it anew should it come back."""
        for name in [name for name in names if not self.selects(name)]:
            self.held.drop(name)
            for some in (self.stale, self.again, self.untold, self.deferred, self.gone):
                some.discard(name)

    def _took_some(self, response: Response, blamed: Sequence[Resource]) -> bool:
        """Whether a client that took all but `blamed` now holds something else than before."""
        bad = {one.name for one in blamed}
        took = {one.name: one for one in response.resources if one.name not in bad}
        kept = {one.name: one for one in self.held if one.name in bad}
        return took | kept != self.held.by_name
