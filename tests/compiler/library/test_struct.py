"""struct of compiled filters against CPython's, as far as ints have 63 bits."""

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.library.differential import differential

orders = st.sampled_from(["", "@", "=", "<", ">", "!"])
codes = st.lists(
    st.sampled_from(
        ["b", "B", "h", "H", "i", "I", "q", "Q", "e", "f", "d", "?", "c", "x", "4s", "3p"]
    )
    | st.sampled_from(["2h", "0i", " ", "l", "L", "n", "y", "3", "0s", "P", "1p"]),
    max_size=5,
).map("".join)


def fits(form: str, data: bytes) -> bool:
    """Whether all values have 63 bits; then they are compared."""
    try:
        size = struct.calcsize(form)
        values = struct.unpack(form, (data * (size + 1))[:size] if data else bytes(size))
    except struct.error:
        return True
    return all(not isinstance(v, int) or -(2**62) <= v < 2**62 for v in values)


@settings(max_examples=800)
@given(orders, codes, st.binary(max_size=9))
def test_as_in_cpython(order: str, form: str, data: bytes) -> None:
    compiled = differential("structs").compiled(f"{order}{form}\n".encode() + data)
    if fits(order + form, data):
        assert compiled == differential("structs").native(f"{order}{form}\n".encode() + data)
    else:
        assert compiled == ["too large"]


@given(st.floats(), st.sampled_from(["e", "f", "d"]))
def test_floats_are_rounded_as_in_cpython(value: float, code: str) -> None:
    data = struct.pack("d", value)
    differential("structs").check(f"{code}d\n".encode() + data * 2)
    differential("float_bytes").check(code.encode() + data)


def test_nothing_is_left_behind() -> None:
    differential("structs").check_growth(b"<bHq3s\n123456789")
