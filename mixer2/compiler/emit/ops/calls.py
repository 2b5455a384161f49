"""Calls: of compiled functions, of methods, and of the run-time."""

from typing import TYPE_CHECKING

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FUNC_CLASSMETHOD, FUNC_STATICMETHOD
from mypyc.ir.ops import Call, CallC, MethodCall, Value
from mypyc.ir.rtypes import RTuple, RType, RVoid

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.ops.lookups import give_up, look_up
from mixer2.compiler.emit.ops.primitives import write_out
from mixer2.compiler.emit.signature import signature_type
from mixer2.compiler.link.symbols import Ref, RefKind
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32, I64

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

_CLEAR_ON_COMPLETION = "_clear_on_completion"


def emit_call(e: "FunctionEmitter", op: Call) -> None:
    """Call a compiled function, a constructor, or the run-time's version of a PAL function."""
    if op.fn.name.endswith(_CLEAR_ON_COMPLETION):
        # A finished generator's variables are freed with the generator.
        e.constant_result(op, 0)
        return
    symbol = e.program.function_symbol(op.fn)
    _push_result_address(e, op.type)
    e.push(*op.args)
    e.call(symbol)
    _take_result(e, op)


def emit_method_call(e: "FunctionEmitter", op: MethodCall) -> None:
    """Call a method of a native object."""
    call_method(e, op, op.obj, op.receiver_type.class_ir, op.method, op.args)


def call_method(
    e: "FunctionEmitter", op: Value, obj: Value, class_: ClassIR, name: str, args: list[Value]
) -> None:
    """Call `obj.name(*args)`; the result is that of `op`."""
    _push_result_address(e, op.type)
    push_method_call(e, obj, class_, name, args)
    _take_result(e, op)


def push_method_call(
    e: "FunctionEmitter", obj: Value, class_: ClassIR, name: str, args: list[Value]
) -> None:
    """Call a method and leave its result on the stack. Direct when nobody overrides it."""
    declaration = class_.method_decl(name)
    if not class_.is_ext_class or class_.is_method_final(name):
        if declaration.kind == FUNC_STATICMETHOD:
            e.push(*args)
        elif declaration.kind == FUNC_CLASSMETHOD:
            e.code.get(e.operands.local(obj))
            e.code.load(representation.POINTER, layout.TYPE)
            e.push(*args)
        else:
            e.push(obj, *args)
        e.call(e.program.function_symbol(declaration))
        return
    if class_.is_trait:
        e.push(obj, *args)
        e.call(e.program.trait_dispatcher(class_, name))
        return
    receiver = e.operands.local(obj)
    e.push(obj, *args)
    e.code.get(receiver)
    e.code.load(representation.POINTER, layout.TYPE)
    offset = layout.TYPE_VTABLE + 4 * class_.vtable_entry(name)
    e.code.load(representation.POINTER, offset)
    e.code.append(Ref(RefKind.NEED, e.program.classes.virtual_gate(class_, name)))
    e.code.call_indirect(signature_type(declaration.sig))


def _push_result_address(e: "FunctionEmitter", rtype: RType) -> None:
    """A tuple is returned through memory: its address goes before the arguments."""
    if isinstance(rtype, RTuple):
        e.operands.flush()
        e.frame.push_address(e.frame.scratch)


def _take_result(e: "FunctionEmitter", op: Value) -> None:
    if isinstance(op.type, RTuple):
        found, _ = representation.offsets(op.type, 0)
        for item, offset in zip(representation.scalars(op.type), found, strict=True):
            e.code.get(e.frame.pointer)
            e.code.load(representation.scalar(item), e.frame.scratch + offset)
        e.operands.results(op)
    elif not isinstance(op.type, RVoid):
        e.result(op)


def emit_call_c(e: "FunctionEmitter", op: CallC) -> None:
    """Call a primitive, unless the compiler knows the answer or a shorter way."""
    if look_up(e, op) or write_out(e, op):
        return
    symbol = _specialised(op)
    if not e.program.require(symbol, e):
        give_up(e, op)
        return
    type_ = e.program.symbols.function_type(symbol)
    parameters = list(type_.parameters)
    if isinstance(op.type, RTuple):
        e.operands.flush()
        e.frame.push_address(e.frame.scratch)
        parameters = parameters[1:]
    _push_arguments(e, op, parameters)
    e.code.call(symbol)
    if isinstance(op.type, RTuple):
        _take_result(e, op)
    elif op.is_void:
        if type_.results:
            e.code.emit(opcodes.DROP)
    else:
        adapt(e, type_.results[0], representation.scalar(op.type).local)
        e.result(op)


# Primitives that go through a type's slots, and the direct way when the type is known.
_BY_FIRST_TYPE = {
    ("PyObject_DelItem", "builtins.dict"): "PyDict_DelItem",
    ("PyObject_SetItem", "builtins.dict"): "PyDict_SetItem",
}


def _specialised(op: CallC) -> str:
    if not op.args:
        return op.function_name
    return _BY_FIRST_TYPE.get((op.function_name, op.args[0].type.name), op.function_name)


def _push_arguments(e: "FunctionEmitter", op: CallC, parameters: list[int]) -> None:
    fixed = op.args if op.var_arg_idx < 0 else op.args[: op.var_arg_idx]
    by_pointer = any(isinstance(a.type, RTuple) for a in fixed)
    kinds = [representation.scalar(a.type).local for a in fixed]
    if op.var_arg_idx < 0 and not by_pointer and kinds == parameters:
        e.push(*fixed)
        return
    e.operands.flush()
    scratch = e.frame.scratch
    if isinstance(op.type, RTuple):
        scratch += representation.offsets(op.type)[1]
    spilled: dict[Value, int] = {}
    for argument in fixed:
        if isinstance(argument.type, RTuple):
            scratch = representation.align(scratch, 8)
            spilled[argument] = scratch
            _spill_tuple(e, argument, scratch)
            scratch += representation.offsets(argument.type)[1]
    if op.var_arg_idx >= 0:
        scratch = representation.align(scratch, 4)
        for index, value in enumerate(op.args[op.var_arg_idx :]):
            e.code.get(e.frame.pointer)
            e.push(value)
            e.code.store(representation.POINTER, scratch + 4 * index)
    for argument, parameter in zip(fixed, parameters, strict=False):
        if argument in spilled:
            e.frame.push_address(spilled[argument])
        else:
            e.push(argument)
            adapt(e, representation.scalar(argument.type).local, parameter)
    if op.var_arg_idx >= 0:
        e.frame.push_address(scratch)


def _spill_tuple(e: "FunctionEmitter", value: Value, start: int) -> None:
    """C takes a struct by its address."""
    found, _ = representation.offsets(value.type, start)
    items = representation.scalars(value.type)
    for item, local, offset in zip(items, e.locals_of(value), found, strict=True):
        e.code.get(e.frame.pointer)
        e.code.get(local)
        e.code.store(representation.scalar(item), offset)


def adapt(e: "FunctionEmitter", have: int, want: int) -> None:
    """Sizes are 64 bits in the IR and may be 32 in C, and the other way round."""
    if have == I64 and want == I32:
        e.code.emit(opcodes.I32_WRAP_I64)
    elif have == I32 and want == I64:
        e.code.emit(opcodes.I64_EXTEND_I32_S)
