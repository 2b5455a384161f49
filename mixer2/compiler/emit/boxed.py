"""Functions under the boxed calling convention: arguments and result are objects.

boxed:F     dynamic calls of F (Call in object.h)
bound:F     the same, after arguments were put to parameters by name (bind.c)
"""

import struct
from typing import TYPE_CHECKING

from mypy.nodes import ArgKind
from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FUNC_STATICMETHOD, FuncDecl, FuncIR, RuntimeArg
from mypyc.ir.rtypes import RTuple, RType

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.names import display_name
from mixer2.compiler.emit.ops import boxing, refcounts
from mixer2.compiler.emit.wrapper import Wrapper, push_is_error
from mixer2.compiler.link.symbols import Data, DataRef, Function, RefKind
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32, I64, FunctionType

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

BOXED = FunctionType(bytes([I32, I32, I64, I32]), bytes([I32]))
SELF, ARGS, COUNT, NAMES = range(4)


_FRAME_ALIGNMENT = 16


def boxed(program: "ProgramEmitter", function: FuncIR, symbol: str, *, bound: int) -> Function:
    """A compiled function under the boxed calling convention.

    Args:
        program: Gives symbols.
        function: What to call.
        symbol: Name of the result.
        bound: How many parameters get `self`, which is given apart from the other arguments.
    """
    parameters = list(function.decl.sig.args)[bound:]
    wrapper = Wrapper(program, BOXED)
    if program.calls_by_keyword or any(p.kind.is_star() or p.kind.is_named() for p in parameters):
        for parameter in (SELF, ARGS, COUNT, NAMES):
            wrapper.code.get(parameter)
        wrapper.code.address(_callee(program, function, symbol, parameters, bound=bound))
        wrapper.call("call_bound")
        return wrapper.finish(symbol, display_name(function))
    _check_count(wrapper, function, parameters)
    _unbox_and_call(wrapper, function, parameters, bound=bound, counted=True)
    return wrapper.finish(symbol, display_name(function))


def _callee(
    program: "ProgramEmitter",
    function: FuncIR,
    symbol: str,
    parameters: list[RuntimeArg],
    *,
    bound: int,
) -> str:
    """Symbol of what `call_bound` must know (Callee in bind.c)."""
    data = f"callee:{symbol}"
    if data in program.symbols:
        return data
    target = program.lazy(f"bound:{symbol}", _bound_target, function, parameters, bound)
    name = program.literals.c_string(_qualified_name(function).encode())
    refs = [DataRef(0, RefKind.DATA_ADDRESS, name), DataRef(4, RefKind.DATA_SLOT, target)]
    content = struct.pack("<IIII", 0, 0, bool(bound), len(parameters))
    for parameter in parameters:
        refs.append(
            DataRef(
                len(content),
                RefKind.DATA_ADDRESS,
                program.literals.c_string(parameter.name.encode()),
            )
        )
        content += struct.pack("<II", 0, _parameter_flags(parameter))
    program.symbols.add(Data(data, content, 4, refs=refs))
    return data


def _parameter_flags(parameter: RuntimeArg) -> int:
    """As the enum in bind.c."""
    kind = parameter.kind
    if kind.is_star():
        return 8 if kind == ArgKind.ARG_STAR else 16
    by_position = 0 if kind.is_named() else 2
    by_name = 0 if parameter.pos_only else 4
    return kind.is_optional() | by_position | by_name


def _qualified_name(function: FuncIR) -> str:
    class_name = function.decl.class_name
    return f"{class_name}.{function.name}" if class_name else function.name


def _bound_target(
    program: "ProgramEmitter",
    symbol: str,
    function: FuncIR,
    parameters: list[RuntimeArg],
    bound: int,
) -> Function:
    """The function that takes self and an array with one value per parameter."""
    wrapper = Wrapper(program, FunctionType(bytes([I32, I32]), bytes([I32])))
    _unbox_and_call(wrapper, function, parameters, bound=bound, counted=False)
    return wrapper.finish(symbol, display_name(function))


def _unbox_and_call(
    wrapper: Wrapper,
    function: FuncIR,
    parameters: list[RuntimeArg],
    *,
    bound: int,
    counted: bool,
) -> None:
    locals_ = [_unbox_argument(wrapper, i, p, counted) for i, p in enumerate(parameters)]
    arguments = [SELF] * bound
    arguments += [local for scalars in locals_ for local in scalars]
    call_and_box(wrapper, function.decl, arguments)


def _check_count(wrapper: Wrapper, function: FuncIR, own: list[RuntimeArg]) -> None:
    code = wrapper.code
    required = sum(not parameter.kind.is_optional() for parameter in own)
    code.address(wrapper.program.literals.c_string(function.name.encode()))
    code.get(COUNT)
    code.get(NAMES)
    code.const(required)
    code.const(len(own))
    wrapper.call("accepts_arguments")
    wrapper.return_null_if_zero()


