"""Instances: which values of an exchange a backend gets."""

from enum import Enum


class ValueType(Enum):
    """What a value was before it became text.

    BOOL is `true` or `false`, INT and DOUBLE are decimal, a DURATION is decimal nanoseconds.
    """

    TEXT = 0
    INT = 1
    DOUBLE = 2
    BOOL = 3
    DURATION = 4


class Instance:
    """The values of one rule for one handler. It is made when the configuration is loaded.

    Attributes:
        number: Counts a handler's instances, from 0.
        names: Names of the fields: those of the kind first, in the kind's order, then those that
            only the configuration names, in its order.
        types: What each value was.
    """

    def __init__(self, number: int, names: list[str], types: list[ValueType]) -> None:
        self.number = number
        self.names = names
        self.types = types
