"""Functions between calling conventions.

boxed:F     dynamic calls (Call in object.h): arguments and result are objects
slot:C:S    a slot of a type object, filled by a special method of class C
export:NAME a callback of the host: i32 arguments and result
"""

from typing import TYPE_CHECKING

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR, RuntimeArg
from mypyc.ir.rtypes import RTuple, RType

from mixer2.compiler import layout
from mixer2.compiler.callbacks import Callback
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.code import Code
from mixer2.compiler.emit.ops import boxing, refcounts
from mixer2.compiler.emit.signature import function_type
from mixer2.compiler.link.symbols import Data, DataRef, Function, RefKind
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32, I64, FunctionType

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_BOXED = FunctionType(bytes([I32, I32, I64, I32]), bytes([I32]))
_SELF, _ARGS, _COUNT, _NAMES = range(4)

# Py_LT.. of the compare slot.
_COMPARISONS = ("__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__")

# Slots whose C type is that of a compiled method with these results.
_SAME_TYPE = {"__str__": "str", "__repr__": "repr", "__iter__": "iterate", "__next__": "next"}


class Wrapper:
    """A function made of code rather than of IR; op emitters' helpers accept it."""

    def __init__(self, program: "ProgramEmitter", type_: FunctionType) -> None:
        self.program = program
        self.type = type_
        self.code = Code(type_.parameters)

    def call(self, symbol: str) -> None:
        """Call a function of the run-time or the program."""
        self.code.call(symbol)

    def return_null_if_zero(self) -> None:
        """Pop an i32; zero ends the function with NULL."""
        self.code.emit(opcodes.I32_EQZ, opcodes.IF)
        self.code.const(0)
        self.code.emit(opcodes.RETURN, opcodes.END)

    def finish(self, symbol: str, name: str) -> Function:
        """The finished function."""
        return Function(symbol, self.type, self.code.finish(), name)


def boxed(program: "ProgramEmitter", function: FuncIR, symbol: str, *, bound: bool) -> Function:
    """A compiled function under the boxed calling convention.

    Args:
        program: Gives symbols.
        function: What to call.
        symbol: Name of the result.
        bound: The first parameter is `self`, given apart from the other arguments.
    """
    wrapper = Wrapper(program, _BOXED)
    parameters = list(function.decl.sig.args)
    own = parameters[1:] if bound else parameters
    _check_count(wrapper, function, own)
    locals_ = [_unbox_argument(wrapper, i, parameter) for i, parameter in enumerate(own)]
    if bound:
        wrapper.code.get(_SELF)
    for scalars in locals_:
        for local in scalars:
            wrapper.code.get(local)
    wrapper.call(program.function_symbol(function.decl))
    _box_result(wrapper, function.ret_type)
    return wrapper.finish(symbol, function.fullname)


def _check_count(wrapper: Wrapper, function: FuncIR, own: list[RuntimeArg]) -> None:
    code = wrapper.code
    required = sum(not parameter.kind.is_optional() for parameter in own)
    if any(p.kind.is_star() for p in own) or isinstance(function.ret_type, RTuple):
        message = f"{function.name}() takes star arguments or returns a tuple: it cannot be a value"
        wrapper.program.refuse_at(function, message)
    code.address(wrapper.program.literals.c_string(function.name.encode()))
    code.get(_COUNT)
    code.get(_NAMES)
    code.const(required)
    code.const(len(own))
    wrapper.call("accepts_arguments")
    wrapper.return_null_if_zero()


def _unbox_argument(wrapper: Wrapper, index: int, parameter: RuntimeArg) -> list[int]:
    """Locals with the argument's scalars. A missing optional one is the error value."""
    code = wrapper.code
    rtype = parameter.type
    locals_ = [code.new_local(t) for t in representation.local_types(rtype)]
    if parameter.kind.is_optional():
        for local, item in zip(locals_, representation.scalars(rtype), strict=True):
            code.emit(representation.error_constant(item))
            code.set(local)
        code.const64(index)
        code.get(_COUNT)
        code.emit(b"\x53", opcodes.IF)
    object_ = code.new_local(I32)
    code.get(_ARGS)
    code.load(representation.POINTER, 4 * index)
    code.set(object_)
    if isinstance(rtype, RTuple):
        boxing.unbox_to_locals(wrapper, rtype, object_, locals_)
    else:
        code.get(object_)
        if rtype.is_unboxed:
            boxing.unbox_scalar(wrapper, rtype)
        else:
            boxing.push_cast(wrapper, rtype, owned=False)
        code.set(locals_[0])
    telling = representation.error_item(rtype)
    code.get(locals_[telling])
    code.emit(representation.error_test(representation.scalars(rtype)[telling]))
    code.emit(opcodes.I32_EQZ)
    wrapper.return_null_if_zero()
    if parameter.kind.is_optional():
        code.emit(opcodes.END)
    return locals_


