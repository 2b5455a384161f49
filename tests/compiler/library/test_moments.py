"""datetime and math of compiled filters against CPython's."""

import math
import re
import struct
from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.library.differential import differential

PIECES = [
    "2024",
    "-",
    "02",
    "29",
    "T",
    " ",
    "12",
    ":",
    "30",
    ".",
    "5",
    "123456",
    "Z",
    "+",
    "00",
    "0",
]
PIECES += [
    "24",
    "99",
    ",",
    "1999-12-31",
    "2000-01-01T",
    "12:34:56",
    "+01:00",
    "-0130",
    "x",
    "9999999",
]
zones = st.integers(-86399, 86399).map(lambda s: timezone(timedelta(seconds=s)))
aware = st.datetimes(timezones=zones, min_value=datetime(2, 1, 1))  # noqa: DTZ001
moments = (st.datetimes() | aware).map(str)
soup = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


# ISO 8601 without weeks, and time zones as CPython writes them.
CLOCK = r"\d\d(:\d\d(:\d\d([.,]\d+)?)?|\d\d(\d\d([.,]\d+)?)?)?"
ISO = re.compile(rf"(\d{{4}}-\d\d-\d\d|\d{{8}})(.{CLOCK}(Z|[+-]{CLOCK})?)?")


@settings(max_examples=800)
@given(moments | soup, st.integers(-(2**56), 2**57) | st.integers(-(10**12), 10**12))
def test_as_in_cpython(text: str, microseconds: int) -> None:
    request = f"{text}\n{microseconds}".encode()
    compiled, native = (
        differential("moments").compiled(request),
        differential("moments").native(request),
    )
    if compiled != native:
        # CPython 3.11 lets some texts through that are not of the format: 2000-01-01T0229:Z.
        assert not ISO.fullmatch(text)
        assert compiled[-1].startswith("Invalid isoformat string")


@settings(max_examples=800)
@given(st.floats(-1e12, 1e12) | st.floats(0, 10) | st.floats())
def test_mathematics(value: float) -> None:
    """At most the last bit may differ: the C library does not always round correctly."""
    data = struct.pack("<d", value)
    compiled, native = (
        differential("mathematics").compiled(data),
        differential("mathematics").native(data),
    )
    for ours, theirs in zip(compiled, native, strict=True):
        if ours != theirs:
            assert abs(float(ours) - float(theirs)) <= math.ulp(float(theirs)), (ours, theirs)


def test_nothing_is_left_behind() -> None:
    differential("moments").check_growth(b"2024-02-29T01:02:03.5+01:00\n12345678")
