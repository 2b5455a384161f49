"""The settings of each kind of backend. A test compares them with what the plugin reads."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Duration = Annotated[
    str,
    Field(
        pattern=r"^(0|(\d{1,9}(\.\d{1,6})?(ns|us|ms|s|m|h))+)$",
        description="A duration such as `200ms`, `1.5s`, `1h30m`.",
    ),
]
Cluster = Annotated[str, Field(min_length=1, description="The proxy's name of the service.")]
Fraction = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A part of the configuration: closed and strict."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Fixed(Part):
    """The same verdict for every request."""

    allow: bool = Field(False, description="Whether requests pass.")
    status: int = Field(403, ge=400, le=599, description="HTTP status of the answer.")
    body: str = Field("", description="Body of the answer.")
    retry_after: int = Field(0, ge=0, description="Seconds in `retry-after`; 0 for none.")


class RateLimit(Part):
    """Token buckets in the proxy, one for each combination of the rule's values."""

    requests: int = Field(ge=1, le=1_000_000_000, description="Requests that may pass.")
    per: Duration = Field("1s", description="In this time.")
    burst: int | None = Field(
        None, ge=1, le=1_000_000_000, description="Tokens that a bucket holds; `requests` if unset."
    )
    headers: bool = Field(True, description="Whether clients are told by `x-ratelimit-*`.")
    max_keys: int = Field(10_000, ge=1, le=10_000_000, description="Buckets that take memory.")


class LimitService(Part):
    """A limit that a service counts for all proxies."""

    cluster: Cluster
    domain: str = Field("mixer2", description="Namespace of the limits.")
    headers: bool = Field(True, description="Whether clients are told by `x-ratelimit-*`.")


class ApiKey(Part):
    """A key that is known by its hash."""

    consumer: str = Field(min_length=1, description="Who has it.")
    sha256: str = Field(
        pattern="^[0-9a-fA-F]{64}$", description="`printf %s KEY | sha256sum`; never the key."
    )


class ApiKeys(Part):
    """Requests with a known key pass, and say whose it was; 401 without, 403 with another."""

    keys: list[ApiKey] = Field(min_length=1, description="The known keys.")
    consumer_header: str = Field(
        "x-consumer", description="Header of the request that names the consumer."
    )
    realm: str = Field("api", description="Realm in `www-authenticate`.")


class AuthzMatch(Part):
    """Which requests a rule is about; one that is left out is about all."""

    methods: list[str] = Field([], description="Any of these methods.")
    paths: list[str] = Field(
        [], description="Any of these paths; `/a/*` is a prefix, `*.json` a suffix."
    )
    principals: list[str] = Field([], description="Any of these principals, as paths are.")
    sources: list[str] = Field([], description="Any of these networks, in CIDR notation.")


class AuthzRule(Part):
    """A rule: either `allow` or `deny`."""

    allow: AuthzMatch | None = Field(None, description="Requests that pass.")
    deny: AuthzMatch | None = Field(None, description="Requests that are answered with 403.")


class Authz(Part):
    """Requests pass or not by method, path, principal and network."""

    rules: list[AuthzRule] = Field([], description="The first that matches decides.")
    default: Literal["allow", "deny"] = Field("deny", description="When no rule matches.")


class RemoteAuthz(Part):
    """A service decides, over gRPC (Envoy's ext_authz) or HTTP; its verdicts are kept."""

    cluster: Cluster
    protocol: Literal["grpc", "http"] = Field("grpc", description="What the service speaks.")
    valid: Duration = Field("5s", description="How long a verdict is good for equal values.")
    path_prefix: str = Field("", description="Before the path, with `http`.")
    authority: str | None = Field(None, description="Host of the request; `cluster` if unset.")
    upstream_headers: list[str] = Field(
        [], description="Headers of an allowing answer that the request gets, with `http`."
    )


class Counter(Part):
    """Counts exchanges, by labels that the rule names."""

    metric: str = Field("mixer2_exchanges_total", description="Name of the metric.")
    limit: int = Field(
        1000, ge=1, le=100_000, description="Combinations of labels; the rest is `other`."
    )


class Metrics(Part):
    """Requests, errors and durations in the proxy's stats, by labels that the rule names."""

    max_series: int = Field(
        200, ge=1, le=100_000, description="Combinations of labels; the rest is `other`."
    )
    sizes: bool = Field(False, description="Whether bytes are measured too.")


class Receiver(Part):
    """Somebody who takes batches over HTTP."""

    cluster: Cluster
    authority: str | None = Field(None, description="Host of the request; `cluster` if unset.")
    path: str = Field("/", description="Path of the request.")


class AccessLog(Part):
    """A line for every exchange, in the proxy's log or at a receiver."""

    template: str = Field("", description="Text with `{names}` of fields; JSON lines if unset.")
    sizes: bool = Field(False, description="Whether bytes are measured too.")
    cluster: str = Field("", description="Receiver; the proxy's log if unset.")
    authority: str | None = Field(None, description="Host of the request; `cluster` if unset.")
    path: str = Field("/", description="Path of the request.")


class Tracing(Part):
    """A span for every exchange; trace contexts are continued or started."""

    cluster: Cluster
    format: Literal["otlp_http", "otlp_grpc", "zipkin"] = Field(
        "otlp_http", description="What the collector takes."
    )
    service: str = Field("", description="`service.name`; the node's cluster if unset.")
    sample: Fraction = Field(1.0, description="Share of the traces for which nobody decided.")
    propagate: list[Literal["w3c", "b3", "b3multi"]] = Field(
        ["w3c"], description="Formats of the context that goes upstream."
    )
    kind: Literal["server", "client"] = Field("server", description="Kind of the spans.")
    authority: str | None = Field(None, description="Host of the request; `cluster` if unset.")
    path: str | None = Field(None, description="Path of the request; the format's usual one.")


class Usage(Receiver):
    """Records for billing: requests and bytes of each consumer, at least once."""

    interval: Duration = Field("10s", description="How often a batch is sent.")
    max_consumers: int = Field(
        10_000, ge=1, le=1_000_000, description="Consumers in a batch; the rest is `other`."
    )
