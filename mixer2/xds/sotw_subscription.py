"""A subscription of a state-of-the-world stream: every request repeats the whole list of names.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "How the client specifies what
resources to return".
"""

from collections.abc import Mapping, Sequence

from mixer2.xds.resource import FULL_STATE, Resource
from mixer2.xds.subscription import WILDCARD, Subscription


class SotwSubscription(Subscription):
    """One type of a state-of-the-world stream.

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
