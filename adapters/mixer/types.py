"""Types of attributes and expressions."""

from enum import Enum
from typing import Final

from adapters.backend.instance import ValueType


class Type(Enum):
    """A static type; a DURATION is an int of nanoseconds, a MAP is text to text."""

    TEXT = 0
    INT = 1
    DOUBLE = 2
    BOOL = 3
    DURATION = 4
    MAP = 5
    LIST = 6


_NAMES: Final = ["string", "int", "double", "bool", "duration", "map", "list"]
_ARTICLED: Final = ["a string", "an int", "a double", "a bool", "a duration", "a map", "a list"]
_TYPES: Final = [
    Type.TEXT,
    Type.INT,
    Type.DOUBLE,
    Type.BOOL,
    Type.DURATION,
    Type.MAP,
    Type.LIST,
]
_VALUE_TYPES: Final = [
    ValueType.TEXT,
    ValueType.INT,
    ValueType.DOUBLE,
    ValueType.BOOL,
    ValueType.DURATION,
]


def type_name(kind: Type) -> str:
    """What expressions call a type."""
    return _NAMES[kind.value]


def type_of(name: str) -> Type:
    """The type that expressions call so.

    Raises:
        ValueError: there is none.
    """
    for index in range(len(_NAMES)):
        if _NAMES[index] == name:
            return _TYPES[index]
    raise ValueError(name)


def a_type(kind: Type) -> str:
    """The type's name behind its article."""
    return _ARTICLED[kind.value]


def value_type(kind: Type) -> ValueType | None:
    """What backends call a type; None for maps and lists, which they do not take."""
    return _VALUE_TYPES[kind.value] if kind.value < len(_VALUE_TYPES) else None