def _unbox_argument(
    wrapper: Wrapper, index: int, parameter: RuntimeArg, counted: bool
) -> list[int]:
    """Locals with the argument's scalars. A missing optional one is the error value.

    It is missing when the arguments are fewer (`counted`), or when its value is NULL.
    """
    code = wrapper.code
    rtype = parameter.type
    locals_ = [code.new_local(t) for t in representation.local_types(rtype)]
    object_ = code.new_local(I32)
    if parameter.kind.is_optional():
        for local, item in zip(locals_, representation.scalars(rtype), strict=True):
            code.emit(representation.error_constant(item))
            code.set(local)
        if counted:
            code.const64(index)
            code.get(COUNT)
            code.emit(b"\x53", opcodes.IF)
        else:
            code.get(ARGS)
            code.load(representation.POINTER, 4 * index)
            code.emit(opcodes.IF)
    code.get(ARGS)
    code.load(representation.POINTER, 4 * index)
    code.set(object_)
    _unbox(wrapper, rtype, object_, locals_, opcodes.I32_CONST + b"\x00")
    if parameter.kind.is_optional():
        code.emit(opcodes.END)
    return locals_


def _unbox(
    wrapper: Wrapper, rtype: RType, object_: int, locals_: list[int], failure: bytes
) -> None:
    """Take an object apart into locals; code `failure` gives the result when it is of another type.

    The locals borrow from the object.
    """
    code = wrapper.code
    if isinstance(rtype, RTuple):
        boxing.unbox_to_locals(wrapper, rtype, object_, locals_, owned=False)
    else:
        code.get(object_)
        if rtype.is_unboxed:
            boxing.unbox_scalar(wrapper, rtype)
        else:
            boxing.push_cast(wrapper, rtype, owned=False)
        code.set(locals_[0])
    telling = representation.error_item(rtype)
    push_is_error(wrapper, representation.scalars(rtype)[telling], locals_[telling])
    code.emit(opcodes.IF, failure, opcodes.RETURN, opcodes.END)


def unboxed_parameter(wrapper: Wrapper, rtype: RType, object_: int, failure: bytes) -> list[int]:
    """New locals with the scalars of a parameter that is given as an object."""
    locals_ = [wrapper.code.new_local(t) for t in representation.local_types(rtype)]
    _unbox(wrapper, rtype, object_, locals_, failure)
    return locals_


def call_and_box(wrapper: Wrapper, declaration: FuncDecl, arguments: list[int]) -> None:
    """Call a compiled function; its result becomes an object of the caller's, or NULL."""
    code = wrapper.code
    rtype = declaration.sig.ret_type
    symbol = wrapper.program.function_symbol(declaration)
    if isinstance(rtype, RTuple):
        _call_for_tuple(wrapper, symbol, rtype, arguments)
        return
    for local in arguments:
        code.get(local)
    wrapper.call(symbol)
    _box_result(wrapper, rtype)


def _call_for_tuple(wrapper: Wrapper, symbol: str, rtype: RTuple, arguments: list[int]) -> None:
    """The tuple is returned through memory: a frame on the shadow stack, for this call only."""
    code = wrapper.code
    found, size = representation.offsets(rtype)
    size = representation.align(size, _FRAME_ALIGNMENT)
    frame = code.new_local(I32)
    code.emit(opcodes.GLOBAL_GET)
    code.ref(RefKind.STACK_POINTER, "__stack_pointer")
    code.const(size)
    code.emit(opcodes.I32_SUB)
    code.tee(frame)
    code.emit(opcodes.GLOBAL_SET)
    code.ref(RefKind.STACK_POINTER, "__stack_pointer")
    for local in [frame, *arguments]:
        code.get(local)
    wrapper.call(symbol)
    items = representation.scalars(rtype)
    locals_ = [code.new_local(representation.scalar(item).local) for item in items]
    for local, item, offset in zip(locals_, items, found, strict=True):
        code.get(frame)
        code.load(representation.scalar(item), offset)
        code.set(local)
    code.get(frame)
    code.const(size)
    code.emit(opcodes.I32_ADD, opcodes.GLOBAL_SET)
    code.ref(RefKind.STACK_POINTER, "__stack_pointer")
    telling = representation.error_item(rtype)
    push_is_error(wrapper, items[telling], locals_[telling])
    code.emit(opcodes.I32_EQZ)
    wrapper.return_null_if_zero()
    boxing.box_locals(wrapper, rtype, locals_)