def _box_result(wrapper: Wrapper, rtype: RType) -> None:
    """Turn the result on the stack into an object of the caller's, or NULL."""
    code = wrapper.code
    if not rtype.is_unboxed:
        return
    result = code.new_local(representation.scalar(rtype).local)
    code.tee(result)
    code.emit(representation.error_test(rtype), opcodes.I32_EQZ)
    wrapper.return_null_if_zero()
    code.get(result)
    boxing.box_scalar(wrapper, rtype)
    if boxing.is_borrowed_box(rtype):
        object_ = code.new_local(I32)
        code.set(object_)
        refcounts.inc_ref(wrapper, object_)
        code.get(object_)


def slot_functions(program: "ProgramEmitter", class_: ClassIR) -> dict[str, str]:
    """Functions for the slots of a class's type object, by slot; inherited methods included."""
    found: dict[str, str] = {}
    for method, slot in _SAME_TYPE.items():
        if (function := class_.get_method(method)) is not None:
            found[slot] = program.function_symbol(function.decl)
    if class_.get_method("__call__") is not None:
        found["call"] = program.lazy(f"slot:{class_.fullname}:call", _call_slot, class_)
    if class_.get_method("__hash__") is not None:
        found["hash"] = program.lazy(f"slot:{class_.fullname}:hash", _hash_slot, class_)
    if any(class_.get_method(name) is not None for name in _COMPARISONS):
        found["compare"] = program.lazy(f"slot:{class_.fullname}:compare", _compare_slot, class_)
    found["create"] = create_slot(program, class_)
    for method, slot in {
        "__len__": "length",
        "__bool__": "truth",
        "__contains__": "contains",
        "__getitem__": "get_item",
        "__setitem__": "set_item",
    }.items():
        if class_.get_method(method) is not None:
            symbol = f"slot:{class_.fullname}:{slot}"
            found[slot] = program.lazy(symbol, _protocol_slot, class_, method, slot)
    return found


def _method(class_: ClassIR, name: str) -> FuncIR:
    method = class_.get_method(name)
    assert method is not None
    return method


def _call_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    return boxed(program, _method(class_, "__call__"), symbol, bound=True)


def _hash_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """Tagged to int64; -1 is the error, so a hash of -1 becomes -2, as in CPython."""
    wrapper = Wrapper(program, FunctionType(bytes([I32]), bytes([I64])))
    method = _method(class_, "__hash__")
    wrapper.code.get(0)
    wrapper.call(program.function_symbol(method.decl))
    if not method.ret_type.is_unboxed:
        wrapper.call("hash_from_object")
    else:
        wrapper.call("hash_from_tagged")
    return wrapper.finish(symbol, method.fullname)


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
        code.get(0)
        code.get(1)
        wrapper.call(program.function_symbol(method.decl))
        _box_result(wrapper, method.ret_type)
        code.emit(opcodes.RETURN, opcodes.END)
    other = code.new_local(I32)
    code.address("_Py_NotImplementedStruct")
    code.set(other)
    refcounts.inc_ref(wrapper, other)
    code.get(other)
    return wrapper.finish(symbol, f"{class_.fullname}.__richcompare__")


def create_slot(program: "ProgramEmitter", class_: ClassIR) -> str:
    """Function for `C(...)` where C is a value: create(type, args, count, keyword names)."""
    symbol = f"slot:{class_.fullname}:create"
    if program.is_exception(class_):
        if class_.get_method("__init__") is None:
            return "exception_create"
        return program.lazy(symbol, _create_exception, class_)
    return program.lazy(symbol, _create_instance, class_)


