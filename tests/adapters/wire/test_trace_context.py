"""Trace contexts of W3C and B3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.wire import trace_context
from adapters.wire.trace_context import TraceContext
from tests.adapters.wire.strategies import span_ids, texts, trace_ids

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
OF_SPAN = f"{TRACE}-{SPAN}"

contexts = st.builds(TraceContext, trace_ids, span_ids, st.booleans())


@pytest.mark.parametrize(
    ("value", "sampled"),
    [
        (f"00-{OF_SPAN}-00", False),
        (f"00-{OF_SPAN}-01", True),
        (f"00-{OF_SPAN}-02", False),
        (f"00-{OF_SPAN}-ff", True),
        (f"01-{OF_SPAN}-01", True),
        (f"cc-{OF_SPAN}-01-what-the-future-will-be-like", True),
        (f"cc-{OF_SPAN}-01-", True),
    ],
)
def test_a_traceparent(value: str, sampled: bool) -> None:
    assert trace_context.read_traceparent(value) == TraceContext(TRACE, SPAN, sampled)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "00",
        f"ff-{OF_SPAN}-01",
        f"00-{OF_SPAN}-01-",
        f"00-{OF_SPAN}-01.",
        f"01-{OF_SPAN}-01.",
        f"00-{OF_SPAN}-1",
        f"00-{OF_SPAN}-0G",
        f"00_{OF_SPAN}-01",
        f"0x-{OF_SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN.upper()}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE[1:]}-{SPAN}-01-",
        f" 00-{OF_SPAN}-01",
    ],
)
def test_what_breaks_the_rules_is_no_traceparent(value: str) -> None:
    """The cases of the W3C's own validation suite among them."""
    assert trace_context.read_traceparent(value) is None


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        ("a=1 ,\t b=2,, ", "a=1,b=2"),
        ("no equals", ""),
        ("=value", ""),
        ("key=", ""),
        (",".join(f"k{i}=v" for i in range(32)), ",".join(f"k{i}=v" for i in range(32))),
        (",".join(f"k{i}=v" for i in range(33)), ""),
        ("k=" + "v" * 511, ""),
    ],
)
def test_trace_state_is_passed_on_or_dropped(state: str, kept: str) -> None:
    context = trace_context.read_traceparent(f"00-{OF_SPAN}-01", state)
    assert context is not None
    assert context.state == kept


@pytest.mark.parametrize(
    ("value", "context"),
    [
        (OF_SPAN, TraceContext(TRACE, SPAN, None)),
        (f"{OF_SPAN}-1", TraceContext(TRACE, SPAN, True)),
        (f"{OF_SPAN}-0", TraceContext(TRACE, SPAN, False)),
        (f"{OF_SPAN}-d", TraceContext(TRACE, SPAN, True)),
        (f"{OF_SPAN}-1-05e3ac9a4f6e3b90", TraceContext(TRACE, SPAN, True)),
        (f"{SPAN}-{SPAN}-1", TraceContext("0" * 16 + SPAN, SPAN, True)),
        (f"{TRACE.upper()}-{SPAN}", TraceContext(TRACE, SPAN, None)),
        ("0", None),
        ("1", None),
        ("", None),
        (f"{OF_SPAN}-2", None),
        (f"{OF_SPAN}-1-short", None),
        (f"{OF_SPAN}-1-{SPAN}-more", None),
        (f"{TRACE}-{'0' * 16}", None),
        (f"{TRACE[:20]}-{SPAN}", None),
        (f"{'x' * 32}-{SPAN}", None),
    ],
)
def test_a_b3_header(value: str, context: TraceContext | None) -> None:
    assert trace_context.read_b3(value) == context


@pytest.mark.parametrize(
    ("headers", "context"),
    [
        ({}, None),
        ({"traceparent": f"00-{OF_SPAN}-01"}, TraceContext(TRACE, SPAN, True)),
        (
            {"traceparent": f"00-{OF_SPAN}-01", "b3": f"{SPAN}-{SPAN}-0", "tracestate": "a=1"},
            TraceContext(TRACE, SPAN, True, "a=1"),
        ),
        ({"traceparent": "no", "b3": f"{OF_SPAN}-0"}, TraceContext(TRACE, SPAN, False)),
        ({"tracestate": "a=1"}, None),
        ({"x-b3-traceid": TRACE, "x-b3-spanid": SPAN}, TraceContext(TRACE, SPAN, None)),
        (
            {"x-b3-traceid": SPAN, "x-b3-spanid": SPAN, "x-b3-sampled": "true"},
            TraceContext("0" * 16 + SPAN, SPAN, True),
        ),
        (
            {"x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "0", "x-b3-flags": "1"},
            TraceContext(TRACE, SPAN, True),
        ),
        ({"x-b3-traceid": TRACE}, None),
        ({"x-b3-spanid": SPAN}, None),
    ],
)
def test_a_requests_headers(headers: dict[str, str], context: TraceContext | None) -> None:
    assert trace_context.read(headers.get) == context


@pytest.mark.parametrize(
    ("headers", "decision"),
    [
        ({}, None),
        ({"b3": "0"}, False),
        ({"b3": "1"}, True),
        ({"b3": "d"}, True),
        ({"x-b3-sampled": "1"}, True),
        ({"x-b3-sampled": "false"}, False),
        ({"x-b3-flags": "1"}, True),
        ({"x-b3-flags": "0"}, None),
        ({"x-b3-sampled": "maybe"}, None),
    ],
)
def test_a_decision_without_a_trace(headers: dict[str, str], decision: bool | None) -> None:
    assert trace_context.read_decision(headers.get) == decision


@given(contexts)
def test_what_is_written_is_read(context: TraceContext) -> None:
    assert trace_context.read_traceparent(trace_context.traceparent(context)) == context
    assert trace_context.read_b3(trace_context.b3(context)) == context
    assert trace_context.read_b3(trace_context.b3(context, SPAN)) == context
    assert trace_context.read(dict(trace_context.b3_headers(context, SPAN)).get) == context


@given(st.dictionaries(st.sampled_from(["traceparent", "tracestate", "b3", "x-b3-traceid"]), texts))
def test_nothing_is_raised(headers: dict[str, str]) -> None:
    trace_context.read(headers.get)
    trace_context.read_decision(headers.get)


def test_an_undecided_context_is_written() -> None:
    context = TraceContext(TRACE, SPAN, None)
    assert trace_context.b3(context, SPAN) == OF_SPAN
    assert trace_context.b3_headers(context) == [("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN)]
    assert trace_context.traceparent(context) == f"00-{OF_SPAN}-00"
