"""Route tables: which requests go where, and what happens to them on the way."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, field_validator, model_validator

from mixer2.mesh.schema.base import (
    Duration,
    Name,
    Part,
    Percent,
    Texts,
    at_most_one,
    exactly_one,
)


class HeaderMatch(Part):
    """A header; exactly one condition."""

    exact: str | None = Field(None, description="The value.")
    prefix: str | None = Field(None, description="How the value starts.")
    regex: str | None = Field(None, description="A RE2 expression for the whole value.")
    present: bool | None = Field(None, description="The header is there, or is not.")

    @model_validator(mode="after")
    def _one(self) -> "HeaderMatch":
        exactly_one(self, "exact", "prefix", "regex", "present")
        return self


def _header(value: Any) -> Any:
    return {"exact": value} if isinstance(value, str) else value


HeaderMatches: TypeAlias = dict[str, Annotated[HeaderMatch, BeforeValidator(_header)]]


class Match(Part):
    """Requests that a rule is for; all that is given must match."""

    path: str | None = Field(None, description="The whole path.")
    prefix: str | None = Field(None, description="How the path starts; / when nothing is said.")
    regex: str | None = Field(None, description="A RE2 expression for the whole path.")
    methods: Texts | None = Field(None, description="HTTP methods.")
    headers: HeaderMatches = Field(
        default_factory=dict, description="Conditions by header name; a text is an exact value."
    )
    query: dict[str, str] = Field(default_factory=dict, description="Query parameters, exact.")

    @field_validator("path", "prefix")
    @classmethod
    def _absolute(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith("/"):
            raise ValueError("expected a leading slash")
        return value

    @model_validator(mode="after")
    def _one_path(self) -> "Match":
        at_most_one(self, "path", "prefix", "regex")
        return self


class WeightedService(Part):
    """A service and its share of the requests."""

    service: Name = Field(description="Name of the service.")
    weight: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        1, description="Share, relative to the other services of the rule."
    )


def _destinations(value: Any) -> Any:
    many = value if isinstance(value, list) else [value]
    return [{"service": one} if isinstance(one, str) else one for one in many]


RetryOn: TypeAlias = Literal[
    "5xx",
    "gateway-error",
    "reset",
    "connect-failure",
    "refused-stream",
    "retriable-4xx",
    "retriable-status-codes",
    "cancelled",
    "deadline-exceeded",
    "internal",
    "resource-exhausted",
    "unavailable",
]


class Retry(Part):
    """When a request is tried once more, and how often."""

    attempts: Annotated[int, Field(ge=1, le=100)] = Field(1, description="Further tries.")
    on: list[RetryOn] = Field(
        default=["5xx", "reset", "connect-failure"],
        min_length=1,
        description="Envoy's conditions.",
    )
    statuses: list[Annotated[int, Field(ge=100, le=599)]] = Field(
        default_factory=list, description="For the condition retriable-status-codes."
    )
    per_try_timeout: Duration | None = Field(None, description="For each try.")
    back_off: Duration | None = Field(None, description="Base of the back-off between tries.")


class Abort(Part):
    """Answer without asking the service."""

    status: Annotated[int, Field(ge=200, le=599)] = Field(description="HTTP status.")
    percent: Percent = Field(100.0, description="Share of the requests.")


class Delay(Part):
    """Hold requests for a while."""

    by: Duration = Field(description="How long.")
    percent: Percent = Field(100.0, description="Share of the requests.")


class Fault(Part):
    """Faults on purpose, made by the node."""

    abort: Abort | None = Field(None, description="Requests that get an error.")
    delay: Delay | None = Field(None, description="Requests that wait.")


class Redirect(Part):
    """Send the client elsewhere."""

    host: str | None = Field(None, description="Another host.")
    path: str | None = Field(None, description="Another path.")
    https: bool = Field(False, description="To https.")
    status: Literal[301, 302, 303, 307, 308] = Field(301, description="HTTP status.")


class Respond(Part):
    """Answer from the node itself."""

    status: Annotated[int, Field(ge=200, le=599)] = Field(description="HTTP status.")
    body: str = Field("", description="Text of the answer.")


class Headers(Part):
    """Changes of headers."""

    set: dict[str, str] = Field(default_factory=dict, description="Values by name.")
    remove: list[str] = Field(default_factory=list, description="Names.")


def _switch(value: Any) -> Any:
    return {"on": True, "off": False}.get(value, value) if isinstance(value, str) else value


Switch: TypeAlias = Annotated[bool, BeforeValidator(_switch)]
"""on or off."""


class Rule(Part):
    """Requests, and what becomes of them: `to`, `redirect` or `respond`."""

    match: Match = Field(default=Match(), description="Which requests; all without it.")
    to: Annotated[list[WeightedService], BeforeValidator(_destinations)] | None = Field(
        None, min_length=1, description="Name of a service, or a list of them with weights."
    )
    redirect: Redirect | None = Field(None, description="Send the client elsewhere.")
    respond: Respond | None = Field(None, description="Answer from the node itself.")
    timeout: Duration = Field(15.0, description="Until the whole response; 0 for none.")
    retry: Retry | None = Field(None, description="Further tries.")
    fault: Fault | None = Field(None, description="Faults on purpose.")
    rewrite_prefix: str | None = Field(None, description="Replaces the prefix that matched.")
    rewrite_host: str | None = Field(None, description="The Host that the service sees.")
    hash_header: str | None = Field(
        None, description="Header whose value chooses the endpoint (ring_hash, maglev)."
    )
    request_headers: Headers | None = Field(None, description="Changes before the service.")
    response_headers: Headers | None = Field(None, description="Changes before the client.")
    filters: dict[str, Switch] = Field(
        default_factory=dict, description="Filters of the listener, on or off here."
    )

    @model_validator(mode="after")
    def _one_action(self) -> "Rule":
        exactly_one(self, "to", "redirect", "respond")
        if self.to is not None and not any(one.weight for one in self.to):
            raise ValueError("the weights are all 0")
        for name in ("retry", "rewrite_prefix", "rewrite_host", "hash_header"):
            if self.to is None and getattr(self, name) is not None:
                raise ValueError(f"`{name}` needs `to`")
        if self.rewrite_prefix is not None and self.match.regex is not None:
            raise ValueError("`rewrite_prefix` replaces a prefix or a path, not a regex")
        return self


class VirtualHost(Part):
    """Rules for some Host headers."""

    hosts: Annotated[Texts, Field(min_length=1)] = Field(
        default_factory=lambda: ["*"], description="Host headers; `*` stands for any text."
    )
    rules: list[Rule] = Field(min_length=1, description="The first that matches is taken.")


def _virtual_hosts(value: Any) -> Any:
    """A table may be a list of rules, which is then for all hosts."""
    if isinstance(value, list) and not any(
        isinstance(one, dict) and "rules" in one for one in value
    ):
        return [{"rules": value}]
    return value


RouteTable: TypeAlias = Annotated[
    list[VirtualHost], BeforeValidator(_virtual_hosts), Field(min_length=1)
]
