"""Floats: text, arithmetic and rounding, bit for bit against CPython's."""

import math
import operator
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.runtime.harness import Boxed, Double, LinkedRuntime, Runtime, Tagged, outcome

any_float = st.floats() | st.integers(0, 2**64 - 1).map(
    lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0]
)
decimal_float = st.builds(
    lambda digits, exponent: float(f"{digits}e{exponent}"),
    st.integers(0, 10**17),
    st.integers(-30, 10),
)
floats = any_float | decimal_float
numbers = st.integers(-(2**62), 2**62 - 1) | st.integers(-5, 5)


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def bits(value: object) -> object:
    """Distinguishes -0.0 from 0.0; all NaNs are alike."""
    if isinstance(value, tuple):
        return tuple(map(bits, value))
    if not isinstance(value, float):
        return value
    return "nan" if math.isnan(value) else struct.pack("<d", value)


@given(value=floats)
@example(value=5e-324)
@example(value=2.0**-1022)
@example(value=1.7976931348623157e308)
@example(value=2.0**-44)
@example(value=9007199254740993.0)
@example(value=1e16)
@example(value=1e22)
@example(value=123456789012345680.0)
@example(value=-0.0)
@example(value=1e-5)
@example(value=0.0001)
@example(value=8.41e21)
@example(value=2.0**89)
@example(value=9.5367431640625e-07)
def test_repr_is_the_shortest(guest: Runtime, value: float) -> None:
    assert guest.call("PyObject_Repr", value) == repr(value)


@given(exponent=st.integers(-1074, 1023))
def test_repr_of_powers_of_two(guest: Runtime, exponent: int) -> None:
    assert guest.call("PyObject_Repr", 2.0**exponent) == repr(2.0**exponent)


literals = st.one_of(
    floats.map(repr),
    floats.map(lambda value: f"{value:.25e}"),
    st.from_regex(r"\A[ ]?[+-]?[0-9_]{0,25}\.?[0-9]{0,25}(e[+-]?[0-9]{1,3})?\n?\Z"),
    st.text(" \t+-0123456789._eEinfatyNI", max_size=9),
    st.sampled_from(
        ["inf", "-Infinity", "nan", "+NaN", "1_0.0_1", "1__0", "_1", "1_.0", "1e", "é"]
    ),
)


def halfway(mantissa: int, exponent: int) -> str:
    """The exact decimal of a midpoint between two doubles."""
    numerator = 2 * mantissa + 1
    if exponent >= 0:
        return str(numerator << exponent)
    digits = str(numerator * 5**-exponent)
    return f"{digits}e{exponent}"


@given(text=literals)
@example(text="1e400")
@example(text="-1e-400")
@example(text="1.7976931348623158e308")
@example(text="1.7976931348623159e308")
@example(text="2.4703282292062327e-324")
@example(text="2.4703282292062328e-324")
@example(text="0." + "0" * 400 + "1")
@example(text="1" * 400)
@example(text="9007199254740993")
@example(text="1e999999999999999999999")
@example(text="0e99999")
def test_float_of_text(guest: Runtime, text: str) -> None:
    wanted = outcome(lambda: float(text))
    assert bits(outcome(lambda: guest.call("PyFloat_FromString", text))) == bits(wanted)
    data = text.encode()
    got = outcome(lambda: guest.invoke("builtin__float", 0, data))
    assert bits(got) == bits(outcome(lambda: float(data)))


@given(st.integers(2**52, 2**53 - 1), st.integers(-1075, 960), st.sampled_from(["", "0", "1"]))
def test_ties_go_to_even(guest: Runtime, mantissa: int, exponent: int, tail: str) -> None:
    text = halfway(mantissa, exponent)
    digits, _, power = text.partition("e")
    text = f"{digits}.{tail}e{power or 0}" if tail else text
    assert guest.call("PyFloat_FromString", text) == float(text)


@pytest.mark.parametrize("value", [1, True, 2.5, "3.5", b" 4 ", None, [], 2**62 - 1, "x"])
def test_float_of_anything(guest: Runtime, value: object) -> None:
    got = outcome(lambda: guest.invoke("builtin__float", 0, value))
    assert got == outcome(lambda: float(value))  # type: ignore[arg-type]


