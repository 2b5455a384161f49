"""A subscription: what one stream's client wants of one type, what it holds, what it was sent.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "How the client specifies what resources to
return", "Unsubscribing From Resources" and "ACK/NACK and resource type instance version".
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mixer2.xds.holding import Holding
from mixer2.xds.messages import DeltaRequest, Response
from mixer2.xds.resource import FULL_STATE, PUSH_ORDER, Reference, Resource

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


class SotwSubscription(Subscription):
    """State of the world: every request repeats the whole list of names.

    Args:
        type_url: The type.
        claimed: The version that the client says it holds; looked at once.
    """

    __slots__ = ("_star",)

    def __init__(self, type_url: str, claimed: str = "") -> None:
        super().__init__(type_url)
        self.urgent = not claimed
        self.claimed = claimed
        self._star = False

    @property
    def full_state(self) -> bool:
        """Whether a response lists all that exists."""
        return self.type_url in FULL_STATE

    def repeats(self, names: Sequence[str]) -> bool:
        """Tell whether a list of names is the same as before, in any order."""
        if not self._ever_named and names:
            return False
        named = set(names)
        star = WILDCARD in named
        named.discard(WILDCARD)
        return named == self.names and star == self._star

    def resubscribe(self, names: Sequence[str], existing: Mapping[str, Resource]) -> None:
        """Take the list of names of a request.

        An empty list means everything for CDS and LDS, until the stream has named something.

        Args:
            names: The list.
            existing: All resources of the type.
        """
        named, star = set(names), WILDCARD in names
        named.discard(WILDCARD)
        self._ever_named = self._ever_named or bool(names)
        before, was_wildcard = self.names, self.wildcard
        # One text for a name, however many nodes say it.
        self.names = {existing[name].name if name in existing else name for name in named}
        self._star = star
        self.wildcard = star or (self.full_state and not self._ever_named)
        if not was_wildcard and (self.wildcard or named - before):
            self.asked = self.urgent = True
        if was_wildcard and not self.wildcard:
            self._forget_unselected([one.name for one in self.held])
        self._forget_unselected(before - named)
        self.stale.update(named - before)
        if self.wildcard and not was_wildcard:
            self.stale.update(existing)


class DeltaSubscription(Subscription):
    """Incremental: a request says what to add and what to take away."""

    __slots__ = ()

    @property
    def full_state(self) -> bool:
        """Whether a response lists all that exists."""
        return False

    def begin(self, request: DeltaRequest, existing: Mapping[str, Resource]) -> None:
        """Take the first request of the type, which alone says what the client holds.

        Without any names it means everything for CDS and LDS.

        Args:
            request: The request.
            existing: All resources of the type.
        """
        self.asked = self.urgent = False
        known = request.held if self.type_url in PUSH_ORDER else {}
        for name, version in known.items():
            one = existing.get(name)
            if one is None or one.version != version:
                one = Resource.unknown(self.type_url, name, version)
            self.held.put(one)
        if self.type_url in FULL_STATE and not request.subscribe and not request.unsubscribe:
            self._subscribe_to_all(existing)
        for name in request.subscribe:
            if name == WILDCARD:
                self._subscribe_to_all(existing)
                continue
            one = existing.get(name)
            self.names.add(one.name if one is not None else name)
            if name not in self.held:
                self._ask_for(name)
        self._unsubscribe(request.unsubscribe)
        self._forget_unselected([one.name for one in self.held])
        self.stale.update(one.name for one in self.held)

    def resubscribe(
        self,
        subscribe: Iterable[str],
        unsubscribe: Iterable[str],
        existing: Mapping[str, Resource],
    ) -> None:
        """Take a further request's names.

        Args:
            subscribe: Names to add. Those that are subscribed to already go out again: the client
                may have forgotten them.
            unsubscribe: Names to take away.
            existing: All resources of the type.
        """
        for name in subscribe:
            if name == WILDCARD:
                if self.wildcard:
                    self.owe(list(self.held.by_name))
                self._subscribe_to_all(existing)
            else:
                one = existing.get(name)
                self.names.add(one.name if one is not None else name)
                self._ask_for(name)
        self._unsubscribe(unsubscribe)

    def _unsubscribe(self, names: Iterable[str]) -> None:
        for name in names:
            if name == WILDCARD:
                self.wildcard = False
                self._forget_unselected([one.name for one in self.held])
            elif name in self.names:
                self.names.discard(name)
                if self.wildcard:
                    # The client cannot know whether the wildcard has it too.
                    self._ask_for(name)
                else:
                    self._forget_unselected([name])

    def _ask_for(self, name: str) -> None:
        self.stale.add(name)
        self.untold.add(name)
        self.owe([name])
        self.urgent = True

    def _subscribe_to_all(self, existing: Mapping[str, Resource]) -> None:
        self.wildcard = True
        self.stale.update(existing)
        if not self.held:
            self.asked = self.urgent = True
