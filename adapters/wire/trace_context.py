"""Trace contexts that requests carry: W3C Trace Context and B3, read and written.

    context = trace_context.read(headers.get)        # None: nothing, or nothing of worth

Of several contexts in one request W3C's counts, then the single B3 header's. Whatever a client
sends, nothing is raised: a context that breaks its standard's rules is none.

Sources: W3C Trace Context (Recommendation, November 2021), section 3; openzipkin/b3-propagation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

TRACEPARENT: Final = "traceparent"
TRACESTATE: Final = "tracestate"
B3: Final = "b3"
B3_TRACE_ID: Final = "x-b3-traceid"
B3_SPAN_ID: Final = "x-b3-spanid"
B3_PARENT_ID: Final = "x-b3-parentspanid"
B3_SAMPLED: Final = "x-b3-sampled"
B3_FLAGS: Final = "x-b3-flags"

_TRACE_DIGITS: Final = 32
_SHORT_TRACE_DIGITS: Final = 16
_SPAN_DIGITS: Final = 16
_TRACEPARENT_LENGTH: Final = 55
_NO_TRACE: Final = "0" * _TRACE_DIGITS
_NO_SPAN: Final = "0" * _SPAN_DIGITS

_SAMPLED_FLAG: Final = 1

_MAX_STATE_CHARACTERS: Final = 512
_MAX_STATE_MEMBERS: Final = 32


@dataclass(frozen=True, slots=True)
class TraceContext:
    """Where in which trace a request is.

    Attributes:
        trace_id: 32 lower-case hexadecimal digits, not all 0. A 64-bit id of B3 has zeros in front.
        span_id: 16 of them: the span of who sent the request.
        sampled: Whether the sender records the trace; None when it leaves that to the receiver.
        state: `tracestate`, which only its owners understand; empty when there is none.
    """

    trace_id: str
    span_id: str
    sampled: bool | None
    state: str = ""


def read(header: Callable[[str], str | None]) -> TraceContext | None:
    """The context of a request; None when it carries none that is valid.

    Args:
        header: Gives the value of a header by its name, None where there is none.
    """
    value = header(TRACEPARENT)
    if value is not None:
        context = read_traceparent(value, header(TRACESTATE) or "")
        if context is not None:
            return context
    value = header(B3)
    if value is not None:
        context = read_b3(value)
        if context is not None:
            return context
    value = header(B3_TRACE_ID)
    if value is None:
        return None
    return read_b3_headers(
        value, header(B3_SPAN_ID) or "", header(B3_SAMPLED) or "", header(B3_FLAGS) or ""
    )


def read_decision(header: Callable[[str], str | None]) -> bool | None:
    """Whether a sender that names no trace wants one; None when it does not say. Only B3 can."""
    value = header(B3)
    if value is None:
        if header(B3_FLAGS) == "1":
            return True
        value = header(B3_SAMPLED) or ""
    return read_b3_decision(value)


def read_traceparent(value: str, state: str = "") -> TraceContext | None:
    """The context in a `traceparent`; None when it is invalid.

    Args:
        value: Value of the header.
        state: Value of `tracestate`; of several, joined with commas.
    """
    if len(value) < _TRACEPARENT_LENGTH:
        return None
    version = value[0:2]
    if not _is_hex(version) or version == "ff":
        return None
    # What a later version adds comes behind; version 00 ends here.
    if len(value) > _TRACEPARENT_LENGTH and (version == "00" or value[55] != "-"):
        return None
    if value[2] != "-" or value[35] != "-" or value[52] != "-":
        return None
    trace_id, span_id, flags = value[3:35], value[36:52], value[53:55]
    if not (_is_hex(trace_id) and _is_hex(span_id) and _is_hex(flags)):
        return None
    if trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    sampled = int(flags, 16) & _SAMPLED_FLAG == _SAMPLED_FLAG
    return TraceContext(trace_id, span_id, sampled, _kept_state(state))


def traceparent(context: TraceContext) -> str:
    """Value of the header that says a context; undecided is not sampled."""
    return f"00-{context.trace_id}-{context.span_id}-{'01' if context.sampled else '00'}"


def read_b3(value: str) -> TraceContext | None:
    """The context in a single `b3` header; None when it is invalid, or says only `0`."""
    parts = value.split("-")
    if not 2 <= len(parts) <= 4:
        return None
    sampled: bool | None = None
    if len(parts) >= 3:
        if parts[2] not in ("0", "1", "d"):
            return None
        sampled = parts[2] != "0"
    if len(parts) == 4 and not (len(parts[3]) == _SPAN_DIGITS and _is_hex(parts[3])):
        return None
    return _b3_context(parts[0], parts[1], sampled)


def read_b3_decision(value: str) -> bool | None:
    """Whether a sender that names no trace wants one: `0` no, `1` and `d` yes; None when unsaid."""
    if value in ("1", "d", "true"):
        return True
    if value in ("0", "false"):
        return False
    return None


def read_b3_headers(
    trace_id: str, span_id: str, sampled: str, flags: str = ""
) -> TraceContext | None:
    """The context in the `x-b3-*` headers, empty where one is missing; None when it is invalid."""
    decision = True if flags == "1" else read_b3_decision(sampled)
    return _b3_context(trace_id, span_id, decision)


def b3(context: TraceContext, parent_id: str = "") -> str:
    """Value of the single `b3` header that says a context."""
    text = f"{context.trace_id}-{context.span_id}"
    if context.sampled is None:
        return text
    text += "-1" if context.sampled else "-0"
    return f"{text}-{parent_id}" if parent_id else text


def b3_headers(context: TraceContext, parent_id: str = "") -> list[tuple[str, str]]:
    """The `x-b3-*` headers that say a context."""
    headers = [(B3_TRACE_ID, context.trace_id), (B3_SPAN_ID, context.span_id)]
    if parent_id:
        headers.append((B3_PARENT_ID, parent_id))
    if context.sampled is not None:
        headers.append((B3_SAMPLED, "1" if context.sampled else "0"))
    return headers


def _b3_context(trace_id: str, span_id: str, sampled: bool | None) -> TraceContext | None:
    trace_id = trace_id.lower()
    span_id = span_id.lower()
    if len(trace_id) == _SHORT_TRACE_DIGITS:
        trace_id = _NO_SPAN + trace_id
    if len(trace_id) != _TRACE_DIGITS or len(span_id) != _SPAN_DIGITS:
        return None
    if not (_is_hex(trace_id) and _is_hex(span_id)):
        return None
    if trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    return TraceContext(trace_id, span_id, sampled)


def _kept_state(state: str) -> str:
    """A `tracestate` as it is passed on: nothing of one that is malformed or too long.

    Section 3.3.1.5 lets who cannot carry a long one drop it.
    """
    if len(state) > _MAX_STATE_CHARACTERS:
        return ""
    members: list[str] = []
    for part in state.split(","):
        member = part.strip(" \t")
        if member:
            key, equals, value = member.partition("=")
            if not key or not equals or not value:
                return ""
            members.append(member)
    if len(members) > _MAX_STATE_MEMBERS:
        return ""
    return ",".join(members)


def _is_hex(text: str) -> bool:
    """Whether all characters are lower-case hexadecimal digits."""
    return not text.strip("0123456789abcdef")
