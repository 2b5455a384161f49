"""A subscription of an incremental stream: a request says what to add and what to take away.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "Subscribing to Resources" and
"Unsubscribing from Resources".
"""

from collections.abc import Iterable, Mapping

from mixer2.xds.messages import DeltaRequest
from mixer2.xds.resource import FULL_STATE, PUSH_ORDER, Resource
from mixer2.xds.subscription import WILDCARD, Subscription


class DeltaSubscription(Subscription):
    """One type of an incremental stream."""

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
