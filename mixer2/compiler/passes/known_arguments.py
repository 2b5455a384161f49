"""Primitives for arguments of any kind, where the kind is known: a direct way each.

CPy_Decode(data, "utf-8", "surrogateescape")   ->   decode_utf8_surrogateescape(data)
PyUnicode_Join(", ", a list)                   ->   str_join_sequence(", ", list)
CPyList_Extend(a list, another)                ->   list_extend_list(list, another)
int.from_bytes(data, "little")                 ->   int_from_little_endian(data)
PyObject_Vectorcall(chr, [box(int, x)])        ->   builtin_chr(x)
PyObject_Repr(a str)                           ->   str_repr(str)
PyObject_Str(box(int, x))                      ->   CPyTagged_Str(x)
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import (
    Box,
    Branch,
    CallC,
    DecRef,
    Integer,
    LoadAddress,
    LoadErrorValue,
    MethodCall,
    Unbox,
    Value,
)
from mypyc.ir.rtypes import (
    RInstance,
    is_bytes_rprimitive,
    is_list_rprimitive,
    is_str_rprimitive,
    is_tagged,
    is_tuple_rprimitive,
)

from mixer2.compiler.emit.names import literal_text, module_object
from mixer2.compiler.passes.values import (
    CallArguments,
    all_ops,
    drop_unused_boxes,
    never_fails,
    remove_ops,
    replace_value,
    unboxed_int,
)

_UTF8 = frozenset({"utf-8", "utf8", "UTF-8", "utf_8"})
_ASCII = frozenset({"ascii", "us-ascii"})

# By whether the encoding is UTF-8, and the error handler.
_DECODERS = {
    (True, "strict"): "CPy_DecodeUTF8",
    (True, "surrogateescape"): "decode_utf8_surrogateescape",
    (True, "surrogatepass"): "decode_utf8_surrogatepass",
    (False, "strict"): "CPy_DecodeASCII",
}
_ENCODERS = {
    (True, "strict"): "PyUnicode_AsUTF8String",
    (True, "surrogatepass"): "encode_utf8_surrogatepass",
    (False, "strict"): "PyUnicode_AsASCIIString",
}

_FROM_BYTES = {"little": "int_from_little_endian", "big": "int_from_big_endian"}

# Primitives for objects of any type, by the types that their arguments have.
_BY_TYPES = {
    ("PyObject_Repr", "str"): "str_repr",
    ("PyObject_Repr", "bytes"): "bytes_repr",
    ("PyObject_Repr", "float"): "float_repr",
    ("PyObject_Str", "str"): "new_reference",
    ("PyObject_Str", "float"): "float_repr",
    ("PyObject_RichCompare", "str", "str"): "str_compare_slot",
    ("PyObject_RichCompare", "bytes", "bytes"): "bytes_compare_slot",
    ("PySequence_Contains", "bytes", "bytes"): "bytes_contains_slot",
    ("PyNumber_InPlaceAdd", "bytes", "bytes"): "CPyBytes_Concat",
    ("PyNumber_InPlaceAdd", "bytearray", "bytes"): "bytearray_add_in_place",
    ("PyNumber_InPlaceAdd", "bytearray", "bytearray"): "bytearray_add_in_place",
    ("CPyObject_Size", "bytearray"): "bytearray_size",
    ("PyObject_IsTrue", "bytes"): "CPyStr_IsTrue",
    ("PySequence_InPlaceConcat", "list", "list"): "list_add_in_place",
    ("PySequence_List", "dict"): "CPyDict_Keys",
    ("PySequence_List", "str"): "str_characters",
    ("PyBytes_FromObject", "list"): "bytes_of_list",
    ("CPyBytes_Join", "bytes", "list"): "bytes_join_sequence",
}
_TEXT_OF = frozenset({"PyObject_Str", "PyObject_Repr"})
_NEVER_FAIL = frozenset({"CPyStr_IsTrue"})

# Types that are called with one argument of these types, and what that comes to.
_CONVERSIONS = {("PyBytes_Type", "bytearray"): "bytes_of_bytearray"}

# Built-in functions of one int, by name.
_OF_INT = {"chr": "builtin_chr"}


def use_known_arguments(function: FuncIR) -> None:
    """Choose the direct ways."""
    arguments = CallArguments(function)
    for op in [op for op in all_ops(function) if isinstance(op, CallC)]:
        if op.function_name == "CPy_Decode":
            _choose_codec(op, _DECODERS)
        elif op.function_name == "CPy_Encode":
            _choose_codec(op, _ENCODERS)
        elif op.function_name == "PyUnicode_Join" and _is_sequence(op.args[1]):
            op.function_name = "str_join_sequence"
        elif op.function_name == "CPyList_Extend" and is_list_rprimitive(op.args[1].type):
            op.function_name = "list_extend_list"
        elif op.function_name == "PyObject_VectorcallMethod":
            _read_int(function, op, arguments)
        elif op.function_name == "PyObject_Vectorcall":
            _call_builtin(op, arguments)
        elif op.function_name in _TEXT_OF and (number := unboxed_int(op.args[0])) is not None:
            op.function_name, op.args = "CPyTagged_Str", [number]
        elif op.function_name == "PyObject_Str" and _has_text(op.args[0]):
            _call_text(function, op)
        elif op.function_name == "CPyDict_Build" and all(map(_is_text, op.args[1::2])):
            op.function_name = "dict_build_str"
        elif (direct := _direct(op)) is not None:
            op.function_name = direct
            if direct in _NEVER_FAIL:
                never_fails(function, op)
    arguments.remove_dropped()
    drop_unused_boxes(function)


def _direct(op: CallC) -> str | None:
    """What does the same for arguments of these types."""
    first, second = [*map(_type_name, op.args[:2]), "", ""][:2]
    return _BY_TYPES.get((op.function_name, first)) or _BY_TYPES.get(
        (op.function_name, first, second)
    )


def _has_text(value: Value) -> bool:
    """Whether a value is of a class of the program with a `__str__`."""
    if not isinstance(value.type, RInstance):
        return False
    class_ = value.type.class_ir
    return class_.is_ext_class and class_.builtin_base is None and class_.has_method("__str__")


def _call_text(function: FuncIR, op: CallC) -> None:
    call = MethodCall(op.args[0], "__str__", [], op.line)
    for block in function.blocks:
        if op in block.ops:
            block.ops[block.ops.index(op)] = call
    replace_value(function, op, call)


def _is_text(value: Value) -> bool:
    return is_str_rprimitive(value.type)


def _type_name(value: Value) -> str:
    """The static type of an object, boxed ones included."""
    rtype = value.src.type if isinstance(value, Box) else value.type
    return rtype.name.removeprefix("builtins.")


def _choose_codec(op: CallC, functions: dict[tuple[bool, str], str]) -> None:
    encoding = _name(op.args[1], "utf-8")
    is_utf8 = encoding in _UTF8
    if is_utf8 or encoding in _ASCII:
        found = functions.get((is_utf8, _name(op.args[2], "strict")))
        if found is not None:
            op.function_name, op.args = found, op.args[:1]


def _name(value: Value, default: str) -> str:
    if isinstance(value, Integer | LoadErrorValue):
        return default
    return literal_text(value) or ""


def _is_sequence(value: Value) -> bool:
    return is_list_rprimitive(value.type) or is_tuple_rprimitive(value.type)


def _read_int(function: FuncIR, op: CallC, arguments: CallArguments) -> None:
    """`int.from_bytes` of bytes in an order that is known, whose result is used as an int."""
    values = arguments.at(op.args[1])
    if literal_text(op.args[0]) != "from_bytes" or values is None or len(values) != len("tbo"):
        return
    type_, data, order = values
    direct = _FROM_BYTES.get(literal_text(order) or "")
    is_plain = isinstance(op.args[3], Integer) and is_bytes_rprimitive(data.type)
    is_int = isinstance(type_, LoadAddress) and type_.src == "PyLong_Type"
    users = [u for u in all_ops(function) if op in u.sources()]
    unboxed = [u for u in users if isinstance(u, Unbox) and is_tagged(u.type)]
    others = [u for u in users if not isinstance(u, Unbox | DecRef | Branch)]
    if direct is None or not is_plain or not is_int or others or not unboxed:
        return
    arguments.drop(op.args[1])
    op.function_name, op.args = direct, [data]
    op.type = unboxed[0].type
    for unbox in unboxed:
        never_fails(function, unbox)
        replace_value(function, unbox, op)
    dropped = set(unboxed)
    remove_ops(function, lambda o: o in dropped or (isinstance(o, DecRef) and o.src is op))


def _call_builtin(op: CallC, arguments: CallArguments) -> None:
    callee = op.args[0]
    if isinstance(callee, LoadAddress):
        _convert(op, str(callee.src), arguments)
        return
    if not isinstance(callee, CallC) or callee.function_name != "CPyObject_GetAttr":
        return
    if module_object(callee.args[0]) != "builtins":
        return
    direct = _OF_INT.get(literal_text(callee.args[1]) or "")
    values = arguments.at(op.args[1])
    if direct is None or values is None or len(values) != 1:
        return
    number = unboxed_int(values[0])
    if number is not None:
        arguments.drop(op.args[1])
        op.function_name, op.args = direct, [number]


def _convert(op: CallC, type_: str, arguments: CallArguments) -> None:
    values = arguments.at(op.args[1])
    if values is None or len(values) != 1:
        return
    direct = _CONVERSIONS.get((type_, _type_name(values[0])))
    if direct is not None:
        arguments.drop(op.args[1])
        op.function_name, op.args = direct, values
