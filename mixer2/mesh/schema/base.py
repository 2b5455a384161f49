"""What all parts of a mesh file have in common."""

import re
from ipaddress import ip_address
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


class Part(BaseModel):
    """A mapping of a mesh file: closed, strict, and immutable once it is read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _seconds(value: Any) -> Any:
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip())
        if match is None:
            raise ValueError('expected a duration: seconds, or "500ms", "2s", "1m", "1h"')
        return float(match[1]) * _UNITS[match[2]]
    return value


def _share(value: Any) -> Any:
    if isinstance(value, str):
        match = _PERCENT.fullmatch(value.strip())
        if match is None:
            raise ValueError('expected a percentage: "10%", or a number from 0 to 100')
        return float(match[1])
    return value


def _list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _ip(value: str) -> str:
    try:
        ip_address(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is no IP address") from error
    return value


def _host_and_port(value: Any) -> Any:
    """Take `host:port` apart, also `[::1]:80`."""
    if not isinstance(value, str):
        return value
    host, colon, port = value.rpartition(":")
    if not colon or not port.isdecimal() or not host:
        raise ValueError(f'{value!r}: expected "HOST:PORT"')
    return {"address": host.removeprefix("[").removesuffix("]"), "port": int(port)}


def _names(value: Any) -> Any:
    return [] if value is None else _list(value)


def _absolute(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError("expected an absolute path: Envoy reads the file where it runs")
    return value


Duration: TypeAlias = Annotated[
    float, BeforeValidator(_seconds), Field(ge=0, le=86400 * 365, allow_inf_nan=False)
]
"""Seconds, or text with a unit: 500ms, 2s, 1m, 1h."""

Percent: TypeAlias = Annotated[
    float, BeforeValidator(_share), Field(ge=0, le=100, allow_inf_nan=False)
]
"""A percentage: 10, or "10%"."""

Name: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$", max_length=128)
]
"""Letters, digits, and within them dots, dashes, underscores and slashes."""

Names: TypeAlias = Annotated[list[Name], BeforeValidator(_names)]
"""One name or a list of them."""

Texts: TypeAlias = Annotated[list[str], BeforeValidator(_list)]
"""One text or a list of them."""

Port: TypeAlias = Annotated[int, Field(ge=1, le=65535)]
"""A TCP port."""

IpAddress: TypeAlias = Annotated[str, AfterValidator(_ip)]
"""An IPv4 or IPv6 address."""

NodePath: TypeAlias = Annotated[str, AfterValidator(_absolute)]
"""An absolute path on the machine of the node."""

HostPort = BeforeValidator(_host_and_port)


def exactly_one(part: Part, *names: str) -> None:
    """Refuse a part that has none or several of some keys."""
    given = [name for name in names if getattr(part, name) is not None]
    if len(given) != 1:
        expected = ", ".join(f"`{name}`" for name in names)
        got = " and ".join(f"`{name}`" for name in given) or "none"
        raise ValueError(f"expected exactly one of {expected}; got {got}")


def at_most_one(part: Part, *names: str) -> None:
    """Refuse a part that has several of some keys."""
    if any(getattr(part, name) is not None for name in names):
        exactly_one(part, *names)
