"""The messages of Envoy's RateLimitService.

The only module of this package that imports the generated code of xds-protos. That has no type
stubs, so its classes are Any here.
"""

from collections.abc import Sequence
from typing import Any

from envoy.service.ratelimit.v3 import rls_pb2
from google.protobuf import duration_pb2, timestamp_pb2
from google.protobuf.message import DecodeError

from mixer2.quota.limits import Entry, Limit, Unit
from mixer2.quota.store import Level

RateLimitRequest: Any = rls_pb2.RateLimitRequest
RateLimitResponse: Any = rls_pb2.RateLimitResponse

OK: int = RateLimitResponse.OK
OVER_LIMIT: int = RateLimitResponse.OVER_LIMIT

_UNITS = {unit: RateLimitResponse.RateLimit.Unit.Value(unit.name) for unit in Unit}
_OVERRIDE_UNITS = {number: unit for unit, number in _UNITS.items()}


def decode_request(data: bytes) -> Any:
    """A `RateLimitRequest`; None when the bytes are none."""
    try:
        return RateLimitRequest.FromString(data)
    except DecodeError:
        return None


def entries_of(descriptor: Any) -> list[Entry]:
    """Keys and values of a descriptor."""
    return [(entry.key, entry.value) for entry in descriptor.entries]


def override_of(descriptor: Any) -> Limit | None:
    """The limit that the proxy brings with a descriptor; None when it leaves that to the server."""
    if not descriptor.HasField("limit"):
        return None
    # The enums of override and answer agree in numbers.
    unit = _OVERRIDE_UNITS.get(descriptor.limit.unit)
    return None if unit is None else Limit(descriptor.limit.requests_per_unit, unit)


def amount_of(request: Any, descriptor: Any) -> int:
    """How many requests a descriptor asks for; 1 when it does not say."""
    if descriptor.HasField("hits_addend"):
        return int(descriptor.hits_addend.value)
    return int(request.hits_addend) or 1


def unlimited() -> Any:
    """Status of a descriptor that meets no limit."""
    return RateLimitResponse.DescriptorStatus(code=OK)


def status(limit: Limit, level: Level, *, over: bool) -> Any:
    """Status of a descriptor that meets one."""
    reset = duration_pb2.Duration()
    reset.FromMilliseconds(level.reset_ms)
    return RateLimitResponse.DescriptorStatus(
        code=OVER_LIMIT if over else OK,
        current_limit=RateLimitResponse.RateLimit(
            requests_per_unit=limit.requests, unit=_UNITS[limit.unit]
        ),
        limit_remaining=min(level.remaining, 2**32 - 1),
        duration_until_reset=reset,
    )


def grant(answer: Any, granted: int, valid_until_ms: int) -> None:
    """Say in a status how many tokens were granted, and until when they may be used."""
    until = timestamp_pb2.Timestamp()
    until.FromMilliseconds(valid_until_ms)
    answer.quota.CopyFrom(RateLimitResponse.Quota(requests=granted, valid_until=until))


def encode_response(statuses: Sequence[Any], *, over: bool) -> bytes:
    """The bytes of a `RateLimitResponse`."""
    response = RateLimitResponse(overall_code=OVER_LIMIT if over else OK, statuses=statuses)
    data: bytes = response.SerializeToString()
    return data