def _create_instance(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    declaration = FuncIR(class_.ctor, [], [])
    created = boxed(program, declaration, symbol, bound=False)
    created.display_name = f"{class_.fullname}.__create__"
    return created


def _create_exception(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """An exception holds its arguments in `args`; then its `__init__` runs."""
    wrapper = Wrapper(program, _BOXED)
    code = wrapper.code
    self_ = code.new_local(I32)
    result = code.new_local(I32)
    for parameter in (_SELF, _ARGS, _COUNT):
        code.get(parameter)
    wrapper.call("exception_new")
    code.tee(self_)
    wrapper.return_null_if_zero()
    code.get(self_)
    for parameter in (_ARGS, _COUNT, _NAMES):
        code.get(parameter)
    init = _method(class_, "__init__")
    wrapper.call(program.lazy(f"boxed:{init.decl.fullname}", _boxed_method, init))
    code.tee(result)
    code.emit(opcodes.I32_EQZ, opcodes.IF)
    code.get(self_)
    wrapper.call("CPy_DecRef")
    code.const(0)
    code.emit(opcodes.RETURN, opcodes.END)
    code.get(result)
    wrapper.call("CPy_DecRef")
    code.get(self_)
    return wrapper.finish(symbol, f"{class_.fullname}.__create__")


def _boxed_method(program: "ProgramEmitter", symbol: str, method: FuncIR) -> Function:
    return boxed(program, method, symbol, bound=True)


def boxed_method(program: "ProgramEmitter", method: FuncIR) -> str:
    """Symbol of a method under the boxed calling convention."""
    return program.lazy(f"boxed:{method.decl.fullname}", _boxed_method, method)


def _protocol_slot(
    program: "ProgramEmitter", symbol: str, class_: ClassIR, name: str, slot: str
) -> Function:
    """len, truth, in, item access: unbox, call, and turn the error value into C's."""
    method = _method(class_, name)
    operands = {"length": 0, "truth": 0, "contains": 1, "get_item": 1, "set_item": 2}[slot]
    result = {"length": I64, "get_item": I32}.get(slot, I32)
    wrapper = Wrapper(program, FunctionType(bytes([I32] * (operands + 1)), bytes([result])))
    code = wrapper.code
    failure = b"\x00" if slot == "get_item" else b"\x7f"
    const = opcodes.I64_CONST if result == I64 else opcodes.I32_CONST
    code.get(0)
    for index, parameter in enumerate(method.decl.sig.args[1 : operands + 1], start=1):
        local = code.new_local(representation.scalar(parameter.type).local)
        code.get(index)
        if parameter.type.is_unboxed:
            boxing.unbox_scalar(wrapper, parameter.type)
        else:
            boxing.push_cast(wrapper, parameter.type, owned=False)
        code.tee(local)
        code.get(local)
        code.emit(representation.error_test(parameter.type), opcodes.IF)
        code.emit(const + failure, opcodes.RETURN, opcodes.END)
    wrapper.call(program.function_symbol(method.decl))
    if slot == "get_item":
        _box_result(wrapper, method.ret_type)
    else:
        returned = code.new_local(representation.scalar(method.ret_type).local)
        code.tee(returned)
        code.emit(representation.error_test(method.ret_type), opcodes.IF)
        code.emit(const + failure, opcodes.RETURN, opcodes.END)
        if slot == "set_item":
            code.const(0)
        else:
            code.get(returned)
            if slot == "length":
                code.const64(1)
                code.emit(opcodes.I64_SHR_S)
    return wrapper.finish(symbol, method.fullname)


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


def trait_dispatcher(program: "ProgramEmitter", symbol: str, trait: ClassIR, name: str) -> Function:
    """Call a trait's method on the class that implements it: a test for each."""
    declaration = trait.method_decl(name)
    wrapper = Wrapper(program, function_type(declaration))
    code = wrapper.code
    receiver = len(wrapper.type.parameters) - sum(
        len(representation.scalars(a.type)) for a in declaration.sig.args
    )
    for class_ in sorted(trait.subclasses() or (), key=lambda c: c.fullname):
        method = class_.get_method(name, prefer_method=True)
        if class_.is_trait or method is None:
            continue
        glue = class_.glue_methods.get((trait, name), method)
        code.get(receiver)
        code.load(representation.POINTER, layout.TYPE)
        code.address(f"type:{class_.fullname}")
        code.emit(opcodes.I32_EQ, opcodes.IF)
        for parameter in range(len(wrapper.type.parameters)):
            code.get(parameter)
        wrapper.call(program.function_symbol(glue.decl))
        code.emit(opcodes.RETURN, opcodes.END)
    return Function(
        symbol, wrapper.type, code.finish(result_unreachable=True), f"{trait.fullname}.{name}"
    )


def export(
    program: "ProgramEmitter", symbol: str, callback: Callback, function: FuncIR
) -> Function:
    """A callback of the host: ints are tagged on the way in; an exception never gets out."""
    wrapper = Wrapper(program, callback.type)
    code = wrapper.code
    for parameter in range(callback.parameters):
        code.get(parameter)
        code.emit(opcodes.I64_EXTEND_I32_U)
        code.const64(1)
        code.emit(opcodes.I64_SHL)
    wrapper.call(program.function_symbol(function.decl))
    result = code.new_local(representation.scalar(function.ret_type).local)
    code.tee(result)
    code.emit(representation.error_test(function.ret_type), opcodes.IF)
    wrapper.call("report_uncaught")
    if callback.returns:
        code.const(callback.fallback)
        code.emit(opcodes.RETURN)
    code.emit(opcodes.END)
    if callback.returns:
        code.get(result)
        code.const64(1)
        code.emit(opcodes.I64_SHR_S, opcodes.I32_WRAP_I64)
    return wrapper.finish(symbol, callback.name)


def initialise(program: "ProgramEmitter", symbol: str, top_levels: list[str]) -> Function:
    """Run all module bodies in import order; an exception there is logged, and traps.

    A trap is right at this point: the host refuses the configuration and keeps the last good
    one, and no stream exists yet.
    """
    wrapper = Wrapper(program, FunctionType(b"", b""))
    code = wrapper.code
    for top_level in top_levels:
        wrapper.call(top_level)
        code.const(2)
        code.emit(opcodes.I32_EQ, opcodes.IF)
        wrapper.call("report_uncaught")
        code.emit(opcodes.UNREACHABLE, opcodes.END)
    return wrapper.finish(symbol, "_initialize")
