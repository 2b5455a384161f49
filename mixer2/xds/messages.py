"""What goes over an xDS stream, without its encoding.

The state machines read and write these; `mixer2.xds.protos` turns them into protobuf and back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mixer2.xds.resource import Resource

_TIME_TO_LIVE = frozenset(
    {"xds.config.supports-resource-ttl", "xds.config.supports-resource-in-sotw"}
)
"""Features of a client that heeds times to live, and takes them in state of the world."""


@dataclass(frozen=True, slots=True)
class Node:
    """Who a client says it is.

    Args:
        id: Unique among the nodes of one server.
        cluster: The group of nodes with the same task.
        metadata: A JSON object.
        region: Locality, as `zone` and `sub_zone`.
        agent: Name and version of the client: "envoy 1.40.0".
        features: Names of what the client says it can do (`client_features`).
        tenant: Whose node it is, by its certificate; never by what it says.
    """

    id: str
    cluster: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict, compare=False)
    region: str = ""
    zone: str = ""
    sub_zone: str = ""
    agent: str = ""
    features: frozenset[str] = frozenset()
    tenant: str = ""

    @property
    def expires(self) -> bool:
        """Whether it heeds times to live, in either variant of the protocol.

        Envoy does, from 1.17 on, and does not say so of itself.
        """
        return self.agent.startswith("envoy ") or self.features >= _TIME_TO_LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A DiscoveryRequest (state of the world).

    Args:
        type_url: The type that is asked for.
        names: The whole subscription of the stream for this type.
        version: The last version that the client accepted, also on an earlier stream.
        nonce: Of the response that this request answers; empty in a stream's first request.
        error: Why the response was rejected. Its presence, and nothing else, makes a NACK.
        node: In the first request of a stream.
    """

    type_url: str
    names: tuple[str, ...] = ()
    version: str = ""
    nonce: str = ""
    error: str | None = None
    node: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaRequest:
    """A DeltaDiscoveryRequest.

    Args:
        type_url: The type that is asked for.
        subscribe: Names to add to the subscription.
        unsubscribe: Names to take from it.
        held: Versions of what the client holds from an earlier stream, by name; in the first
            request of a stream for a type.
        nonce: Of the response that this request answers; empty in a request of its own accord.
        error: Why the response was rejected. Its presence, and nothing else, makes a NACK.
        node: In the first request of a stream.
    """

    type_url: str
    subscribe: tuple[str, ...] = ()
    unsubscribe: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)
    nonce: str = ""
    error: str | None = None
    node: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A DiscoveryResponse or a DeltaDiscoveryResponse.

    Args:
        type_url: The type of all resources in it.
        version: State of the world: of all that the client holds of this type once it has accepted
            the response. Delta: of all that exist; nobody acts on it.
        nonce: Names this response among those of its stream.
        resources: State of the world: all that exist for types in `FULL_STATE`; for the others, and
            in delta, those that changed.
        removed: Delta: names of what does not exist, or not any more.
        heartbeats: Delta: unchanged resources whose time to live begins anew; nothing else is in it
            then.
    """

    type_url: str
    version: str
    nonce: str
    resources: tuple[Resource, ...] = ()
    removed: tuple[str, ...] = ()
    heartbeats: tuple[Resource, ...] = ()
