"""The mesh file as a whole."""

from typing import Annotated, Any, Literal

from pydantic import Field

from mixer2.mesh.schema.base import Duration, HostPort, Name, Part, Port
from mixer2.mesh.schema.filters import Filter
from mixer2.mesh.schema.listeners import Listener
from mixer2.mesh.schema.nodes import NodeGroups, NodeSelector
from mixer2.mesh.schema.routes import RouteTable
from mixer2.mesh.schema.services import Service
from mixer2.mesh.schema.tls import UpstreamTls


class Tenant(Part):
    """Somebody whose listeners, services and plugins are kept apart from those of others."""

    nodes: NodeGroups = Field(
        None, description="Node groups that may see what is the tenant's; all without it."
    )


class Change(Part):
    """Who changed the mesh file last, and why; for the audit log."""

    by: str = Field("", max_length=200, description="Who.")
    why: str = Field("", max_length=2000, description="Why.")


class RawResource(Part):
    """A resource in Envoy's own YAML."""

    resource: dict[str, Any] = Field(
        description="An Envoy message with its `@type`: Listener, RouteConfiguration, Cluster, "
        "ClusterLoadAssignment or TypedExtensionConfig."
    )
    nodes: NodeGroups = Field(None, description="Node groups that get it; all without it.")
    tenant: Name | None = Field(None, description="Whose resource this is.")


class ModuleAddress(Part):
    """Where the module server is."""

    address: str = Field(min_length=1, description="IP address or name.")
    port: Port = Field(description="TCP port.")


class Modules(Part):
    """How the code of filters reaches nodes that fetch it."""

    address: Annotated[ModuleAddress, HostPort] | None = Field(
        None, description='"HOST:PORT" of the module server as nodes see it; where it listens.'
    )
    remote_from: Annotated[int, Field(ge=0)] = Field(
        1 << 20, description="Bytes; code of that size and more is fetched (delivery: auto)."
    )
    tls: UpstreamTls | None = Field(None, description="TLS to it, as the nodes use it.")


class Observation(Part):
    """Whether and where the server asks nodes for their stats; rollouts judge by them."""

    admin: str | None = Field(
        None,
        description="Key of the node's metadata that holds the address of its admin interface: "
        "IP:PORT or the path of a Unix socket. Nodes without it are not asked.",
    )
    every: Duration = Field(5.0, gt=0, description="How often.")


class Mesh(Part):
    """A mesh."""

    version: Literal[1] = Field(description="Of this format: 1.")
    change: Change = Field(
        default=Change(), description="Who changed the file last, and why; for the audit log."
    )
    nodes: dict[Name, NodeSelector] = Field(
        default_factory=dict, description="Groups of nodes by name."
    )
    listeners: dict[Name, Listener] = Field(default_factory=dict, description="Listeners by name.")
    routes: dict[Name, RouteTable] = Field(
        default_factory=dict, description="Route tables by name: rules, or virtual hosts."
    )
    services: dict[Name, Service] = Field(default_factory=dict, description="Services by name.")
    filters: dict[Name, Filter] = Field(default_factory=dict, description="Filters by name.")
    tenants: dict[Name, Tenant] = Field(default_factory=dict, description="Tenants by name.")
    raw: list[RawResource] = Field(
        default_factory=list, description="Resources in Envoy's own YAML."
    )
    modules: Modules = Field(default=Modules(), description="Code that nodes fetch.")
    observe: Observation = Field(
        default=Observation(), description="Where the server gets nodes' stats."
    )
