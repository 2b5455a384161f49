"""Envoy's RateLimitService v3: questions and answers.

Source: `envoy/service/ratelimit/v3/rls.proto`, `envoy/extensions/common/ratelimit/v3/
ratelimit.proto`.
"""

from dataclasses import dataclass
from typing import Final

from adapters.wire.protobuf import MessageReader, MessageWriter, ProtobufError

SERVICE: Final = "envoy.service.ratelimit.v3.RateLimitService"
METHOD: Final = "ShouldRateLimit"

UNKNOWN: Final = 0
OK: Final = 1
OVER_LIMIT: Final = 2

_UNIT_SECONDS: Final = [0, 1, 60, 3_600, 86_400, 2_592_000, 31_536_000, 604_800]
"""By number of `RateLimitResponse.RateLimit.Unit`: unknown, second, ... month, year, week."""

_MAX_SECONDS: Final = 315_576_000_000
"""Of a `google.protobuf.Duration`."""


@dataclass(frozen=True, slots=True)
class LimitStatus:
    """What the service says about one descriptor.

    Attributes:
        code: OK, OVER_LIMIT or UNKNOWN.
        requests_per_unit: The limit; 0 when none applies.
        unit_seconds: Length of the limit's window; 0 when unknown.
        remaining: Requests left in the window.
        reset_ms: Milliseconds until the window ends, rounded up.
        granted: Tokens of a quota; 0 when the answer grants none.
    """

    code: int
    requests_per_unit: int
    unit_seconds: int
    remaining: int
    reset_ms: int
    granted: int = 0

    @property
    def reset_seconds(self) -> int:
        """Until the window ends, rounded up."""
        return (self.reset_ms + 999) // 1_000


@dataclass(frozen=True, slots=True)
class LimitAnswer:
    """The service's answer.

    Attributes:
        code: OK, OVER_LIMIT or UNKNOWN, over all descriptors.
        statuses: For each descriptor of the question.
    """

    code: int
    statuses: list[LimitStatus]

    def granted(self) -> int:
        """Tokens granted by all limits that apply; 0 when none applies."""
        found = 0
        for status in self.statuses:
            if status.granted > 0 and (found == 0 or status.granted < found):
                found = status.granted
        return found

    def tightest(self) -> LimitStatus | None:
        """The status that tells the client most: over the limit, else with the least remaining."""
        found: LimitStatus | None = None
        for status in self.statuses:
            if status.requests_per_unit > 0 and (
                found is None
                or (status.code == OVER_LIMIT) > (found.code == OVER_LIMIT)
                or ((status.code == found.code) and status.remaining < found.remaining)
            ):
                found = status
        return found


def encode_request(domain: str, descriptors: list[list[tuple[str, str]]], hits: int) -> bytes:
    """A question.

    Args:
        domain: Namespace of the limits.
        descriptors: Each a list of keys and values.
        hits: Requests that it is asked for, at least 1.
    """
    request = MessageWriter()
    request.text(1, domain)
    for entries in descriptors:
        descriptor = MessageWriter()
        for key, value in entries:
            entry = MessageWriter()
            entry.text(1, key)
            entry.text(2, value)
            descriptor.message(1, entry)
        request.message(2, descriptor)
    request.varint(3, hits)
    return request.finish()


def decode_response(data: bytes) -> LimitAnswer:
    """An answer.

    Raises:
        ProtobufError: that is none.
    """
    answer = MessageReader(data)
    return LimitAnswer(answer.integer(1), [_status(status) for status in answer.inners(2)])


def _status(status: MessageReader) -> LimitStatus:
    limit = status.inner(2)
    unit = limit.integer(2)
    return LimitStatus(
        status.integer(1),
        limit.integer(1),
        _UNIT_SECONDS[unit] if 0 <= unit < len(_UNIT_SECONDS) else 0,
        status.integer(3),
        _milliseconds_rounded_up(status.inner(4)),
        status.inner(5).integer(1),
    )


def _milliseconds_rounded_up(duration: MessageReader) -> int:
    seconds = duration.integer(1)
    nanoseconds = duration.integer(2)
    if not 0 <= seconds <= _MAX_SECONDS or not 0 <= nanoseconds < 1_000_000_000:
        raise ProtobufError(f"a duration of {seconds} s and {nanoseconds} ns")
    return seconds * 1_000 + (nanoseconds + 999_999) // 1_000_000
