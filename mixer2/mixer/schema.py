"""The shape of the mixer's configuration, as pydantic models and as JSON Schema."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from mixer2.mixer.backends import (
    AccessLog,
    ApiKeys,
    Authz,
    Counter,
    Duration,
    Fixed,
    Fraction,
    LimitService,
    Metrics,
    Part,
    RateLimit,
    RemoteAuthz,
    Tracing,
    Usage,
)

Expression = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4096),
    Field(description="An expression, a subset of CEL."),
]
Name = Annotated[str, StringConstraints(min_length=1)]
Names = Name | list[Name]


class Subnet(Part):
    """How large a network is taken for one client."""

    v4: int = Field(32, ge=0, le=32, description="Bits of an IPv4 network.")
    v6: int = Field(64, ge=0, le=128, description="Bits of an IPv6 network.")


class Producer(Part):
    """An attribute that is added to the vocabulary. Beside `name` there is exactly one source."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z_][\w]*(\.[a-zA-Z_][\w]*)*$")] = Field(
        description="What expressions call it; not the name of another attribute."
    )
    default: str | None = Field(None, description="Its value when nothing is found.")
    header: str | None = Field(None, description="From a header of the request.")
    path_template: str | list[str] | None = Field(
        None, description="The first pattern that the path follows: `/users/{id}`, `/f/{rest=**}`."
    )
    jwt_claim: Name | None = Field(
        None, description="From a claim of the request's token, which `jwt_authn` has checked."
    )
    token_header: str | None = Field(
        None, description="Header with that token; `authorization` if unset."
    )
    cidr: dict[Name, str | list[str]] | None = Field(
        None, description="The name of the first list that has the client's address."
    )
    subnet: Subnet | None = Field(None, description="The network that the client's address is in.")
    address: Expression | None = Field(
        None, description="The address for `cidr` and `subnet`: `source.ip`."
    )
    expression: Expression | None = Field(None, description="The value of an expression, as text.")


class Buffer(Part):
    """How records wait until they are sent; of the handlers that send."""

    size: int = Field(100, ge=1, le=10_000, description="Records in a batch.")
    interval: Duration = Field("1s", description="After this time a batch goes that is not full.")
    limit: int = Field(
        10_000, ge=1, le=1_000_000, description="Records that wait; more are dropped, and counted."
    )
    attempts: int = Field(
        3, ge=1, le=1000, description="How often a batch is sent before it is dropped."
    )


class Fault(Part):
    """What goes wrong on purpose, to see whether the policies hold."""

    probability: Fraction = Field(0.0, description="Share of the calls that are struck.")
    delay: Duration = Field("0", description="A struck call waits this long first.")
    fail: bool = Field(False, description="A struck call fails and does not reach the backend.")


class Handler(Part):
    """A configured backend: exactly one kind with its settings, and the mixer's policies."""

    fixed: Fixed | None = None
    rate_limit: RateLimit | None = None
    global_rate_limit: LimitService | None = Field(
        None, description="Asks Envoy's RateLimitService about each request."
    )
    quota: LimitService | None = Field(
        None, description="Takes tokens from `mixer2 quota-server`, ahead with `prefetch`."
    )
    api_keys: ApiKeys | None = None
    authz: Authz | None = None
    remote_authz: RemoteAuthz | None = None
    counter: Counter | None = None
    metrics: Metrics | None = None
    access_log: AccessLog | None = None
    tracing: Tracing | None = None
    usage: Usage | None = None

    on_failure: Annotated[str, StringConstraints(pattern="^(open|closed)$")] | None = Field(
        None,
        description="Whether requests pass (`open`) when a check has no verdict; or `closed`.",
    )
    timeout: Duration = Field("500ms", description="Of one remote call.")
    cache: int = Field(
        10_000, ge=0, le=1_000_000, description="Verdicts that a worker keeps; 0 for none."
    )
    prefetch: int = Field(
        0, ge=0, le=1_000_000, description="Uses of a verdict that are asked for ahead; 0 for none."
    )
    buffer: Buffer | None = Field(None, description="How records wait until they are sent.")
    fault: Fault | None = Field(None, description="What goes wrong on purpose.")


class Rule(Part):
    """Joins handlers to traffic: checks in their order, reports when the exchange is over."""

    name: str | None = Field(None, description="As logs call it; `rules[0]` and so on if unset.")
    when: Expression | None = Field(
        None,
        description="A condition; every exchange if unset. An absent attribute makes it false.",
    )
    check: Names | None = Field(None, description="Handlers that decide; or `report`.")
    report: Names | None = Field(None, description="Handlers that are told; or `check`.")
    with_: dict[Name, Expression] | None = Field(
        None, alias="with", description="The values for the handlers: an expression for each."
    )
    instance: Name | None = Field(None, description="Name of the values, in place of `with`.")
    sample: Fraction = Field(1.0, description="Share of the exchanges that it is for.")
    dry_run: bool = Field(False, description="Verdicts are counted and logged, never enforced.")
    enabled: bool = Field(True, description="Whether it is in force.")


class Mixer(Part):
    """Configuration of the mixer."""

    attributes: list[Producer] = Field([], description="Attributes to add, in their order.")
    handlers: dict[Name, Handler] = Field({}, description="Configured backends by their names.")
    instances: dict[Name, dict[Name, Expression]] = Field(
        {}, description="Values that several rules share, by the names of the sets."
    )
    rules: list[Rule] = Field([], max_length=1000, description="What is checked and reported.")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the configuration."""
    schema = Mixer.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
