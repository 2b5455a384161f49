"""One ADS stream, state of the world, sans-I/O: requests and snapshots in, responses out.

    receive(request)   the client said something
    offer(snapshot)    the cache has something (else)
    next_responses()   what to send now; ask after either of them, and at `wake_at`

What is sent, and when:

1. Nothing changed means nothing sent; also across a reconnect, where the client's version tells.
2. Answers to what the client asks for go out at once. Changes go in PUSH_ORDER, and a type waits
   until the types before it are accepted, a new cluster's endpoints included. Nothing goes out
   before the clusters that it refers to are accepted.
3. Endpoints wait for nothing, and those of a changed cluster go out again although they are the
   same: the cluster is not accepted before.
4. Nothing is removed while something that the client holds refers to it; removals come last.
5. What a node refused is not sent to it again while it is the same; its last good version takes
   the place, and what refers to a cluster that the node thus lacks is held back as well.

Source: envoyproxy.io, "xDS REST and gRPC protocol"; docs/decisions/0008.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping

import structlog

from mixer2.xds.errors import ProtocolError
from mixer2.xds.messages import Request, Response
from mixer2.xds.nodes import NodeStatus
from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    FULL_STATE,
    PUSH_ORDER,
    Reference,
    Resource,
    service,
    version_of,
)
from mixer2.xds.snapshot import Snapshot
from mixer2.xds.subscription import Subscription
from mixer2.xds.target import Target

_log = structlog.get_logger("mixer2.xds")

_MOST_TYPES = 64
_MOST_REASON = 4096  # characters of a NACK's reason that are kept
_PATIENCE = 1.0  # seconds until a client that accepted a cluster must have asked for its endpoints
_REMOVAL_ORDER = tuple(one for one in reversed(PUSH_ORDER) if one in FULL_STATE)


class SotwStream:
    """The server's end of one client's stream.

    Args:
        status: The node at the other end; the stream writes down there what happens.
        clock: Seconds, from any start; `wake_at` is in its terms.
    """

    def __init__(self, status: NodeStatus, clock: Callable[[], float] = time.monotonic) -> None:
        self._status = status
        self._clock = clock
        self._log = _log.bind(node=status.node.id)
        self._target: Target | None = None
        self._subscriptions: dict[str, Subscription] = {}
        self._nonce = 0
        self._clusters_accepted = 0.0
        self.wake_at: float | None = None
        """When `next_responses` may have more although nothing happened; None for never."""

    def receive(self, request: Request) -> None:
        """Take a request: a subscription, an ACK, a NACK, or two of these in one.

        A request with a stale nonce is ignored: the client has a newer response to answer and
        will say all of it again then.

        Raises:
            ProtocolError: the client broke the protocol.
        """
        subscription = self._subscriptions.get(request.type_url)
        if subscription is None:
            subscription = self._subscribe(request)
        elif subscription.nonce and request.nonce != subscription.nonce:
            self._log.debug("xds.stale", type=service(request.type_url), nonce=request.nonce)
            return
        else:
            if subscription.pending is not None:
                self._answered(subscription, subscription.pending, request.error)
            subscription.resubscribe(request.names)
        status = self._status.of_type(request.type_url)
        status.names, status.wildcard = subscription.names, subscription.wildcard

    def offer(self, snapshot: Snapshot) -> None:
        """Let the client have `snapshot` from now on."""
        before = self._target
        self._target = Target(snapshot, before, self._status, self._subscriptions)
        for type_url, status in self._status.types.items():
            if before is None or not before.snapshot.same(snapshot, type_url):
                status.keep_only(snapshot.of_type(type_url))
                self._look_at(type_url)

    def next_responses(self) -> list[Response]:
        """Return what is to be sent now, in this order; they count as sent."""
        self.wake_at = None
        target = self._target
        if target is None:
            return []
        responses: list[Response] = []
        waiting = False
        for subscription in self._in_push_order():
            if subscription.claimed:
                self._resume(subscription, target)
            if subscription.pending is not None:
                waiting = True
            elif not waiting or subscription.urgent or subscription.type_url == ENDPOINTS:
                response = self._respond(subscription, target) if subscription.dirty else None
                if response is not None:
                    responses.append(response)
                    waiting = True
                elif self._waits_for_endpoints(subscription):
                    waiting = True
        if not waiting:
            removal = self._remove(target)
            if removal is not None:
                return [removal]
            target.settled()
            self._status.settled_version = target.snapshot.version
        return responses

    def _look_at(self, type_url: str) -> None:
        """Something changed with a type; with clusters, also for what refers to them."""
        for subscription in self._subscriptions.values():
            if type_url in (CLUSTER, subscription.type_url):
                subscription.dirty = True

    def _subscribe(self, request: Request) -> Subscription:
        type_url = request.type_url
        if not type_url:
            raise ProtocolError("a request names no type_url")
        if len(self._subscriptions) == _MOST_TYPES:
            raise ProtocolError(f"more than {_MOST_TYPES} types on one stream, last {type_url!r}")
        if type_url not in PUSH_ORDER:
            self._log.warning("xds.unknown_type", type=type_url)
        subscription = Subscription(type_url, request.names, request.version)
        self._subscriptions[type_url] = subscription
        if not request.version:
            self._status.of_type(type_url).start_afresh()
        return subscription

    def _answered(self, subscription: Subscription, response: Response, error: str | None) -> None:
        type_url = subscription.type_url
        status = self._status.of_type(type_url)
        log = self._log.bind(type=service(type_url), version=response.version)
        if type_url == CLUSTER:
            self._look_at(CLUSTER)
        if error is None:
            subscription.accepted()
            status.accept(response.resources, response.version)
            log.info("xds.ack")
            if type_url == CLUSTER:
                self._clusters_accepted = self._clock()
        else:
            reason = error[:_MOST_REASON]
            blamed = subscription.rejected(reason)
            status.reject(blamed, reason)
            status.uncertain = subscription.asked or subscription.singly
            names = [one.name for one in blamed or response.resources]
            log.warning("xds.nack", resources=names, reason=reason)

    def _owe_endpoints(self) -> None:
        """A cluster that changes warms until its endpoints come again, changed or not.

        Envoy accepts the clusters only then; so endpoints, alone, do not wait for their answer.
        """
        clusters = self._subscriptions.get(CLUSTER)
        endpoints = self._subscriptions.get(ENDPOINTS)
        if clusters is not None and clusters.pending is not None and endpoints is not None:
            coming = clusters.pending.resources
            changed = [one for one in coming if clusters.held.get(one.name) != one]
            endpoints.owe(to.name for one in changed for to in one.references)

    def _in_push_order(self) -> Iterator[Subscription]:
        for type_url in PUSH_ORDER:
            if type_url in self._subscriptions:
                yield self._subscriptions[type_url]
        for type_url, subscription in self._subscriptions.items():
            if type_url not in PUSH_ORDER:
                yield subscription

    def _resume(self, subscription: Subscription, target: Target) -> None:
        """Find out whether a client that connected anew holds already what it should."""
        wanted = target.acceptable(subscription)
        status = self._status.of_type(subscription.type_url)
        claimed, subscription.claimed = subscription.claimed, ""
        if claimed == version_of(wanted.values()) and not status.uncertain:
            subscription.resumed(wanted)
            status.accept(wanted.values(), claimed)
            if subscription.type_url == ENDPOINTS:
                self._owe_endpoints()
            self._log.info("xds.resume", type=service(subscription.type_url), version=claimed)

    def _respond(self, subscription: Subscription, target: Target) -> Response | None:
        """Send what was asked for or has changed; nothing is removed by that."""
        subscription.dirty = False
        held, wanted = subscription.held, target.wanted(subscription)
        if subscription.full_state:
            after = target.gone(subscription) | wanted
            if after == held and not subscription.asked:
                return None
            return self._send(subscription, after, after.values())
        changed = [
            one
            for name, one in wanted.items()
            if held.get(name) != one or name in subscription.again
        ]
        if not changed:
            # What does not exist yet is a change like any other once it does.
            subscription.asked = subscription.urgent = subscription.singly = False
            return None
        if subscription.singly:
            del changed[1:]
        return self._send(subscription, held | {one.name: one for one in changed}, changed)

    def _remove(self, target: Target) -> Response | None:
        """Take away what the snapshot no longer has and nothing at the client refers to."""
        for type_url in _REMOVAL_ORDER:
            subscription = self._subscriptions.get(type_url)
            gone = target.gone(subscription) if subscription else {}
            removable = {
                name for name in gone if not self._is_referred_to(Reference(type_url, name))
            }
            if subscription and removable:
                held = subscription.held
                after = {name: one for name, one in held.items() if name not in removable}
                return self._send(subscription, after, after.values())
        return None

    def _send(
        self,
        subscription: Subscription,
        after: Mapping[str, Resource],
        resources: Iterable[Resource],
    ) -> Response:
        self._nonce += 1
        response = Response(
            type_url=subscription.type_url,
            version=version_of(after.values()),
            nonce=str(self._nonce),
            resources=tuple(resources),
        )
        subscription.sent(response)
        if response.type_url == CLUSTER:
            self._owe_endpoints()
        self._status.of_type(subscription.type_url).sent_version = response.version
        self._log.info(
            "xds.push",
            type=service(response.type_url),
            version=response.version,
            resources=len(response.resources),
        )
        return response

    def _is_referred_to(self, reference: Reference) -> bool:
        return any(reference in one.references() for one in self._subscriptions.values())

    def _waits_for_endpoints(self, clusters: Subscription) -> bool:
        """Whether the client has yet to ask for the endpoints of a cluster it just accepted."""
        until = self._clusters_accepted + _PATIENCE
        if clusters.type_url != CLUSTER or self._clock() >= until:
            return False
        endpoints = self._subscriptions.get(ENDPOINTS)
        asked_for = endpoints.names if endpoints is not None else frozenset()
        for cluster in clusters.held.values():
            for to in cluster.references:
                if to.type_url == ENDPOINTS and to.name not in asked_for:
                    self.wake_at = until
                    return True
        return False
