"""slot:C:S: the slots of a type object that special methods of class C fill."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR
from mypyc.ir.rtypes import RType

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.boxed import boxed, boxed_slot, call_and_box, method_of, unboxed_parameter
from mixer2.compiler.emit.creation import create_slot
from mixer2.compiler.emit.names import display_name
from mixer2.compiler.emit.wrapper import Wrapper, push_is_error
from mixer2.compiler.link.symbols import Function
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32, I64, FunctionType

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

# Py_LT.. of the compare slot.
_COMPARISONS = ("__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__")


# In the order of BinaryOperator and UnaryOperator in generic.h.
_BINARY = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift"),
    *("and", "xor", "or", "divmod"),
)


_UNARY = ("neg", "pos", "invert", "abs", "int", "float", "index")
_IN_PLACE = 16


_BINARY_METHODS = tuple(f"__{kind}{name}__" for name in _BINARY for kind in ("", "r", "i"))
_UNARY_METHODS = tuple(f"__{name}__" for name in _UNARY)


# Slots whose C type is that of a compiled method with these results.
_SAME_TYPE = {"__str__": "str", "__repr__": "repr", "__iter__": "iterate", "__next__": "next"}


def slot_functions(program: "ProgramEmitter", class_: ClassIR) -> dict[str, str]:
    """Functions for the slots of a class's type object, by slot; inherited methods included."""
    found: dict[str, str] = {}
    for method, slot in _SAME_TYPE.items():
        if (function := class_.get_method(method)) is None:
            continue
        if function.ret_type.is_unboxed:
            symbol = f"slot:{class_.fullname}:{slot}"
            found[slot] = program.lazy(symbol, boxed_slot, class_, method)
        else:
            found[slot] = program.function_symbol(function.decl)
    if "repr" in found and "str" not in found and not program.is_exception(class_):
        found["str"] = found["repr"]
    for slot, names, make in (
        ("binary", _BINARY_METHODS, _binary_slot),
        ("unary", _UNARY_METHODS, _unary_slot),
        ("format", ("__format__",), _format_slot),
    ):
        if any(class_.get_method(name) is not None for name in names):
            found[slot] = program.lazy(f"slot:{class_.fullname}:{slot}", make, class_)
    if class_.get_method("__call__") is not None:
        found["call"] = program.lazy(f"slot:{class_.fullname}:call", _call_slot, class_)
    if class_.get_method("__hash__") is not None:
        found["hash"] = program.lazy(f"slot:{class_.fullname}:hash", _hash_slot, class_)
    elif not program.is_exception(class_) and class_.get_method("__eq__") is None:
        found["hash"] = "object_identity_hash"
    if any(class_.get_method(name) is not None for name in _COMPARISONS):
        found["compare"] = program.lazy(f"slot:{class_.fullname}:compare", _compare_slot, class_)
    found["create"] = create_slot(program, class_)
    for method, slot in {
        "__len__": "length",
        "__bool__": "truth",
        "__contains__": "contains",
        "__getitem__": "get_item",
    }.items():
        if class_.get_method(method) is not None:
            symbol = f"slot:{class_.fullname}:{slot}"
            found[slot] = program.lazy(symbol, _protocol_slot, class_, method, slot)
    if class_.get_method("__len__") is not None and "truth" not in found:
        symbol = f"slot:{class_.fullname}:truth"
        found["truth"] = program.lazy(symbol, _truth_by_length, class_)
    if any(class_.get_method(name) is not None for name in ("__setitem__", "__delitem__")):
        symbol = f"slot:{class_.fullname}:set_item"
        found["set_item"] = program.lazy(symbol, _set_item_slot, class_)
    return found


def _call_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    return boxed(program, method_of(class_, "__call__"), symbol, bound=1)


def _hash_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """Tagged to int64; -1 is the error, so a hash of -1 becomes -2, as in CPython."""
    wrapper = Wrapper(program, FunctionType(bytes([I32]), bytes([I64])))
    method = method_of(class_, "__hash__")
    wrapper.code.get(0)
    wrapper.call(program.function_symbol(method.decl))
    if not method.ret_type.is_unboxed:
        wrapper.call("hash_from_object")
    else:
        wrapper.call("hash_from_tagged")
    return wrapper.finish(symbol, display_name(method))