BINARY = {
    "PyNumber_Add": operator.add,
    "PyNumber_Subtract": operator.sub,
    "PyNumber_Multiply": operator.mul,
    "PyNumber_TrueDivide": operator.truediv,
    "PyNumber_FloorDivide": operator.floordiv,
    "PyNumber_Remainder": operator.mod,
    "PyNumber_Divmod": divmod,
}


@pytest.mark.parametrize("name", BINARY)
@given(left=floats | numbers, right=floats | numbers)
@example(left=5e-324, right=3.0)
@example(left=1e308, right=5e-324)
@example(left=-1.0, right=1e-300)
@example(left=-0.0, right=2.0)
@example(left=1.0, right=math.inf)
@example(left=-1.0, right=math.inf)
def test_arithmetic(guest: Runtime, name: str, left: float, right: float) -> None:
    if isinstance(left, int) and isinstance(right, int):
        left = float(left)
    got = outcome(lambda: guest.call(name, Boxed(left), Boxed(right)))
    assert bits(got) == bits(outcome(lambda: BINARY[name](left, right)))


@given(left=floats, right=floats)
def test_arithmetic_in_registers(guest: Runtime, left: float, right: float) -> None:
    def call(name: str, *values: float) -> object:
        return bits(outcome(lambda: guest.call(name, *map(Double, values), result="raw")))

    assert call("CPyFloat_FloorDivide", left, right) == bits(outcome(lambda: left // right))
    if right and not math.isinf(left):
        assert call("fmod", left, right) == bits(math.fmod(left, right))
    assert call("CPyFloat_Sqrt", left) == bits(outcome(lambda: math.sqrt(left)))
    assert call("copysign", left, right) == bits(math.copysign(left, right))
    assert call("fabs", left) == bits(math.fabs(left))
    assert guest.call("CPyFloat_IsInf", Double(left), result="raw") == math.isinf(left)
    assert guest.call("CPyFloat_IsNaN", Double(left), result="raw") == math.isnan(left)


@given(value=floats)
def test_floor_and_ceiling(guest: Runtime, value: float) -> None:
    def check(name: str, function: Callable[[float], int]) -> None:
        wanted = outcome(lambda: function(value))
        if isinstance(wanted, int) and not -(2**62) <= wanted < 2**62:
            wanted = (OverflowError, "int too large for 63 bits")
        assert outcome(lambda: guest.call(name, Double(value), result="tagged")) == wanted

    check("CPyFloat_Floor", math.floor)
    check("CPyFloat_Ceil", math.ceil)


@given(value=numbers)
def test_from_int(guest: Runtime, value: int) -> None:
    assert guest.call("CPyFloat_FromTagged", Tagged(value), result="raw") == float(value)


@given(left=floats | numbers | st.booleans(), right=floats | numbers | st.none())
@example(left=2.0**53, right=2**53 + 1)
@example(left=math.nan, right=0)
@example(left=0.5, right=0)
@example(left=-0.5, right=0)
def test_comparisons_are_exact(guest: Runtime, left: object, right: object) -> None:
    def check(code: int, compare: Callable[[Any, Any], object], a: object, b: object) -> None:
        got = outcome(lambda: guest.call("PyObject_RichCompare", Boxed(a), Boxed(b), code))
        assert got == outcome(lambda: compare(a, b))

    comparisons = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
    for code, compare in enumerate(comparisons):
        check(code, compare, left, right)
        check(code, compare, right, left)


@given(value=floats)
@example(value=-1.0)
@example(value=2.0**61 - 1)
@example(value=1e300)
def test_hash(guest: Runtime, value: float) -> None:
    address = guest.make(value)
    wanted = 0 if math.isnan(value) else hash(value)
    assert guest.raw("PyObject_Hash", address) == wanted
    guest.release(address)


@given(value=floats)
def test_methods_and_one_operand(guest: Runtime, value: float) -> None:
    assert guest.invoke("method__float__is_integer", value) == value.is_integer()
    assert bits(guest.call("PyNumber_Negative", value)) == bits(-value)
    assert bits(guest.call("PyNumber_Absolute", value)) == bits(abs(value))
    assert guest.call("PyObject_IsTrue", value, result="raw") == bool(value)
    wanted: Any = outcome(value.as_integer_ratio)
    if isinstance(wanted[0], int) and max(map(abs, wanted)) >= 2**61:
        return
    assert outcome(lambda: guest.invoke("method__float__as_integer_ratio", value)) == wanted


def ulps(left: float, right: float) -> int:
    """How many doubles apart."""
    first, second = (struct.unpack("<q", struct.pack("<d", abs(x)))[0] for x in (left, right))
    return abs(int(first) - int(second))


def agrees(got: object, wanted: object) -> bool:
    """The C library that CPython uses may be off by one unit in the last place."""
    if isinstance(got, float) and isinstance(wanted, float):
        return bits(got) == bits(wanted) or (
            math.copysign(1, got) == math.copysign(1, wanted) and ulps(got, wanted) <= 1
        )
    return got == wanted


@given(base=floats, exponent=floats | st.integers(-40, 40).map(float) | st.floats(-5, 5))
@example(base=0.0, exponent=-1.0)
@example(base=-8.0, exponent=1 / 3)
@example(base=1e300, exponent=2.0)
@example(base=-0.0, exponent=3.0)
@example(base=-math.inf, exponent=3.0)
@example(base=-math.inf, exponent=-3.0)
@example(base=0.5, exponent=math.inf)
@example(base=-1.0, exponent=math.inf)
@example(base=10.0, exponent=-320.0)
@example(base=5e-324, exponent=1.0)
@example(base=-5e-304, exponent=-1.5)
def test_powers(guest: Runtime, base: float, exponent: float) -> None:
    def call() -> object:
        return guest.call("CPyFloat_Pow", Double(base), Double(exponent), result="raw")

    assert agrees(outcome(call), outcome(lambda: math.pow(base, exponent)))
    wanted = outcome(lambda: base**exponent)
    if isinstance(wanted, complex) or wanted == (OverflowError, "complex exponentiation"):
        wanted = ValueError, "a negative number to a fraction is complex: not supported"
    assert agrees(outcome(lambda: guest.call("CPyNumber_Power", base, exponent)), wanted)


@given(base=st.integers(-20, 20), exponent=st.integers(-20, -1))
def test_negative_powers_of_ints(guest: Runtime, base: int, exponent: int) -> None:
    got = outcome(lambda: guest.call("CPyNumber_Power", Boxed(base), Boxed(exponent)))
    assert agrees(got, outcome(lambda: base**exponent))


@given(value=floats | st.floats(-750, 750))
def test_exponential_and_logarithm(guest: Runtime, value: float) -> None:
    def check(name: str, function: Callable[[float], float]) -> None:
        got = outcome(lambda: guest.call(name, Double(value), result="raw"))
        assert agrees(got, outcome(lambda: function(value)))

    check("CPyFloat_Exp", math.exp)
    check("CPyFloat_Log", math.log)


@given(value=floats, places=st.integers(-330, 330) | st.integers(-3, 20) | st.none())
@example(value=2.675, places=2)
@example(value=0.5, places=None)
@example(value=1.5, places=None)
@example(value=5e15, places=-16)
@example(value=1.7976931348623157e308, places=-308)
def test_round(guest: Runtime, value: float, places: int | None) -> None:
    wanted = outcome(lambda: round(value, places))
    if isinstance(wanted, int) and not -(2**62) <= wanted < 2**62:
        wanted = (OverflowError, "int too large for 63 bits")
    assert bits(outcome(lambda: guest.invoke("builtin__round", 0, value, places))) == bits(wanted)


@given(value=numbers, places=st.integers(-21, 3))
def test_round_whole_numbers(guest: Runtime, value: int, places: int) -> None:
    wanted = round(value, places)
    if not -(2**62) <= wanted < 2**62:
        return
    assert guest.invoke("builtin__round", 0, value, places) == wanted
