"""Whole numbers: arithmetic in registers and on objects, text and bytes, against CPython's."""

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.runtime.harness import Boxed, Double, LinkedRuntime, Runtime, Tagged, outcome

LOWEST, HIGHEST = -(2**62), 2**62 - 1
OVERFLOW = (OverflowError, "int too large for 63 bits")

edges = [0, 1, -1, 2, -2, 7, -7, 2**31, -(2**31), 2**32 - 1, LOWEST, LOWEST + 1, HIGHEST]
numbers = st.one_of(st.sampled_from(edges), st.integers(-100, 100), st.integers(LOWEST, HIGHEST))


@pytest.fixture(scope="module")
def guest(linked: LinkedRuntime) -> Runtime:
    return Runtime(linked)


def exact(function: Callable[[], object]) -> object:
    """CPython's outcome under the law of 63 bits."""
    result = outcome(function)
    if isinstance(result, int) and not LOWEST <= result <= HIGHEST:
        return OVERFLOW
    return result


BINARY = {
    "CPyTagged_Add": operator.add,
    "CPyTagged_Subtract": operator.sub,
    "CPyTagged_Multiply": operator.mul,
    "CPyTagged_FloorDivide": operator.floordiv,
    "CPyTagged_Remainder": operator.mod,
    "CPyTagged_And": operator.and_,
    "CPyTagged_Or": operator.or_,
    "CPyTagged_Xor": operator.xor,
}


@pytest.mark.parametrize("name", BINARY)
@given(left=numbers, right=numbers)
def test_arithmetic_in_registers(guest: Runtime, name: str, left: int, right: int) -> None:
    got = outcome(lambda: guest.call(name, Tagged(left), Tagged(right), result="tagged"))
    assert got == exact(lambda: BINARY[name](left, right))


@given(left=st.integers(-(2**33), 2**33), right=st.integers(-(2**33), 2**33))
def test_products_around_the_limit(guest: Runtime, left: int, right: int) -> None:
    got = outcome(
        lambda: guest.call("CPyTagged_Multiply", Tagged(left), Tagged(right), result="tagged")
    )
    assert got == exact(lambda: left * right)


@given(value=numbers, count=st.integers(-2, 70))
def test_shifts(guest: Runtime, value: int, count: int) -> None:
    def check(name: str, shift: Callable[[int, int], int]) -> None:
        got = outcome(lambda: guest.call(name, Tagged(value), Tagged(count), result="tagged"))
        assert got == exact(lambda: shift(value, count))

    check("CPyTagged_Lshift", operator.lshift)
    check("CPyTagged_Rshift", operator.rshift)


@given(value=numbers)
def test_one_operand(guest: Runtime, value: int) -> None:
    def call(name: str) -> object:
        return outcome(lambda: guest.call(name, Tagged(value), result="tagged"))

    assert call("CPyTagged_Negate") == exact(lambda: -value)
    assert call("CPyTagged_Invert") == ~value
    assert call("CPyTagged_BitLength") == value.bit_length()
    assert guest.call("CPyTagged_Str", Tagged(value)) == str(value)
    assert guest.call("CPyTagged_AsciiBytes", Tagged(value)) == str(value).encode()
    assert guest.call("PyObject_Repr", Boxed(value)) == repr(value)
    address = guest.make(value)
    assert guest.raw("PyObject_Hash", address) == hash(value)
    guest.release(address)


@given(left=numbers, right=numbers)
@example(left=2**60 + 1, right=3)
@example(left=2**53 + 1, right=1)
def test_true_division_rounds_once(guest: Runtime, left: int, right: int) -> None:
    got = outcome(
        lambda: guest.call("CPyTagged_TrueDivide", Tagged(left), Tagged(right), result="raw")
    )
    assert got == outcome(lambda: left / right)