def _compare_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """Dispatch on the operator; NotImplemented for those without a method."""
    wrapper = Wrapper(program, FunctionType(bytes([I32, I32, I32]), bytes([I32])))
    code = wrapper.code
    for operator, name in enumerate(_COMPARISONS):
        method = class_.get_method(name)
        if method is None:
            continue
        code.get(2)
        code.const(operator)
        code.emit(opcodes.I32_EQ, opcodes.IF)
        other = method.decl.sig.args[1].type
        operand = unboxed_parameter(wrapper, other, 1, opcodes.I32_CONST + b"\x00")
        call_and_box(wrapper, method.decl, [0, *operand])
        code.emit(opcodes.RETURN, opcodes.END)
    wrapper.call("new_not_implemented")
    return wrapper.finish(symbol, f"{class_.name}.__richcompare__")


def _binary_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """left + right, where one of them is of exactly this class: the left one's method first.

    A type of the program has its own slot, so `left` is of another type when `right` is asked.
    """
    wrapper = Wrapper(program, FunctionType(bytes([I32, I32, I32]), bytes([I32])))
    code = wrapper.code
    code.get(0)
    code.load(representation.POINTER, layout.TYPE)
    code.address(f"type:{class_.fullname}")
    code.emit(opcodes.I32_EQ, opcodes.IF)
    for operator, name in enumerate(_BINARY):
        in_place = class_.get_method(f"__i{name}__")
        if in_place is not None:
            _binary_case(wrapper, in_place, operator | _IN_PLACE, [0, 1])
        method = class_.get_method(f"__{name}__")
        if method is not None:
            _binary_case(wrapper, method, operator, [0, 1], also=operator | _IN_PLACE)
    code.emit(opcodes.ELSE)
    for operator, name in enumerate(_BINARY):
        reflected = class_.get_method(f"__r{name}__")
        if reflected is not None:
            _binary_case(wrapper, reflected, operator, [1, 0])
    code.emit(opcodes.END)
    wrapper.call("new_not_implemented")
    return wrapper.finish(symbol, f"{class_.name}.__binary__")


def _binary_case(
    wrapper: Wrapper, method: FuncIR, operator: int, operands: list[int], also: int | None = None
) -> None:
    code = wrapper.code
    code.get(2)
    code.const(operator)
    code.emit(opcodes.I32_EQ)
    if also is not None:
        code.get(2)
        code.const(also)
        code.emit(opcodes.I32_EQ, opcodes.I32_OR)
    code.emit(opcodes.IF)
    self_, other = operands
    failure = opcodes.I32_CONST + b"\x00"
    given = unboxed_parameter(wrapper, method.decl.sig.args[1].type, other, failure)
    missing = [_absent(wrapper, p.type) for p in method.decl.sig.args[2:]]
    call_and_box(wrapper, method.decl, [self_, *given, *(m for ms in missing for m in ms)])
    code.emit(opcodes.RETURN, opcodes.END)


def _absent(wrapper: Wrapper, rtype: RType) -> list[int]:
    """Locals that say that an optional argument was not given."""
    locals_ = []
    for item in representation.scalars(rtype):
        locals_.append(wrapper.code.new_local(representation.scalar(item).local))
        wrapper.code.emit(representation.error_constant(item))
        wrapper.code.set(locals_[-1])
    return locals_


def _unary_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """-x and the like; NotImplemented for those without a method."""
    wrapper = Wrapper(program, FunctionType(bytes([I32, I32]), bytes([I32])))
    code = wrapper.code
    for operator, name in enumerate(_UNARY):
        method = class_.get_method(f"__{name}__")
        if method is None:
            continue
        code.get(1)
        code.const(operator)
        code.emit(opcodes.I32_EQ, opcodes.IF)
        call_and_box(wrapper, method.decl, [0])
        code.emit(opcodes.RETURN, opcodes.END)
    wrapper.call("new_not_implemented")
    return wrapper.finish(symbol, f"{class_.name}.__unary__")


def _format_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    wrapper = Wrapper(program, FunctionType(bytes([I32, I32]), bytes([I32])))
    call_and_box(wrapper, method_of(class_, "__format__").decl, [0, 1])
    return wrapper.finish(symbol, f"{class_.name}.__format__")


