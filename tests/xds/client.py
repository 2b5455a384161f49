"""A client of a state machine: asks, answers, and keeps what it was given."""

from collections.abc import Iterable

from mixer2.xds.live import LiveSnapshot
from mixer2.xds.messages import Node, Request, Response
from mixer2.xds.nodes import Nodes, NodeStatus
from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    EXTENSION,
    FULL_STATE,
    LISTENER,
    ROUTES,
    Reference,
    Resource,
)
from mixer2.xds.snapshot import Snapshot
from mixer2.xds.sotw import SotwStream


def cluster(name: str, content: str = "1") -> Resource:
    return Resource.of(CLUSTER, name, content.encode(), [Reference(ENDPOINTS, name)])


def endpoints(name: str, content: str = "1") -> Resource:
    return Resource.of(ENDPOINTS, name, content.encode())


def listener(name: str, content: str = "1", *, routes: str = "", plugin: str = "") -> Resource:
    references = [Reference(ROUTES, routes)] if routes else []
    references += [Reference(EXTENSION, plugin)] if plugin else []
    return Resource.of(LISTENER, name, content.encode(), references)


def plugin(name: str, content: str = "1") -> Resource:
    return Resource.of(EXTENSION, name, content.encode())


def routes(name: str, *clusters: str, content: str = "") -> Resource:
    """Its content is the clusters' names, and more."""
    value = "".join(clusters) + content
    return Resource.of(ROUTES, name, value.encode(), [Reference(CLUSTER, one) for one in clusters])


class Client:
    """One stream of a node. `asks` and `answers` return what the server sends at that.

    Args:
        status: The node's; a new node's when None. The same one again is a reconnect.
    """

    def __init__(self, status: NodeStatus | None = None) -> None:
        self.now = 100.0
        self.status = status or Nodes().connect(Node("n"))
        self.stream = SotwStream(self.status, clock=lambda: self.now)
        self.live = LiveSnapshot()
        self.stream.follow(self.live)
        self.version: dict[str, str] = {}
        self.nonce: dict[str, str] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        self.has: dict[str, dict[str, Resource]] = {}

    def given(self, *resources: Resource) -> list[Response]:
        self.live.replace(Snapshot(resources))
        return self.stream.next_responses()

    def asks(self, type_url: str, *names: str, version: str | None = None) -> list[Response]:
        self.names[type_url] = names
        if version is not None:
            self.version[type_url] = version
        return self._says(type_url)

    def acks(self, response: Response) -> list[Response]:
        has = self.has.setdefault(response.type_url, {})
        if response.type_url in FULL_STATE:
            has.clear()
        has.update({one.name: one for one in response.resources})
        self.version[response.type_url] = response.version
        self.nonce[response.type_url] = response.nonce
        return self._says(response.type_url)

    def nacks(self, response: Response, reason: str = "no") -> list[Response]:
        self.nonce[response.type_url] = response.nonce
        return self._says(response.type_url, reason)

    def acks_all(self, responses: Iterable[Response]) -> list[str]:
        """Accept everything until the server is silent; return what came: "CDS a b"."""
        queue, seen = list(responses), []
        while queue:
            response = queue.pop(0)
            seen.append(said(response))
            queue += self.acks(response)
        return seen

    def refused(self) -> list[str]:
        """Names that the server knows this node to have refused."""
        return sorted(one.name for one in self.status.rejections)

    def _says(self, type_url: str, reason: str | None = None) -> list[Response]:
        self.stream.receive(
            Request(
                type_url=type_url,
                names=self.names.get(type_url, ()),
                version=self.version.get(type_url, ""),
                nonce=self.nonce.get(type_url, ""),
                error=reason,
            )
        )
        return self.stream.next_responses()


def says(responses: Iterable[Response]) -> list[str]:
    """Responses in short."""
    return [said(one) for one in responses]


def said(response: Response) -> str:
    """A response in short: the service and its resources with their content."""
    kind = {CLUSTER: "CDS", ENDPOINTS: "EDS", EXTENSION: "ECDS", LISTENER: "LDS", ROUTES: "RDS"}
    parts = sorted(f"{one.name}={one.value.decode()}" for one in response.resources)
    return " ".join([kind[response.type_url], *parts])
