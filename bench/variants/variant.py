"""A variant: one way of doing a work in Envoy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from bench.works import AMPLE, Bucket, Work

Json: TypeAlias = Mapping[str, Any]

TYPE: Final = "type.googleapis.com/"


@dataclass(frozen=True, slots=True)
class Chain:
    """What a variant adds to the proxy's configuration.

    Attributes:
        filters: HTTP filters before the router.
        access_log: Access loggers of the connection manager.
        clusters: Clusters that they need.
    """

    filters: tuple[Json, ...] = ()
    access_log: tuple[Json, ...] = ()
    clusters: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What a chain depends on.

    Attributes:
        bucket: Configuration of F3.
        service_port: Port of the variant's service on 127.0.0.1, when it has one.
    """

    bucket: Bucket = AMPLE
    service_port: int = 0


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of doing a work.

    Attributes:
        name: As in the table: `C by hand`.
        work: What it does.
        chain: Its part of the configuration.
        module: The Wasm module or library that Envoy loads.
        service: Name of the process beside Envoy that does the work (`bench.variants.services`).
        note: What is not like the others.
        starts_slowly: Envoy takes seconds to start with it: where time is short, it does so once.
    """

    name: str
    work: Work
    chain: Callable[[Setting], Chain] = field(repr=False)
    module: Path | None = None
    service: str | None = None
    note: str = ""
    starts_slowly: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """A variant that is not measured, and why."""

    name: str
    work: Work
    reason: str
