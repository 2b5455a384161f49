"""Incremental xDS: the variant of the protocol in which requests and responses say what differs.

Each resource has its version, and the client says at a reconnect which it holds. Two departures
from sending every removal:

- A listener that Envoy drains still uses its routes and plugins, for minutes, and without a plugin
  it answers 500. So neither is taken from a client that asks for listeners on the same stream and
  is still subscribed to the name; it unsubscribes when it has no use for them any more.
- For the same reason such a client is not told that a plugin does not exist.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "Incremental xDS".
"""

from collections.abc import Collection

import structlog

from mixer2.xds.delta_subscription import DeltaSubscription
from mixer2.xds.messages import DeltaRequest, Response
from mixer2.xds.resource import ENDPOINTS, EXTENSION, LISTENER, ROUTES, service
from mixer2.xds.stream import Stream

_log = structlog.get_logger("mixer2.xds")

_USED_WHILE_DRAINING = (ROUTES, EXTENSION)


class DeltaStream(Stream[DeltaSubscription]):
    """The server's end of an incremental stream."""

    def receive(self, request: DeltaRequest) -> None:
        """Take a request: a change of the subscription, an ACK, a NACK, or two of these in one.

        A stale nonce says that the answer is to a response that matters no more; the change of the
        subscription counts all the same.

        Raises:
            ProtocolError: the client broke the protocol.
        """
        type_url = request.type_url
        others = self._subscriptions.values()
        self._admission.check(type_url, request.subscribe, others, request.held)
        subscription = self._subscriptions.get(type_url)
        if subscription is None:
            self._begin(request)
            return
        if subscription.pending is not None and request.nonce == subscription.nonce:
            self._answered(subscription, subscription.pending, request.error)
        elif request.nonce:
            _log.debug(
                "xds.stale",
                node=self.status.node.id,
                type=service(type_url),
                nonce=request.nonce,
            )
        if request.subscribe or request.unsubscribe:
            names, wildcard = set(subscription.names), subscription.wildcard
            existing = self._target.of_type(type_url)
            subscription.resubscribe(request.subscribe, request.unsubscribe, existing)
            self._resubscribed(subscription, names, wildcard=wildcard)

    def _begin(self, request: DeltaRequest) -> None:
        subscription = DeltaSubscription(request.type_url)
        self._subscribe(subscription)
        subscription.begin(request, self._target.of_type(request.type_url))
        self._resubscribed(subscription, set(), wildcard=False)
        status = self.status.of_type(request.type_url)
        if request.held:
            # Should it hold what it refused before, it does take it.
            status.accept(subscription.held, subscription.held.version)
        else:
            status.start_afresh()
        if request.type_url == ENDPOINTS:
            self._owe_endpoints()

    def _respond(self, subscription: DeltaSubscription) -> Response | None:
        untold = subscription.untold
        changed = self._changed(subscription)
        missing = [name for name in untold if self._is_missing(subscription, name)]
        if not changed and not missing and not subscription.asked:
            subscription.quiet()
            return None
        return self._send(subscription, self._version(subscription), changed, sorted(missing))

    def _removal(self, subscription: DeltaSubscription, names: Collection[str]) -> Response | None:
        if subscription.type_url in _USED_WHILE_DRAINING and LISTENER in self._subscriptions:
            names = [name for name in names if name not in subscription.names]
        if not names:
            return None
        return self._send(subscription, self._version(subscription), removed=names)

    def _is_missing(self, subscription: DeltaSubscription, name: str) -> bool:
        if subscription.type_url == EXTENSION and LISTENER in self._subscriptions:
            return False
        return self._target.existing(subscription.type_url, name) is None

    def _version(self, subscription: DeltaSubscription) -> str:
        snapshot = self._target.live.snapshot
        return snapshot.version_of_type(subscription.type_url) if snapshot is not None else ""