def _box_result(wrapper: Wrapper, rtype: RType) -> None:
    """Turn the result on the stack into an object of the caller's, or NULL."""
    code = wrapper.code
    if not rtype.is_unboxed:
        return
    result = code.new_local(representation.scalar(rtype).local)
    code.set(result)
    push_is_error(wrapper, rtype, result)
    code.emit(opcodes.I32_EQZ)
    wrapper.return_null_if_zero()
    code.get(result)
    boxing.box_scalar(wrapper, rtype)


def boxed_getter(program: "ProgramEmitter", class_: ClassIR, name: str) -> str:
    """Symbol of a property's getter that gives an object."""
    getter = class_.properties[name][0]
    if not getter.ret_type.is_unboxed:
        return program.function_symbol(getter.decl)
    return program.lazy(f"getter:{class_.fullname}.{name}", boxed_slot, class_, name)


def boxed_tuple_field(
    program: "ProgramEmitter", symbol: str, rtype: RTuple, where: int
) -> Function:
    """Takes self, and gives the tuple whose items lie from offset `where` on; NULL: not set."""
    wrapper = Wrapper(program, FunctionType(bytes([I32]), bytes([I32])))
    code = wrapper.code
    found, _ = representation.offsets(rtype, where)
    items = representation.scalars(rtype)
    locals_ = [code.new_local(representation.scalar(item).local) for item in items]
    for local, item, offset in zip(locals_, items, found, strict=True):
        code.get(SELF)
        code.load(representation.scalar(item), offset)
        code.set(local)
    telling = representation.error_item(rtype)
    code.get(locals_[telling])
    code.emit(representation.error_test(items[telling]), opcodes.I32_EQZ)
    wrapper.return_null_if_zero()
    for local, item in zip(locals_, items, strict=True):
        if refcounts.is_counted(item):
            refcounts.inc_ref(wrapper, local)
    boxing.box_locals(wrapper, rtype, locals_)
    return wrapper.finish(symbol, symbol)


def boxed_setter(program: "ProgramEmitter", symbol: str, setter: FuncIR) -> Function:
    """A property's setter that takes self and an object, and gives 0, or -1 for an error."""
    wrapper = Wrapper(program, FunctionType(bytes([I32, I32]), bytes([I32])))
    failure = opcodes.I32_CONST + b"\x7f"
    value = unboxed_parameter(wrapper, setter.decl.sig.args[1].type, 1, failure)
    for local in (SELF, *value):
        wrapper.code.get(local)
    wrapper.call(program.function_symbol(setter.decl))
    result = wrapper.code.new_local(I32)
    wrapper.code.set(result)
    wrapper.code.const(0)
    push_is_error(wrapper, setter.decl.sig.ret_type, result)
    wrapper.code.emit(opcodes.I32_SUB)
    return wrapper.finish(symbol, display_name(setter))


def boxed_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR, name: str) -> Function:
    """A slot that takes self and gives an object."""
    return boxed_result(program, symbol, method_of(class_, name))


def boxed_detached(program: "ProgramEmitter", symbol: str, method: FuncIR, before: int) -> Function:
    """A method of a class that mypyc leaves to CPython (ProgramEmitter.own_methods)."""
    return boxed(program, method, symbol, bound=before)


def boxed_result(
    program: "ProgramEmitter", symbol: str, method: FuncIR, before: int = 1
) -> Function:
    """A method that takes self alone, giving an object."""
    wrapper = Wrapper(program, FunctionType(bytes([I32]), bytes([I32])))
    call_and_box(wrapper, method.decl, [0] * before)
    return wrapper.finish(symbol, display_name(method))


def _boxed_method(program: "ProgramEmitter", symbol: str, method: FuncIR) -> Function:
    bound = method.decl.kind != FUNC_STATICMETHOD
    return boxed(program, method, symbol, bound=int(bound))


def boxed_method(program: "ProgramEmitter", method: FuncIR) -> str:
    """Symbol of a method under the boxed calling convention."""
    return program.lazy(f"boxed:{method.decl.fullname}", _boxed_method, method)


def function_object(program: "ProgramEmitter", call: str, name: str) -> str:
    """Symbol of the object that stands for a function used as a value."""
    symbol = f"function:{call}"
    if symbol not in program.symbols:
        refs = [
            DataRef(layout.TYPE, RefKind.DATA_ADDRESS, "function_Type"),
            DataRef(layout.FUNCTION_CALL, RefKind.DATA_SLOT, call),
            DataRef(
                layout.FUNCTION_NAME,
                RefKind.DATA_ADDRESS,
                program.literals.c_string(name.encode()),
            ),
        ]
        content = layout.IMMORTAL.to_bytes(4, "little").ljust(layout.FUNCTION_SIZE, b"\0")
        program.symbols.add(Data(symbol, content, 4, refs=refs))
    return symbol


def method_of(class_: ClassIR, name: str) -> FuncIR:
    """A method that a class surely has."""
    method = class_.get_method(name)
    assert method is not None
    return method
