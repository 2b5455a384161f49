"""Functions and methods by their names."""

import re
from typing import Final

from adapters.mixer.expression.arithmetic import Scaled, ToDouble, ToInt
from adapters.mixer.expression.checking import expect, expect_scalar
from adapters.mixer.expression.errors import ExpressionError
from adapters.mixer.expression.logic import Default
from adapters.mixer.expression.lookup import AttributeOperand, Has
from adapters.mixer.expression.operand import Expression, IntConstant, ListLiteral, TextConstant
from adapters.mixer.expression.texts import (
    Cased,
    IndexOf,
    Matches,
    Replaced,
    Size,
    Substring,
    Test,
    TextTest,
    ToText,
    Trimmed,
)
from adapters.mixer.types import Type, type_name
from pal import durations

FUNCTIONS: Final = ["has", "default", "size", "string", "int", "double", "duration"]
METHODS: Final = [
    "startsWith",
    "endsWith",
    "contains",
    "matches",
    "size",
    "lowerAscii",
    "upperAscii",
    "trim",
    "indexOf",
    "substring",
    "replace",
    "getHours",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
]

_UNITS_NS: Final = {
    "getHours": 3_600_000_000_000,
    "getMinutes": 60_000_000_000,
    "getSeconds": 1_000_000_000,
    "getMilliseconds": 1_000_000,
}


def call(name: str, arguments: list[Expression], column: int) -> Expression:
    """`name(arguments)`.

    Raises:
        ExpressionError: there is no such function, or it does not take these.
    """
    if name not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise ExpressionError(column, f"unknown function {name}; there are {known}")
    _expect_count(name, arguments, 2 if name == "default" else 1, column)
    operand = arguments[0]
    if name == "size":
        return _size(operand, column)
    expect_scalar(operand, column)
    kind = operand.kind
    if name == "has":
        if not isinstance(operand, AttributeOperand):
            raise ExpressionError(column, "has() takes an attribute or an entry of a map")
        return Has(operand)
    if name == "default":
        expect(arguments[1], kind, "as the default", column)
        return Default(operand, arguments[1])
    if name == "string":
        return operand if kind is Type.TEXT else ToText(operand)
    if name == "int" and kind in (Type.INT, Type.DOUBLE, Type.TEXT):
        return operand if kind is Type.INT else ToInt(operand)
    if name == "double" and kind in (Type.INT, Type.DOUBLE, Type.TEXT):
        return operand if kind is Type.DOUBLE else ToDouble(operand)
    if name == "duration" and isinstance(operand, TextConstant):
        nanoseconds = durations.parse(operand.value)
        if nanoseconds < 0:
            raise ExpressionError(
                column, f"not a duration such as '1.5s', '200ms', '1h30m': '{operand.value}'"
            )
        return IntConstant(nanoseconds, Type.DURATION)
    given = "a string literal" if name == "duration" else f"no {type_name(kind)}"
    raise ExpressionError(column, f"{name}() takes {given}")


def method(name: str, target: Expression, arguments: list[Expression], column: int) -> Expression:
    """`target.name(arguments)`.

    Raises:
        ExpressionError: there is no such method, or it does not take these.
    """
    if name not in METHODS:
        known = ", ".join(METHODS)
        raise ExpressionError(column, f"unknown method {name}; there are {known}")
    unit_ns = _UNITS_NS.get(name, 0)
    if unit_ns > 0:
        expect(target, Type.DURATION, f"before .{name}()", column)
        _expect_count(name, arguments, 0, column)
        return Scaled(target, unit_ns)
    if name == "size":
        _expect_count(name, arguments, 0, column)
        return _size(target, column)
    expect(target, Type.TEXT, f"before .{name}()", column)
    if name in ("lowerAscii", "upperAscii", "trim"):
        _expect_count(name, arguments, 0, column)
        return Trimmed(target) if name == "trim" else Cased(target, name == "upperAscii")
    if name == "substring":
        return _substring(target, arguments, column)
    _expect_count(name, arguments, 2 if name == "replace" else 1, column)
    for argument in arguments:
        expect(argument, Type.TEXT, f"for .{name}()", column)
    if name == "matches":
        return _matches(target, arguments[0], column)
    if name == "replace":
        return Replaced(target, arguments[0], arguments[1])
    if name == "indexOf":
        return IndexOf(target, arguments[0])
    if name == "startsWith":
        return TextTest(Test.STARTS_WITH, target, arguments[0])
    if name == "endsWith":
        return TextTest(Test.ENDS_WITH, target, arguments[0])
    return TextTest(Test.CONTAINS, target, arguments[0])


def _size(operand: Expression, column: int) -> Expression:
    if isinstance(operand, ListLiteral):
        return IntConstant(len(operand.items), Type.INT)
    expect(operand, Type.TEXT, "for size()", column)
    return Size(operand)


def _matches(target: Expression, pattern: Expression, column: int) -> Expression:
    if not isinstance(pattern, TextConstant):
        raise ExpressionError(column, "matches() takes a string literal")
    try:
        return Matches(target, re.compile(pattern.value))
    except re.error as error:
        raise ExpressionError(column, f"not a pattern: {error}") from error


def _substring(target: Expression, arguments: list[Expression], column: int) -> Expression:
    if len(arguments) == 1:
        expect(arguments[0], Type.INT, "for .substring()", column)
        return Substring(target, arguments[0], None)
    _expect_count("substring", arguments, 2, column)
    for argument in arguments:
        expect(argument, Type.INT, "for .substring()", column)
    return Substring(target, arguments[0], arguments[1])


def _expect_count(name: str, arguments: list[Expression], count: int, column: int) -> None:
    if len(arguments) != count:
        plural = "" if count == 1 else "s"
        raise ExpressionError(
            column, f"{name}() takes {count} argument{plural}, got {len(arguments)}"
        )
