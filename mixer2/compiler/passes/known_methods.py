"""Methods of built-in types, called by name on what is known to be of the type.

    r = PyObject_VectorcallMethod("hex", [data], 1)     ->    r = native__pystd___bytes__hex(data)
    r = PyObject_VectorcallMethod("find", [text, a], 2) ->    r = method__str__find(text, [a], 1)

A name that is looked up at run time needs the tables of all types that have it, and all their
methods of that name.
"""

from collections.abc import Callable

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import CallC, Integer, LoadAddress, LoadErrorValue, Value
from mypyc.ir.rtypes import RType, int64_rprimitive, is_dict_rprimitive, is_str_rprimitive

from mixer2.compiler.emit.names import literal_text
from mixer2.compiler.passes.values import (
    CallArguments,
    all_ops,
    drop_unused_boxes,
    unboxed_int,
)

_TYPES = {
    f"builtins.{name}": name
    for name in ("str", "bytes", "bytearray", "list", "dict", "set", "frozenset", "float")
}

# Methods without arguments, and functions that take what the method is called on.
_OF_SELF_ONLY = {("bytes", "hex"): "native__pystd___bytes__hex"}

# Class methods whose class stands in static data.
_CLASS_METHODS = {
    ("PyBytes_Type", "fromhex"): "method__bytes__fromhex",
    ("PyLong_Type", "from_bytes"): "method__int__from_bytes",
}
# The pass over known arguments has shorter ways for these, when all is said by position.
_BY_POSITION = frozenset({"method__int__from_bytes"})


def call_known_methods(function: FuncIR, *, exists: Callable[[str], bool]) -> None:
    """Call them directly.

    Args:
        function: Its ops are changed.
        exists: Whether the run-time has a function.
    """
    calls = [
        op
        for op in all_ops(function)
        if isinstance(op, CallC) and op.function_name == "PyObject_VectorcallMethod"
    ]
    if not calls:
        return
    arguments = CallArguments(function)
    for op in calls:
        values, name = arguments.at(op.args[1]), literal_text(op.args[0])
        if not values or name is None:
            continue
        address = op.args[1]
        is_plain = isinstance(op.args[3], Integer | LoadErrorValue)
        if is_plain and _call_short(op, name, values):
            arguments.drop(address)
        elif (symbol := _method(values[0], name)) and exists(symbol):
            if is_plain and symbol in _BY_POSITION:
                continue
            _call(op, symbol, values, arguments)
    arguments.remove_dropped()
    drop_unused_boxes(function)


def _type_of(rtype: RType) -> str:
    return _TYPES.get(rtype.name, "")


def _call_short(op: CallC, name: str, values: list[Value]) -> bool:
    """Call a function that takes the arguments as they are."""
    short = _OF_SELF_ONLY.get((_type_of(values[0].type), name))
    if short is not None and len(values) == 1:
        op.function_name, op.args = short, values
        return True
    if name == "pop" and is_dict_rprimitive(values[0].type) and len(values) == len("dkf"):
        mapping, key, fallback = values
        number = unboxed_int(key)
        if number is not None:
            op.function_name, op.args = "dict_pop_int", [mapping, number, fallback]
            return True
        if is_str_rprimitive(key.type):
            op.function_name, op.args = "dict_pop_str", values
            return True
    return False


def _method(receiver: Value, name: str) -> str | None:
    if isinstance(receiver, LoadAddress):
        return _CLASS_METHODS.get((str(receiver.src), name))
    type_ = _type_of(receiver.type)
    return f"method__{type_}__{name}" if type_ else None


def _call(op: CallC, symbol: str, values: list[Value], arguments: CallArguments) -> None:
    """Call a BoundFunction (build/runtime/object.h)."""
    receiver, *others = values
    _, address, _, names = op.args
    if others:
        arguments.replace(address, others)
    else:
        arguments.drop(address)
        address = Integer(0, address.type)
    count = Integer(len(others), int64_rprimitive)
    # Keywords are among the values, not among those that are counted.
    if not isinstance(names, Integer | LoadErrorValue):
        count = Integer(len(others) - _keywords(names), int64_rprimitive)
    op.function_name, op.args = symbol, [receiver, address, count, names]


def _keywords(names: Value) -> int:
    value = getattr(names, "value", ())
    return len(value) if isinstance(value, tuple) else 0
