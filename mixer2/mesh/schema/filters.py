"""Filters: Wasm plugins, their configuration, and how new versions of them go out."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, JsonValue, field_validator

from mixer2.mesh.schema.base import Duration, Names, Part, Percent
from mixer2.mesh.schema.nodes import NodeGroups


class Limits(Part):
    """What a rollout tolerates within a window; more makes it go back."""

    nacks: Annotated[int, Field(ge=0)] = Field(0, description="Nodes that refused it.")
    vm_failures: Annotated[int, Field(ge=0)] = Field(0, description="Wasm VMs that failed.")
    plugin_errors: Annotated[int, Field(ge=0)] = Field(
        0, description="Increments of the plugin's error counters."
    )
    errors_above_control: Percent = Field(
        5.0, description="Ratio of 5xx, in points above that of the nodes without it."
    )


class RolloutPolicy(Part):
    """A new version or configuration goes out in steps, and back by itself."""

    steps: Annotated[list[Percent], Field(min_length=1)] = Field(
        default_factory=lambda: [10.0, 50.0, 100.0],
        description="Shares of the nodes, rising; chosen by a stable hash of the node id.",
    )
    first: NodeGroups = Field(None, description="Node groups that get it before any share.")
    window: Duration = Field(60.0, gt=0, description="How long each step is watched.")
    error_stats: list[str] = Field(
        default_factory=lambda: [r"^wasmcustom\..*error"],
        description="Regexes of the plugin's error counters in Envoy's stats.",
    )
    min_requests: Annotated[int, Field(ge=0)] = Field(
        20, description="Fewer requests in a window say nothing about the ratio of errors."
    )
    limits: Limits = Field(default=Limits(), description="What is tolerated.")

    @field_validator("error_stats")
    @classmethod
    def _regexes(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regex: {error}") from error
        return patterns

    @field_validator("steps")
    @classmethod
    def _rising(cls, steps: list[float]) -> list[float]:
        if sorted(set(steps)) != steps or steps[0] <= 0:
            raise ValueError("expected rising shares above 0")
        return steps if steps[-1] == 100 else [*steps, 100.0]


class Filter(Part):
    """A Wasm plugin."""

    code: Path = Field(
        strict=False, description="A .py, which is built, or a .wasm; beside the mesh file."
    )
    configuration: JsonValue = Field(
        None, description="What the plugin reads: a text as it is, anything else as JSON."
    )
    failure: Literal["reload", "closed", "open"] = Field(
        "reload", description="What Envoy does when the plugin's VM failed."
    )
    delivery: Literal["auto", "inline", "remote"] = Field(
        "auto",
        description="Code within the configuration, or from the module server; auto: by size.",
    )
    calls: Names = Field(default_factory=list, description="Services that the plugin calls.")
    nodes: NodeGroups = Field(None, description="Node groups that run it; all without it.")
    rollout: RolloutPolicy | None = Field(
        None, description="How changes go out; at once to all without it."
    )

    @field_validator("code")
    @classmethod
    def _kind(cls, value: Path) -> Path:
        if value.suffix not in {".py", ".wasm"}:
            raise ValueError("expected a .py or a .wasm file")
        return value
