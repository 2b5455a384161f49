"""Values that the formats carry."""

from hypothesis import strategies as st

from adapters.wire.span import CLIENT, SERVER, Span

NO_UNICODE = "\udc80"

texts = st.text(max_size=20) | st.binary(max_size=20).map(
    lambda data: data.decode("utf-8", "surrogateescape")
)
numbers = st.integers(0, 2**62 - 1)


def hex_ids(digits: int) -> st.SearchStrategy[str]:
    return st.integers(1, 16**digits - 1).map(lambda number: f"{number:0{digits}x}")


trace_ids = hex_ids(32)
span_ids = hex_ids(16)

spans = st.builds(
    Span,
    trace_id=trace_ids,
    span_id=span_ids,
    parent_id=span_ids | st.just(""),
    name=texts,
    kind=st.sampled_from([SERVER, CLIENT]),
    started_ns=st.integers(0, 2**61),
    duration_ns=st.integers(0, 2**60),
    texts=st.lists(st.tuples(texts, texts), max_size=5, unique_by=lambda pair: clean(pair[0])),
    numbers=st.lists(st.tuples(texts, numbers), max_size=5),
    failed=st.booleans(),
    trace_state=texts,
)


def clean(text: str) -> str:
    """What arrives of a text."""
    return text.encode("utf-8", "replace").decode()
