"""A span: what is told of one exchange or batch, whatever the format it travels in."""

from dataclasses import dataclass
from typing import Final

SERVER: Final = "SERVER"
CLIENT: Final = "CLIENT"
PRODUCER: Final = "PRODUCER"
CONSUMER: Final = "CONSUMER"


@dataclass(frozen=True, slots=True)
class Span:
    """One exchange as a part of a trace.

    Attributes:
        trace_id: 32 lower-case hexadecimal digits.
        span_id: 16 of them.
        parent_id: 16 of them, or empty for a trace's first span.
        name: What was done: few different names, such as `GET /users/{id}`.
        kind: SERVER, CLIENT, PRODUCER or CONSUMER.
        started_ns: Nanoseconds since 1970.
        duration_ns: Nanoseconds.
        texts: Attributes by name.
        numbers: Attributes that are integers, not below 0, by name.
        failed: Whether the exchange counts as an error.
        trace_state: `tracestate` of the context.
    """

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    started_ns: int
    duration_ns: int
    texts: list[tuple[str, str]]
    numbers: list[tuple[str, int]]
    failed: bool = False
    trace_state: str = ""