def floor_division(left: int, right: int, bits: int) -> int:
    if right == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    if (quotient := left // right) == 2 ** (bits - 1):
        raise OverflowError("integer division overflow")
    return quotient


@pytest.mark.parametrize("bits", [16, 32, 64])
@given(data=st.data())
def test_fixed_width_division(guest: Runtime, bits: int, data: st.DataObject) -> None:
    limit = 2 ** (bits - 1)
    native = st.sampled_from([-limit, -1, 0, 1, limit - 1]) | st.integers(-limit, limit - 1)
    left, right = data.draw(native), data.draw(native)
    got = outcome(lambda: guest.call(f"CPyInt{bits}_Divide", left, right, result="raw"))
    assert got == outcome(lambda: floor_division(left, right, bits))
    got = outcome(lambda: guest.call(f"CPyInt{bits}_Remainder", left, right, result="raw"))
    by_zero = (ZeroDivisionError, "integer division or modulo by zero")
    assert got == (left % right if right else by_zero)


OBJECT_BINARY = {
    "PyNumber_Add": operator.add,
    "PyNumber_Subtract": operator.sub,
    "PyNumber_Multiply": operator.mul,
    "PyNumber_FloorDivide": operator.floordiv,
    "PyNumber_TrueDivide": operator.truediv,
    "PyNumber_Remainder": operator.mod,
    "PyNumber_Divmod": divmod,
    "PyNumber_And": operator.and_,
    "PyNumber_Or": operator.or_,
    "PyNumber_Xor": operator.xor,
    "PyNumber_InPlaceAdd": operator.iadd,
    "PyNumber_InPlaceOr": operator.ior,
}
some = st.one_of(st.integers(-50, 50), st.booleans(), st.none(), st.just("ab"), st.just([1]))


@pytest.mark.parametrize("name", OBJECT_BINARY)
@given(left=some, right=some)
def test_arithmetic_on_objects(guest: Runtime, name: str, left: object, right: object) -> None:
    if name == "PyNumber_InPlaceAdd" and isinstance(left, list):
        return  # changes what it is given: test_list
    got = outcome(lambda: guest.call(name, Boxed(left), Boxed(right)))
    wanted = outcome(lambda: OBJECT_BINARY[name](left, right))
    assert got == wanted
    assert type(got) is type(wanted)


@given(value=st.integers(-50, 50) | st.booleans() | st.none() | st.just("x") | st.just(1.5))
def test_one_object(guest: Runtime, value: object) -> None:
    def check(name: str, function: Callable[[Any], object]) -> None:
        got = outcome(lambda: guest.call(f"PyNumber_{name}", Boxed(value)))
        assert got == outcome(lambda: function(value))

    check("Negative", operator.neg)
    check("Positive", operator.pos)
    check("Invert", operator.invert)
    check("Absolute", abs)


@given(base=st.integers(-20, 20) | numbers, exponent=st.integers(0, 70))
def test_powers(guest: Runtime, base: int, exponent: int) -> None:
    got = outcome(lambda: guest.call("CPyNumber_Power", Boxed(base), Boxed(exponent)))
    assert got == exact(lambda: base**exponent)


@given(base=numbers, exponent=st.integers(-10, 1000), modulus=numbers)
def test_modular_powers(guest: Runtime, base: int, exponent: int, modulus: int) -> None:
    def call() -> object:
        return guest.call("PyNumber_Power", Boxed(base), Boxed(exponent), Boxed(modulus))

    assert outcome(call) == outcome(lambda: pow(base, exponent, modulus))


literals = st.one_of(
    st.integers(-(2**63), 2**63).map(str),
    st.text(" \t\n0123456789_+-xXbBoOaAfFzZ.", max_size=8),
    st.sampled_from(["0x_1f", "0b101", "0o17", "-0X1F", "00", "0_0", "017", "", "_1", "1__0", "é"]),
)


@given(text=literals, base=st.sampled_from([10, 0, 2, 8, 16, 36]) | st.integers(-1, 40))
@example(text="0x", base=16)
@example(text="4611686018427387904", base=10)
@example(text="-4611686018427387904", base=10)
def test_int_of_text(guest: Runtime, text: str, base: int) -> None:
    wanted = exact(lambda: int(text, base))
    assert outcome(lambda: guest.call("CPyLong_FromStrWithBase", text, Tagged(base))) == wanted
    data = text.encode()
    got = outcome(lambda: guest.invoke("builtin__int", 0, data, base=base))
    assert got == exact(lambda: int(data, base))


@pytest.mark.parametrize(
    "value", ["12", b"7", 3, True, 2.9, -2.9, None, [], "x", 1e300, float("nan")]
)
def test_int_of_anything(guest: Runtime, value: object) -> None:
    got = outcome(lambda: guest.invoke("builtin__int", 0, value))
    assert got == exact(lambda: int(value))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("args", "keywords"),
    [((), {}), ((1,), {"base": 2}), ((), {"base": 2}), ((1, 2, 3), {}), ((), {"x": 1})],
)
def test_int_without_text_to_read(
    guest: Runtime, args: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    got = outcome(lambda: guest.invoke("builtin__int", 0, *args, **keywords))
    assert got == outcome(lambda: int(*args, **keywords))


@given(value=numbers, length=st.integers(-1, 10), little=st.booleans(), signed=st.booleans())
@example(value=-1, length=0, little=False, signed=True)
def test_to_bytes_and_back(
    guest: Runtime, value: int, length: int, little: bool, signed: bool
) -> None:
    order = "little" if little else "big"
    wanted = outcome(lambda: value.to_bytes(length, order, signed=signed))  # type: ignore[arg-type]
    name = "CPyTagged_ToLittleEndianBytes" if little else "CPyTagged_ToBigEndianBytes"
    assert outcome(lambda: guest.call(name, Tagged(value), length, signed)) == wanted
    got = outcome(
        lambda: guest.invoke("method__int__to_bytes", Boxed(value), length, order, signed=signed)
    )
    assert got == wanted


@given(data=st.binary(max_size=10), little=st.booleans(), signed=st.booleans())
def test_from_bytes(guest: Runtime, data: bytes, little: bool, signed: bool) -> None:
    order = "little" if little else "big"
    got = outcome(
        lambda: guest.invoke("method__int__from_bytes", Boxed(1), data, order, signed=signed)
    )
    assert got == exact(lambda: int.from_bytes(data, order, signed=signed))  # type: ignore[arg-type]


@given(
    data=st.binary(max_size=20),
    start=st.integers(-22, 22),
    end=st.integers(-22, 22),
    little=st.booleans(),
)
@example(data=bytes(range(16)), start=8, end=16, little=True)
def test_from_a_part_of_bytes(
    guest: Runtime, data: bytes, start: int, end: int, little: bool
) -> None:
    order = "little" if little else "big"
    got = outcome(
        lambda: guest.call(
            f"int_from_{order}_endian_part", data, Tagged(start), Tagged(end), result="tagged"
        )
    )
    assert got == exact(lambda: int.from_bytes(data[start:end], order))  # type: ignore[arg-type]


@given(left=st.binary(max_size=10), value=numbers, length=st.integers(-1, 10), signed=st.booleans())
@example(left=b"", value=-1, length=8, signed=True)
@example(left=b"a", value=1, length=8, signed=False)
def test_bytes_and_a_number(
    guest: Runtime, left: bytes, value: int, length: int, signed: bool
) -> None:
    got = outcome(
        lambda: guest.call("bytes_add_little_endian", left, Tagged(value), length, signed)
    )
    assert got == outcome(lambda: left + value.to_bytes(length, "little", signed=signed))


sizes = st.just(8) | st.integers(-1, 10)


@given(left=numbers, size=sizes, value=numbers, length=sizes, signed=st.booleans())
@example(left=1, size=8, value=2, length=8, signed=False)
@example(left=-1, size=8, value=2, length=8, signed=False)
@example(left=1, size=8, value=-2, length=8, signed=False)
def test_two_numbers(
    guest: Runtime, left: int, size: int, value: int, length: int, signed: bool
) -> None:
    numbers_ = (Tagged(left), size, signed, Tagged(value), length, signed)

    got = outcome(lambda: guest.call("bytes_of_little_endian_pair", *numbers_))

    assert got == outcome(
        lambda: (
            left.to_bytes(size, "little", signed=signed)
            + value.to_bytes(length, "little", signed=signed)
        )
    )


def test_byte_order_is_one_of_two(guest: Runtime) -> None:
    got = outcome(lambda: guest.call("CPyTagged_ToBytes", Tagged(1), 2, "middle", 0))
    assert got == (ValueError, "byteorder must be either 'little' or 'big'")


@given(value=numbers)
def test_methods(guest: Runtime, value: int) -> None:
    for method in ("bit_length", "bit_count", "conjugate", "as_integer_ratio"):
        got = guest.invoke(f"method__int__{method}", Boxed(value))
        assert got == getattr(value, method)()


@given(value=st.floats())
@example(value=2.0**62)
@example(value=-(2.0**62))
@example(value=-0.5)
def test_from_float(guest: Runtime, value: float) -> None:
    got = outcome(lambda: guest.call("CPyTagged_FromFloat", Double(value), result="tagged"))
    assert got == exact(lambda: int(value))


@pytest.mark.parametrize(
    ("name", "low", "high", "message"),
    [
        ("CPyLong_AsInt32", -(2**31), 2**31 - 1, "int too large to convert to i32"),
        ("CPyLong_AsInt16", -(2**15), 2**15 - 1, "int too large to convert to i16"),
        ("CPyLong_AsUInt8", 0, 255, "int too large or small to convert to u8"),
    ],
)
def test_unboxing_to_machine_integers(
    guest: Runtime, name: str, low: int, high: int, message: str
) -> None:
    def call(value: object) -> object:
        return outcome(lambda: guest.call(name, Boxed(value), result="raw"))

    assert [call(value) for value in (low, high, 0)] == [low, high, 0]
    assert call(low - 1) == call(high + 1) == (ValueError, message)
    assert call("x") == (TypeError, "'str' object cannot be interpreted as an integer")


comparisons = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]


@given(
    left=st.integers(-3, 3) | st.booleans(), right=st.integers(-3, 3) | st.booleans() | st.none()
)
def test_comparisons(guest: Runtime, left: object, right: object) -> None:
    def check(code: int, compare: Callable[[Any, Any], object]) -> None:
        got = outcome(lambda: guest.call("PyObject_RichCompare", Boxed(left), Boxed(right), code))
        assert got == outcome(lambda: compare(left, right))

    for code, compare in enumerate(comparisons):
        check(code, compare)


@given(left=st.booleans(), right=st.booleans())
def test_bools_stay_bools(guest: Runtime, left: bool, right: bool) -> None:
    for name, operation in (("And", operator.and_), ("Or", operator.or_), ("Xor", operator.xor)):
        got = guest.call(f"PyNumber_{name}", Boxed(left), Boxed(right))
        assert got is operation(left, right)
    assert guest.call("CPyBool_Str", left) == str(left)
    assert guest.call("PyObject_Str", Boxed(left)) == str(left)
    assert guest.call("PyObject_IsTrue", Boxed(left), result="raw") == left
