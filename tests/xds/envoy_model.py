"""A model of Envoy at the other end of a stream, slow and in pieces.

It asks for endpoints of clusters, and accepts clusters when these have come; it asks for routes and
plugins of listeners. A resource with "bad" in it is refused as Envoy does it: of clusters and
listeners the good ones are taken and the bad ones named, of other types the response goes as a
whole. Messages lie in two queues until somebody delivers them.
"""

from collections import deque
from dataclasses import replace

from mixer2.xds.live import LiveSnapshot
from mixer2.xds.messages import Node, Request, Response
from mixer2.xds.nodes import Nodes, NodeStatus
from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    EXTENSION,
    FULL_STATE,
    LISTENER,
    PUSH_ORDER,
    ROUTES,
    Reference,
    Resource,
)
from mixer2.xds.snapshot import Snapshot
from mixer2.xds.sotw import SotwStream

_ON_DEMAND = {ENDPOINTS: CLUSTER, EXTENSION: LISTENER, ROUTES: LISTENER}


class EnvoyModel:
    """A server's stream and the Envoy that it serves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.status: NodeStatus = Nodes().connect(Node("n"))
        self.stream = SotwStream(self.status, clock=lambda: self.now)
        self.live = LiveSnapshot()
        self.stream.follow(self.live)
        self.to_client: deque[Response] = deque()
        self.to_server: deque[Request] = deque()
        self.has: dict[str, dict[str, Resource]] = {}
        self.sent = 0
        self._last: dict[str, Request] = {}
        self._warming: set[str] = set()
        self._unanswered: Request | None = None
        self._ask(CLUSTER)
        self._ask(LISTENER)

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
        self.stream = SotwStream(self.status, clock=lambda: self.now)
        self.stream.follow(self.live)
        self.to_client.clear()
        self._unanswered = None
        self._last = {
            type_url: replace(last, nonce="", error=None) for type_url, last in self._last.items()
        }
        self.to_server = deque(self._last[one] for one in PUSH_ORDER if one in self._last)

    def deliver_request(self) -> None:
        self.stream.receive(self.to_server.popleft())
        self._send()

    def wait(self) -> None:
        self.now += 2
        self._send()

    def _send(self) -> None:
        responses = self.stream.next_responses()
        self.to_client.extend(responses)
        self.sent += len(responses)

    # The client's side

    def deliver_response(self) -> None:
        response = self.to_client.popleft()
        bad = [one for one in response.resources if b"bad" in one.value]
        if response.type_url in FULL_STATE:
            self._take_full(response, bad)
        else:
            self._take_part(response, bad)

    def quiet(self) -> bool:
        return not self.to_client and not self.to_server

    def names(self, type_url: str) -> set[str]:
        """What the client should be subscribed to, given what it has."""
        parents = self.has.get(_ON_DEMAND[type_url], {}).values()
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

    def _take_full(self, response: Response, bad: list[Resource]) -> None:
        type_url = response.type_url
        before = self.has.get(type_url, {})
        after = {one.name: one for one in response.resources if one not in bad}
        for one in bad:  # the old version stays
            if one.name in before:
                after[one.name] = before[one.name]
        self.has[type_url] = after
        answer = self._answer(response, bad)
        if type_url == CLUSTER:
            # All that changed warm until endpoints come; the answer waits for that.
            changed = {name for name, one in after.items() if before.get(name) != one}
            self._warming = (self._warming & after.keys()) | changed
            self._unanswered = answer
            self._ask(ENDPOINTS, again=bool(changed))
            self._warm()
        else:
            self.to_server.append(answer)
        for child, parent in _ON_DEMAND.items():
            if parent == type_url != CLUSTER:
                self._ask(child)

    def _take_part(self, response: Response, bad: list[Resource]) -> None:
        if not bad:
            wanted = self.names(response.type_url)
            has = self.has.setdefault(response.type_url, {})
            has.update({one.name: one for one in response.resources if one.name in wanted})
        self.to_server.append(self._answer(response, bad))
        if response.type_url == ENDPOINTS and not bad:
            self._warming -= {one.name for one in response.resources}
            self._warm()

    def _warm(self) -> None:
        if self._unanswered is not None and not self._warming:
            self.to_server.append(self._unanswered)
            self._unanswered = None

    def _answer(self, response: Response, bad: list[Resource]) -> Request:
        last = self._last[response.type_url]
        if bad:
            kind = "cluster(s)" if response.type_url == CLUSTER else "listener(s)"
            named = ", ".join(f"{one.name}: it is bad" for one in bad)
            error = f"Error adding/updating {kind} {named}\n"
            error = error if response.type_url in FULL_STATE else "something is bad"
            request = replace(last, nonce=response.nonce, error=error)
        else:
            request = replace(last, nonce=response.nonce, version=response.version, error=None)
        self._last[response.type_url] = replace(request, error=None)
        return request

    def _ask(self, type_url: str, *, again: bool = False) -> None:
        names = () if type_url in FULL_STATE else tuple(sorted(self.names(type_url)))
        last = self._last.get(type_url)
        if last is None and not names and type_url not in FULL_STATE:
            return
        request = replace(last, names=names) if last else Request(type_url=type_url, names=names)
        if type_url not in FULL_STATE:
            has = self.has.get(type_url, {})
            self.has[type_url] = {name: one for name, one in has.items() if name in names}
        if request != last or again:
            self._last[type_url] = request
            self.to_server.append(request)
