"""One xDS stream, sans-I/O: requests and snapshots in, responses out.

    receive(request)   the client said something
    follow(live)       what the client shall have, from now on
    next_responses()   what to send now; ask after either of them, when woken, and at `wake_at`

What is sent, and when:

1. Nothing changed means nothing sent; also across a reconnect, where the client says what it has.
2. Answers to what the client asks for go out at once. Changes go in PUSH_ORDER, and a type waits
   until the types before it are accepted, a new cluster's endpoints included. Nothing goes out
   before the clusters that it refers to are accepted.
3. Endpoints wait for nothing, and those of a changed cluster go out again although they are the
   same: the cluster is not accepted before.
4. Nothing is removed while something that the client holds refers to it; removals come last.
5. What a node refused is not sent to it again while it is the same; its last good version takes
   the place, and what refers to a cluster that the node thus lacks is held back as well.
6. A change costs by what it changes, not by what there is: only names marked `stale` are looked at.

`sotw.py` and `delta.py` are the two variants of the protocol.

Source: envoyproxy.io, "xDS REST and gRPC protocol"; docs/decisions/0008 and 0012.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from typing import Generic, TypeVar

import structlog

from mixer2.xds.admission import Admission
from mixer2.xds.errors import ProtocolError
from mixer2.xds.heartbeats import Heartbeats
from mixer2.xds.live import LiveSnapshot
from mixer2.xds.messages import Response
from mixer2.xds.metrics import StreamMetrics
from mixer2.xds.nodes import NodeStatus
from mixer2.xds.removals import removable
from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    EXTENSION,
    PUSH_ORDER,
    Resource,
    service,
)
from mixer2.xds.snapshot import Change
from mixer2.xds.subscription import Subscription
from mixer2.xds.target import MaySee, Target
from mixer2.xds.type_status import TypeStatus

_log = structlog.get_logger("mixer2.xds")

_MOST_TYPES = 64
_MOST_REASON = 4096  # characters of a NACK's reason that are kept
_PATIENCE = 1.0  # seconds until a client that accepted a cluster must have asked for its endpoints
_ORDERED = frozenset(PUSH_ORDER)

S = TypeVar("S", bound=Subscription)


class Stream(ABC, Generic[S]):
    """The server's end of one client's stream.

    Args:
        status: The node at the other end; the stream writes down there what happens.
        clock: Seconds, from any start; `wake_at` is in its terms.
        wake: Called when there may be something to send.
        may_see: What the node may see; everything when None.
        metrics: Counts what happens.
    """

    def __init__(
        self,
        status: NodeStatus,
        clock: Callable[[], float] = time.monotonic,
        wake: Callable[[], None] = lambda: None,
        may_see: MaySee | None = None,
        metrics: StreamMetrics | None = None,
    ) -> None:
        self.status = status
        self._clock = clock
        self._wake = wake
        self._subscriptions: dict[str, S] = {}
        self._admission = Admission(status.node.id, may_see)
        self._metrics = metrics
        self._changed_at: float | None = None
        self._target = Target(LiveSnapshot(), status, self._subscriptions, may_see)
        self._heartbeats = Heartbeats()
        self._nonce = 0
        self._clusters_accepted = 0.0
        self._settled: str | None = ""  # None while it is the live snapshot's version
        self.looked_at = 0
        """How many names were looked at so far: what the stream's work grows with."""
        self.wake_at: float | None = None
        """When `next_responses` may have more although nothing happened; None for never."""
        status.opened(self)

    @property
    def settled_version(self) -> str:
        """Of the last snapshot of which the client got and answered all that it asked for."""
        return self._target.live.version if self._settled is None else self._settled

    def close(self) -> None:
        """The stream has ended."""
        self._leave()
        self.status.closed(self)

    # What the client shall have

    def follow(self, live: LiveSnapshot) -> None:
        """Let the client have what `live` has, from now on."""
        before = self._target.live
        self._unsettle(self.settled_version)
        if self._changed_at is None and before.snapshot is not None:
            self._changed_at = self._clock()
        self._leave()
        self._target.live = live
        live.join(self)
        for type_url, subscription in self._subscriptions.items():
            live.subscribe(self, type_url, subscription.names)
            if subscription.wildcard:
                live.subscribe_to_all(self, type_url)
        if live.snapshot is not None:
            self._take(live.snapshot.change_from(before.snapshot))
            for type_url, status in self.status.types.items():
                status.keep_only(live.snapshot.of_type(type_url))
            self._wake()

    def changed(self, change: Change) -> None:
        """Take note of a change of the live snapshot that concerns the client."""
        self._unsettle(change.before)
        if self._changed_at is None:
            self._changed_at = self._clock()
        self._take(change)
        self._wake()

    def _take(self, change: Change) -> None:
        self._target.keep_endpoints(change)
        snapshot = self._target.live.snapshot
        for type_url, was in change.was.items():
            if snapshot is not None and type_url in self.status.types:
                self.status.of_type(type_url).keep_only(snapshot.of_type(type_url), was)
            subscription = self._subscriptions.get(type_url)
            if subscription is not None:
                selected = subscription.names & was.keys() if not subscription.wildcard else was
                subscription.stale.update(selected)
                subscription.stubborn.difference_update(was)
        if CLUSTER in change.was:
            self._look_at_deferred()

    def _leave(self) -> None:
        live = self._target.live
        for type_url, subscription in self._subscriptions.items():
            live.unsubscribe(self, type_url, subscription.names)
            live.unsubscribe_from_all(self, type_url)
        live.leave(self)

    def _unsettle(self, version: str) -> None:
        if self._settled is None:
            self._settled = version

    # What the client says

    def _subscribe(self, subscription: S) -> None:
        """Add the subscription of a type that the client asks for the first time."""
        type_url = subscription.type_url
        if not type_url:
            raise ProtocolError("a request names no type_url")
        if len(self._subscriptions) == _MOST_TYPES:
            raise ProtocolError(f"more than {_MOST_TYPES} types on one stream, last {type_url!r}")
        if type_url not in PUSH_ORDER:
            _log.warning("xds.unknown_type", node=self.status.node.id, type=type_url)
        self._subscriptions[type_url] = subscription
        self.status.of_type(type_url).subscribed(subscription)

    def _resubscribed(self, subscription: S, names: set[str], *, wildcard: bool) -> None:
        """Care for what is subscribed to now; before it was `names` and perhaps everything."""
        live, type_url = self._target.live, subscription.type_url
        if subscription.names != names:
            live.subscribe(self, type_url, subscription.names - names)
            live.unsubscribe(self, type_url, names - subscription.names)
        if subscription.wildcard and not wildcard:
            live.subscribe_to_all(self, type_url)
        elif wildcard and not subscription.wildcard:
            live.unsubscribe_from_all(self, type_url)
        if subscription.active:
            self._unsettle(live.version)

    def _answered(self, subscription: S, response: Response, error: str | None) -> None:
        type_url = subscription.type_url
        status = self.status.of_type(type_url)
        self._unsettle(self._target.live.version)
        if self._metrics is not None:
            self._metrics.answered(type_url, accepted=error is None)
        if error is None:
            subscription.accepted()
            status.accept(response.resources, response.version)
            if self.status.node.expires:
                self._heartbeats.restart(response, self._clock())
            _log.debug(
                "xds.ack",
                node=self.status.node.id,
                type=service(type_url),
                version=response.version,
            )
            if type_url == CLUSTER:
                self._clusters_accepted = self._clock()
        else:
            self._rejected(subscription, status, response, error[:_MOST_REASON])
        if type_url == CLUSTER:
            self._look_at_deferred()

    def _rejected(
        self, subscription: S, status: TypeStatus, response: Response, reason: str
    ) -> None:
        blamed = subscription.rejected(reason)
        status.reject(blamed, reason)
        snapshot = self._target.live.snapshot
        if snapshot is not None:
            names = [one.name for one in blamed]
            status.keep_only(snapshot.of_type(status.type_url), names)
        status.uncertain = subscription.asked or subscription.singly
        named = [one.name for one in blamed or response.resources] or list(response.removed)
        _log.warning(
            "xds.nack",
            node=self.status.node.id,
            type=service(status.type_url),
            version=response.version,
            resources=named,
            reason=reason,
        )

    # What to send

    def next_responses(self) -> list[Response]:
        """Return what is to be sent now, in this order; they count as sent."""
        self.wake_at = None
        if self._target.live.snapshot is None:
            return []
        responses: list[Response] = []
        waiting = False
        for subscription in self._in_push_order():
            if subscription.claimed:
                self._resume(subscription)
            if subscription.pending is not None:
                waiting = True
            elif not waiting or subscription.urgent or subscription.type_url == ENDPOINTS:
                response = self._respond(subscription) if subscription.active else None
                if response is None:
                    response = self._heartbeat(subscription)
                if response is not None:
                    responses.append(response)
                    waiting = True
                elif self._waits_for_endpoints(subscription):
                    waiting = True
        if not waiting:
            removal = self._remove()
            if removal is not None:
                return [removal]
            if self._settle():
                return self.next_responses()
        self._wake_for_heartbeats()
        return responses

    @abstractmethod
    def _respond(self, subscription: S) -> Response | None:
        """Send what was asked for or has changed; nothing is removed by that."""

    @abstractmethod
    def _removal(self, subscription: S, names: Collection[str]) -> Response | None:
        """Take some names away from the client; None when this is not said for the type."""

    def _beat(self, subscription: S, alive: Collection[Resource]) -> Response:
        """Renew the time to live of what is held."""
        return self._send(subscription, subscription.held.version, heartbeats=alive)

    def _resume(self, subscription: S) -> None:
        """Find out whether a client that connected anew holds already what it should."""

    def _changed(self, subscription: S) -> list[Resource]:
        """Look at what is stale; returns what is to be sent, by name."""
        held = subscription.held
        names = sorted(subscription.stale | subscription.again)
        subscription.stale.clear()
        self.looked_at += len(names)
        changed: list[Resource] = []
        for name in names:
            wanted = self._target.wanted(subscription, name)
            if wanted is None:
                if name in held and self._target.existing(subscription.type_url, name) is None:
                    subscription.gone.add(name)
                continue
            subscription.gone.discard(name)
            if wanted.known and wanted == held.get(name):
                held.put(wanted)  # of which perhaps only the version was known
            if held.get(name) != wanted or (name in subscription.again and wanted.known):
                changed.append(wanted)
        # A plugin that Envoy 1.40 refused it accepts unread when the same bytes come again, so it
        # must be clear at once which one a NACK is about.
        one_by_one = subscription.singly or subscription.type_url == EXTENSION
        if one_by_one and len(changed) > 1:
            subscription.stale.update(one.name for one in changed[1:])
            del changed[1:]
        return changed

    def _send(
        self,
        subscription: S,
        version: str,
        resources: Collection[Resource] = (),
        removed: Collection[str] = (),
        heartbeats: Collection[Resource] = (),
    ) -> Response:
        self._nonce += 1
        response = Response(
            type_url=subscription.type_url,
            version=version,
            nonce=str(self._nonce),
            resources=tuple(resources),
            removed=tuple(removed),
            heartbeats=tuple(heartbeats),
        )
        subscription.sent(response)
        if self._metrics is not None:
            self._metrics.sent(response)
        if response.type_url == CLUSTER:
            self._owe_endpoints()
        self.status.of_type(subscription.type_url).sent_version = response.version
        _log.debug(
            "xds.push",
            node=self.status.node.id,
            type=service(response.type_url),
            version=response.version,
            resources=len(response.resources),
            removed=len(response.removed),
        )
        return response

    def _heartbeat(self, subscription: S) -> Response | None:
        due = self._heartbeats.due(subscription.type_url, self._clock())
        alive = [one for one in due if subscription.held.get(one.name) == one]
        if not alive:
            return None
        return self._beat(subscription, alive)

    def _wake_for_heartbeats(self) -> None:
        at = self._heartbeats.next_at
        if at is not None and (self.wake_at is None or at < self.wake_at):
            self.wake_at = at

    def _settle(self) -> bool:
        """Note that there is nothing more to do; unless that lets endpoints go at last."""
        endpoints = self._subscriptions.get(ENDPOINTS)
        names = self._target.settled()
        self._settled = None
        if self._changed_at is not None:
            if self._metrics is not None:
                self._metrics.settled(self._clock() - self._changed_at)
            self._changed_at = None
        if endpoints is not None:
            endpoints.stale.update(name for name in names if name in endpoints.held)
        return endpoints is not None and bool(endpoints.stale)

    def _in_push_order(self) -> Iterator[S]:
        for type_url in PUSH_ORDER:
            if type_url in self._subscriptions:
                yield self._subscriptions[type_url]
        if not _ORDERED.issuperset(self._subscriptions):
            for type_url, subscription in self._subscriptions.items():
                if type_url not in _ORDERED:
                    yield subscription

    def _look_at_deferred(self) -> None:
        """Something changed with clusters: look again at what waits for one."""
        for subscription in self._subscriptions.values():
            subscription.stale |= subscription.deferred

    def _owe_endpoints(self) -> None:
        """A cluster that changes warms until its endpoints come again, changed or not.

        Envoy accepts the clusters only then; so endpoints, alone, do not wait for their answer.
        """
        clusters = self._subscriptions.get(CLUSTER)
        endpoints = self._subscriptions.get(ENDPOINTS)
        if clusters is not None and clusters.pending is not None and endpoints is not None:
            coming = clusters.pending.resources
            # After a NACK the client may have another version than it had before.
            uncertain = self.status.of_type(CLUSTER).uncertain
            changed = [one for one in coming if uncertain or clusters.held.get(one.name) != one]
            endpoints.owe(to.name for one in changed for to in one.references)

    def _remove(self) -> Response | None:
        """Take away what the snapshot no longer has and nothing at the client refers to."""
        for type_url, names in removable(self._subscriptions):
            response = self._removal(self._subscriptions[type_url], names)
            if response is not None:
                return response
        return None

    def _waits_for_endpoints(self, clusters: Subscription) -> bool:
        """Whether the client has yet to ask for the endpoints of a cluster it just accepted."""
        until = self._clusters_accepted + _PATIENCE
        if clusters.type_url != CLUSTER or self._clock() >= until:
            return False
        endpoints = self._subscriptions.get(ENDPOINTS)
        asked_for = endpoints.names if endpoints is not None else frozenset()
        for cluster in clusters.held:
            for to in cluster.references:
                if to.type_url == ENDPOINTS and to.name not in asked_for:
                    self.wake_at = until
                    return True
        return False