def _protocol_slot(
    program: "ProgramEmitter", symbol: str, class_: ClassIR, name: str, slot: str
) -> Function:
    """len, truth, in, item access: unbox, call, and turn the error value into C's."""
    method = method_of(class_, name)
    operands = {"length": 0, "truth": 0, "contains": 1, "get_item": 1}[slot]
    result = {"length": I64, "get_item": I32}.get(slot, I32)
    wrapper = Wrapper(program, FunctionType(bytes([I32] * (operands + 1)), bytes([result])))
    code = wrapper.code
    const = opcodes.I64_CONST if result == I64 else opcodes.I32_CONST
    failure = const + (b"\x00" if slot == "get_item" else b"\x7f")
    arguments = [0]
    for index, parameter in enumerate(method.decl.sig.args[1 : operands + 1], start=1):
        arguments += unboxed_parameter(wrapper, parameter.type, index, failure)
    if slot == "get_item":
        call_and_box(wrapper, method.decl, arguments)
    else:
        returned = _call_for_scalar(wrapper, method, arguments, failure)
        if slot == "length" and returned.is_length:
            code.get(returned.local)
            code.const64(1)
            code.emit(opcodes.I64_SHR_S)
        else:
            code.get(returned.local)
    return wrapper.finish(symbol, display_name(method))


def _truth_by_length(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """What has a length is true when it is not empty."""
    wrapper = Wrapper(program, FunctionType(bytes([I32]), bytes([I32])))
    method = method_of(class_, "__len__")
    returned = _call_for_scalar(wrapper, method, [0], opcodes.I32_CONST + b"\x7f")
    wrapper.code.get(returned.local)
    wrapper.code.emit(opcodes.I64_EQZ, opcodes.I32_EQZ)
    return wrapper.finish(symbol, display_name(method))


@dataclass(frozen=True, slots=True)
class _Returned:
    local: int
    is_length: bool


def _call_for_scalar(
    wrapper: Wrapper, method: FuncIR, arguments: list[int], failure: bytes
) -> _Returned:
    """Call a method whose result is an int or a bool; `failure` is the result when it raised."""
    code = wrapper.code
    rtype = method.ret_type
    for local in arguments:
        code.get(local)
    wrapper.call(wrapper.program.function_symbol(method.decl))
    if not rtype.is_unboxed:
        wrapper.call("truth_of_result")
        local = code.new_local(I32)
        code.tee(local)
        code.const(-1)
        code.emit(opcodes.I32_EQ, opcodes.IF, failure, opcodes.RETURN, opcodes.END)
        return _Returned(local, is_length=False)
    local = code.new_local(representation.scalar(rtype).local)
    code.set(local)
    push_is_error(wrapper, rtype, local)
    code.emit(opcodes.IF, failure, opcodes.RETURN, opcodes.END)
    return _Returned(local, is_length=True)


def _set_item_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """self[key] = value, or del self[key] when the value is NULL."""
    wrapper = Wrapper(program, FunctionType(bytes([I32, I32, I32]), bytes([I32])))
    code = wrapper.code
    code.get(2)
    code.emit(opcodes.IF)
    _store_case(wrapper, class_, "__setitem__", [1, 2])
    code.emit(opcodes.ELSE)
    _store_case(wrapper, class_, "__delitem__", [1])
    code.emit(opcodes.END)
    code.const(0)
    return wrapper.finish(symbol, f"{class_.name}.__setitem__")


def _store_case(wrapper: Wrapper, class_: ClassIR, name: str, operands: list[int]) -> None:
    code = wrapper.code
    failure = opcodes.I32_CONST + b"\x7f"
    method = class_.get_method(name)
    if method is None:
        what = "assignment" if name == "__setitem__" else "deletion"
        message = f"'{class_.name}' object does not support item {what}"
        code.address("Exc_TypeError_Type")
        code.address(wrapper.program.literals.c_string(message.encode()))
        wrapper.call("raise_standard_error")
        code.emit(failure, opcodes.RETURN)
        return
    arguments = [0]
    for operand, parameter in zip(operands, method.decl.sig.args[1:], strict=False):
        arguments += unboxed_parameter(wrapper, parameter.type, operand, failure)
    for local in arguments:
        code.get(local)
    wrapper.call(wrapper.program.function_symbol(method.decl))
    returned = code.new_local(representation.scalar(method.ret_type).local)
    code.set(returned)
    push_is_error(wrapper, method.ret_type, returned)
    code.emit(opcodes.IF, failure, opcodes.RETURN, opcodes.END)
