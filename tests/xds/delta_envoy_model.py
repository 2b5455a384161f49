"""A model of Envoy at the other end of an incremental stream, slow and in pieces.

As `EnvoyModel`, but it asks for what differs, and says at a reconnect what it holds. It never asks
again for endpoints that it has, although a cluster that changed warms until they come.
"""

from collections import deque

from mixer2.xds.delta import DeltaStream
from mixer2.xds.live import LiveSnapshot
from mixer2.xds.messages import DeltaRequest, Node, Response
from mixer2.xds.nodes import Nodes, NodeStatus
from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    FULL_STATE,
    LISTENER,
    ON_DEMAND,
    PUSH_ORDER,
    ROUTES,
    Reference,
    Resource,
)
from mixer2.xds.snapshot import Snapshot


class DeltaEnvoyModel:
    """A server's stream and the Envoy that it serves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.status: NodeStatus = Nodes().connect(Node("n"))
        self.live = LiveSnapshot()
        self.stream = self._stream()
        self.to_client: deque[Response] = deque()
        self.to_server: deque[DeltaRequest] = deque()
        self.has: dict[str, dict[str, Resource]] = {}
        self.sent = 0
        self._subscribed: dict[str, set[str]] = {}
        self._warming: set[str] = set()
        self._unanswered: DeltaRequest | None = None
        for type_url in (CLUSTER, LISTENER):
            self._subscribed[type_url] = set()
            self.to_server.append(DeltaRequest(type_url=type_url))

    # The server's side

    def offer(self, snapshot: Snapshot) -> None:
        self.live.replace(snapshot)
        self._send()

    def reconnect(self, *, restarted: bool) -> None:
        """Break the connection off, with all that was under way, and make a new one.

        Args:
            restarted: The server is a new process, and knows nothing of the node.
        """
        self.stream.close()
        if restarted:
            self.status = Nodes().connect(Node("n"))
        self.stream = self._stream()
        self.to_client.clear()
        self.to_server.clear()
        self._unanswered = None
        for type_url in PUSH_ORDER:
            if type_url in self._subscribed:
                held = {name: one.version for name, one in self.has.get(type_url, {}).items()}
                if type_url == ENDPOINTS:
                    held = {name: one for name, one in held.items() if name not in self._warming}
                names = tuple(sorted(self._subscribed[type_url]))
                self.to_server.append(DeltaRequest(type_url=type_url, subscribe=names, held=held))

    def deliver_request(self) -> None:
        self.stream.receive(self.to_server.popleft())
        self._send()

    def wait(self) -> None:
        self.now += 2
        self._send()

    def _stream(self) -> DeltaStream:
        stream = DeltaStream(self.status, clock=lambda: self.now)
        stream.follow(self.live)
        return stream

    def _send(self) -> None:
        responses = self.stream.next_responses()
        self.to_client.extend(responses)
        self.sent += len(responses)

    # The client's side

    def deliver_response(self) -> None:
        response = self.to_client.popleft()
        type_url = response.type_url
        names = [*(one.name for one in response.resources), *response.removed]
        assert len(names) == len(set(names)), "a name stands in a response once"
        bad = [one for one in response.resources if b"bad" in one.value]
        before = dict(self.has.get(type_url, {}))
        has = self.has.setdefault(type_url, {})
        if type_url in FULL_STATE or not bad:
            wanted = None if type_url in FULL_STATE else self.names(type_url)
            has.update(
                (one.name, one)
                for one in response.resources
                if one not in bad and (wanted is None or one.name in wanted)
            )
            for name in response.removed:
                has.pop(name, None)
        answer = self._answer(response, bad)
        if type_url == CLUSTER:
            changed = {name for name, one in has.items() if before.get(name) != one}
            self._warming = (self._warming & has.keys()) | changed
            self._unanswered = answer
            self._ask(ENDPOINTS)
            self._warm()
        else:
            self.to_server.append(answer)
        if type_url == ENDPOINTS and not bad:
            self._warming -= set(names)
            self._warm()
        for child, parent in ON_DEMAND.items():
            if parent == type_url != CLUSTER:
                self._ask(child)

    def quiet(self) -> bool:
        return not self.to_client and not self.to_server

    def names(self, type_url: str) -> set[str]:
        """What the client should be subscribed to, given what it has."""
        parents = self.has.get(ON_DEMAND[type_url], {}).values()
        return {to.name for one in parents for to in one.references if to.type_url == type_url}

    def dangling(self) -> list[Reference]:
        """Clusters that the client has routes to, and either not at all or without endpoints."""
        return [
            to
            for one in self.has.get(ROUTES, {}).values()
            for to in one.references
            if to.name not in self.has.get(CLUSTER, {})
            or to.name not in self.has.get(ENDPOINTS, {})
        ]

    def _warm(self) -> None:
        if self._unanswered is not None and not self._warming:
            self.to_server.append(self._unanswered)
            self._unanswered = None

    def _answer(self, response: Response, bad: list[Resource]) -> DeltaRequest:
        error = None
        if bad:
            kind = "cluster(s)" if response.type_url == CLUSTER else "listener(s)"
            error = "something is bad"
            if response.type_url in FULL_STATE:
                named = ", ".join(f"{one.name}: it is bad" for one in bad)
                error = f"Error adding/updating {kind} {named}\n"
        return DeltaRequest(type_url=response.type_url, nonce=response.nonce, error=error)

    def _ask(self, type_url: str) -> None:
        names, before = self.names(type_url), self._subscribed.get(type_url)
        if before is None and not names:
            return
        before = before or set()
        self._subscribed[type_url] = names
        has = self.has.get(type_url, {})
        self.has[type_url] = {name: one for name, one in has.items() if name in names}
        if names != before:
            self.to_server.append(
                DeltaRequest(
                    type_url=type_url,
                    subscribe=tuple(sorted(names - before)),
                    unsubscribe=tuple(sorted(before - names)),
                )
            )
