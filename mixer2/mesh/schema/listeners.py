"""Listeners: where nodes accept connections."""

from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from mixer2.mesh.schema.base import Duration, IpAddress, Name, Part, Port
from mixer2.mesh.schema.nodes import NodeGroups
from mixer2.mesh.schema.tls import DownstreamTls

SniffedProtocol: TypeAlias = Literal[
    "tls",
    "http1",
    "http2",
    "grpc",
    "redis",
    "postgresql",
    "mongodb",
    "dubbo",
    "thrift",
    "kafka",
    "server_first",
    "unknown",
]


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


class SniffedHttp(Part):
    """What happens to HTTP on a port of many protocols, over HTTP/1 and HTTP/2 alike."""

    routes: Name = Field(description="Name of the route table.")
    filters: FilterUses = Field(
        default_factory=list, description="Filters, in the order in which requests meet them."
    )


class Sniff(Part):
    """Connections of many protocols on one port, told apart by their first bytes."""

    to: dict[SniffedProtocol, Name] = Field(
        default_factory=dict, description="Services by protocol."
    )
    http: SniffedHttp | None = Field(
        None, description="HTTP with routes and filters of its own, by an internal listener."
    )
    release_after: Duration = Field(
        0.1, gt=0, description="How long bytes are waited for that tell the protocol."
    )
    max_bytes: Annotated[int, Field(ge=64, le=65_536)] = Field(
        16_384, description="How many bytes are looked at."
    )
    code: Path | None = Field(
        None, strict=False, description="Another sniffer than that of mixer2: a .py or a .wasm."
    )


class Passthrough(Part):
    """Connections on an HTTP port that are not HTTP, as Envoy's own HTTP inspector tells."""

    to: Name = Field(description="Service that gets them.")
    after: Duration = Field(
        0.1, gt=0, description="Who has sent nothing that long is not taken for HTTP."
    )


class Listener(Part):
    """An address, what is spoken there, and who takes care of it."""

    port: Port | None = Field(None, description="TCP port; an internal listener has none.")
    address: IpAddress = Field("127.0.0.1", description="IP address to bind.")
    internal: bool = Field(
        False, description="Reached within the node only, by services that say `listener: NAME`."
    )
    protocol: Literal["http", "tcp"] = Field("http", description="What is spoken.")
    routes: Name | None = Field(None, description="Name of the route table; for http.")
    to: Name | None = Field(None, description="Name of the service; for tcp.")
    sniff: Sniff | None = Field(
        None, description="Connections go by what they speak, and to `to` otherwise; for tcp."
    )
    passthrough: Passthrough | None = Field(
        None, description="What happens to connections that are not HTTP; for http, without Wasm."
    )
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
        if self.internal == (self.port is not None):
            raise ValueError("a listener has either a `port` or `internal: true`")
        if self.protocol == "http" and (self.routes is None or self.to is not None):
            raise ValueError("an http listener needs `routes`, and has no `to`")
        if self.protocol == "tcp" and (self.to is None or self.routes is not None):
            raise ValueError("a tcp listener needs `to`, and has no `routes`")
        if self.protocol == "tcp" and any(use.routes == "chosen" for use in self.filters):
            raise ValueError("a tcp listener has no routes that could choose a filter")
        if self.protocol == "http" and self.sniff is not None:
            raise ValueError("`sniff` is for tcp listeners; for http there is `passthrough`")
        if self.protocol == "tcp" and self.passthrough is not None:
            raise ValueError("`passthrough` is for http listeners; for tcp there is `sniff`")
        return self
