"""Services: where requests can go, and how they are spread."""

from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, field_validator, model_validator

from mixer2.mesh.schema.base import Duration, HostPort, IpAddress, Name, Part, Percent, Port
from mixer2.mesh.schema.tls import UpstreamTls


class Endpoint(Part):
    """One instance of a service."""

    address: IpAddress = Field(description="IP address; names are for `dns`.")
    port: Port = Field(description="TCP port.")
    weight: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        1, description="Share, relative to the other endpoints."
    )


Endpoints: TypeAlias = list[Annotated[Endpoint, HostPort]]


class Dns(Part):
    """Endpoints by DNS; the nodes ask for themselves."""

    address: str = Field(min_length=1, max_length=253, description="The name.")
    port: Port = Field(description="TCP port.")
    refresh: Duration = Field(5.0, description="How often to ask.")


class HttpSource(Part):
    """Endpoints by an HTTP API that answers with a JSON list; the server asks."""

    url: str = Field(pattern=r"^https?://[^/\s]+", description="Where to ask.")
    every: Annotated[Duration, Field(ge=0.05)] = Field(5.0, description="How often to ask.")


def _source(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


class CircuitBreakers(Part):
    """Limits per node and service; beyond them requests fail at once."""

    connections: int | None = Field(None, ge=0, description="Open connections.")
    pending_requests: int | None = Field(None, ge=0, description="Requests without connection.")
    requests: int | None = Field(None, ge=0, description="Requests under way.")
    retries: int | None = Field(None, ge=0, description="Retries under way.")


class HealthCheck(Part):
    """HTTP health checks by the nodes; endpoints that fail get no requests."""

    path: str = Field(pattern="^/", description="Path to request.")
    every: Duration = Field(5.0, gt=0, description="How often.")
    timeout: Duration = Field(1.0, gt=0, description="Until an answer must be there.")
    healthy_after: Annotated[int, Field(ge=1)] = Field(1, description="Good answers in a row.")
    unhealthy_after: Annotated[int, Field(ge=1)] = Field(2, description="Bad ones in a row.")


class OutlierDetection(Part):
    """Leave out endpoints that fail."""

    consecutive_5xx: Annotated[int, Field(ge=1)] = Field(5, description="Errors in a row.")
    every: Duration = Field(10.0, gt=0, description="How often to look.")
    ejection_time: Duration = Field(30.0, gt=0, description="How long to leave out, at first.")
    most: Percent = Field(10.0, description="Most endpoints that may be left out.")


class Service(Part):
    """Where requests can go; its endpoints come from exactly one source."""

    endpoints: Endpoints | None = Field(None, description='Static: "IP:PORT", or with weights.')
    dns: Annotated[Dns, HostPort] | None = Field(None, description='"NAME:PORT".')
    file: Path | None = Field(
        None, strict=False, description="JSON or YAML list of endpoints, watched by the server."
    )
    http: Annotated[HttpSource, BeforeValidator(_source)] | None = Field(
        None, description="URL of a JSON list of endpoints, or a mapping."
    )
    listener: Name | None = Field(
        None, description="An internal listener of the same node, in place of endpoints."
    )
    protocol: Literal["http1", "http2", "tcp"] = Field("http1", description="What it speaks.")
    connect_timeout: Duration = Field(1.0, gt=0, description="Until connected.")
    load_balancing: Literal["round_robin", "least_request", "random", "ring_hash", "maglev"] = (
        Field("round_robin", description="How an endpoint is chosen.")
    )
    circuit_breakers: CircuitBreakers | None = Field(None, description="Limits.")
    health_check: HealthCheck | None = Field(None, description="Active checks.")
    outlier_detection: OutlierDetection | None = Field(None, description="Passive checks.")
    tls: UpstreamTls | None = Field(None, description="TLS; plain text without it.")
    tenant: Name | None = Field(None, description="Only this tenant's listeners may use it.")

    @model_validator(mode="after")
    def _one_source(self) -> "Service":
        given = [
            one
            for one in ("endpoints", "dns", "file", "http", "listener")
            if getattr(self, one) is not None
        ]
        if len(given) != 1:
            got = " and ".join(given) or "none"
            raise ValueError(
                f"expected one of `endpoints`, `dns`, `file`, `http`, `listener`; got {got}"
            )
        return self

    @field_validator("file")
    @classmethod
    def _known_format(cls, value: Path | None) -> Path | None:
        if value is not None and value.suffix not in {".json", ".yaml", ".yml"}:
            raise ValueError("expected a .json or .yaml file")
        return value
