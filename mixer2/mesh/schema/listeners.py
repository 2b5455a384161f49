"""Listeners: where nodes accept connections."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from mixer2.mesh.schema.base import Duration, IpAddress, Name, Part, Port
from mixer2.mesh.schema.nodes import NodeGroups
from mixer2.mesh.schema.tls import DownstreamTls


class AccessLog(Part):
    """A line per request or connection."""

    path: str = Field(description="The file on the node; /dev/stdout works.")
    format: str = Field("", description="Envoy's format string; Envoy's own format when empty.")


class FilterUse(Part):
    """A filter at work on a listener."""

    filter: Name = Field(description="Name of the filter.")
    routes: Literal["all", "chosen"] = Field(
        "all",
        description="`chosen`: only on routes that say `filters: {NAME: on}`. "
        "`all`: on every route but those that say off.",
    )


def _use(value: Any) -> Any:
    return {"filter": value} if isinstance(value, str) else value


FilterUses: TypeAlias = list[Annotated[FilterUse, BeforeValidator(_use)]]


class Listener(Part):
    """An address, what is spoken there, and who takes care of it."""

    port: Port = Field(description="TCP port.")
    address: IpAddress = Field("127.0.0.1", description="IP address to bind.")
    protocol: Literal["http", "tcp"] = Field("http", description="What is spoken.")
    routes: Name | None = Field(None, description="Name of the route table; for http.")
    to: Name | None = Field(None, description="Name of the service; for tcp.")
    idle_timeout: Duration | None = Field(None, description="Close connections idle so long.")
    filters: FilterUses = Field(
        default_factory=list, description="Filters, in the order in which requests meet them."
    )
    tls: DownstreamTls | None = Field(None, description="TLS; plain text without it.")
    access_log: AccessLog | None = Field(None, description="A line per request.")
    tenant: Name | None = Field(None, description="Whose listener this is.")
    nodes: NodeGroups = Field(None, description="Node groups that have it; all without it.")

    @model_validator(mode="after")
    def _suits_its_protocol(self) -> "Listener":
        if self.protocol == "http" and (self.routes is None or self.to is not None):
            raise ValueError("an http listener needs `routes`, and has no `to`")
        if self.protocol == "tcp" and (self.to is None or self.routes is not None):
            raise ValueError("a tcp listener needs `to`, and has no `routes`")
        if self.protocol == "tcp" and any(use.routes == "chosen" for use in self.filters):
            raise ValueError("a tcp listener has no routes that could choose a filter")
        return self
