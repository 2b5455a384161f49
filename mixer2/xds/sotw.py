"""State of the world: the variant of the protocol in which a request lists all names.

Responses of CDS and LDS list all that exists, and so remove what they do not list. For the other
types nothing can be said to be removed: a client lets go of them with what refers to them.
"""

from collections.abc import Collection

import structlog

from mixer2.xds.messages import Request, Response
from mixer2.xds.resource import ENDPOINTS, Resource, service, version_of
from mixer2.xds.sotw_subscription import SotwSubscription
from mixer2.xds.stream import Stream

_log = structlog.get_logger("mixer2.xds")


class SotwStream(Stream[SotwSubscription]):
    """The server's end of a state-of-the-world stream."""

    def receive(self, request: Request) -> None:
        """Take a request: a subscription, an ACK, a NACK, or two of these in one.

        A request with a stale nonce is ignored: the client has a newer response to answer and
        will say all of it again then.

        Raises:
            ProtocolError: the client broke the protocol.
        """
        subscription = self._subscriptions.get(request.type_url)
        first = subscription is None
        if subscription is None:
            subscription = SotwSubscription(request.type_url, request.version)
            self._subscribe(subscription)
            if not request.version:
                self.status.of_type(request.type_url).start_afresh()
        elif subscription.nonce and request.nonce != subscription.nonce:
            _log.debug(
                "xds.stale",
                node=self.status.node.id,
                type=service(request.type_url),
                nonce=request.nonce,
            )
            return
        elif subscription.pending is not None:
            self._answered(subscription, subscription.pending, request.error)
        if first or not subscription.repeats(request.names):
            others = [one for one in self._subscriptions.values() if one is not subscription]
            self._admission.check(request.type_url, request.names, others)
            names, wildcard = subscription.names, subscription.wildcard
            subscription.resubscribe(request.names, self._target.of_type(request.type_url))
            self._resubscribed(subscription, names, wildcard=wildcard)

    def _resume(self, subscription: SotwSubscription) -> None:
        wanted = self._target.acceptable_all(subscription)
        status = self.status.of_type(subscription.type_url)
        claimed, subscription.claimed = subscription.claimed, ""
        if claimed == version_of(wanted) and not status.uncertain:
            subscription.resumed(wanted)
            status.accept(wanted, claimed)
            if subscription.type_url == ENDPOINTS:
                self._owe_endpoints()
            _log.debug(
                "xds.resume",
                node=self.status.node.id,
                type=service(subscription.type_url),
                version=claimed,
            )

    def _respond(self, subscription: SotwSubscription) -> Response | None:
        changed = self._changed(subscription)
        held = subscription.held
        if not changed and not (subscription.full_state and subscription.asked):
            subscription.quiet()
            return None
        version = held.version_after(changed)
        if subscription.full_state:
            after = {**held.by_name, **{one.name: one for one in changed}}
            changed = [after[name] for name in sorted(after)]
        return self._send(subscription, version, changed)

    def _beat(self, subscription: SotwSubscription, alive: Collection[Resource]) -> Response:
        """Renew the time to live of what is held.

        By sending it again: a response of nothing but heartbeats is for Envoy 1.40 one without any
        resource, whereupon it deleted all listeners, and the plugin of another.
        """
        again = list(subscription.held) if subscription.full_state else list(alive)
        again.sort(key=lambda one: one.name)
        return self._send(subscription, subscription.held.version, again)

    def _removal(self, subscription: SotwSubscription, names: Collection[str]) -> Response | None:
        if not subscription.full_state:
            return None
        rest = [one for one in subscription.held if one.name not in names]
        rest.sort(key=lambda one: one.name)
        version = subscription.held.version_after(without=names)
        return self._send(subscription, version, rest, names)
