"""Functions between calling conventions.

boxed:F     dynamic calls (Call in object.h): arguments and result are objects
slot:C:S    a slot of a type object, filled by a special method of class C
export:NAME a callback of the host: i32 arguments and result
"""

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mypy.nodes import ArgKind
from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FUNC_STATICMETHOD, FuncDecl, FuncIR, RuntimeArg
from mypyc.ir.rtypes import RTuple, RType

from mixer2.compiler import layout
from mixer2.compiler.callbacks import Callback
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.code import Code
from mixer2.compiler.emit.names import display_name
from mixer2.compiler.emit.ops import boxing
from mixer2.compiler.emit.signature import function_type
from mixer2.compiler.link.symbols import Data, DataRef, Function, RefKind, Symbol
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32, I64, FunctionType

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_BOXED = FunctionType(bytes([I32, I32, I64, I32]), bytes([I32]))
_SELF, _ARGS, _COUNT, _NAMES = range(4)
_FRAME_ALIGNMENT = 16

# Py_LT.. of the compare slot.
_COMPARISONS = ("__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__")

# In the order of BinaryOperator and UnaryOperator in generic.h.
_BINARY = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift"),
    *("and", "xor", "or", "divmod"),
)
_UNARY = ("neg", "pos", "invert", "abs", "int", "float", "index")
_IN_PLACE = 16
_DEFAULTS_SETUP = "__mypyc_defaults_setup"
_BINARY_METHODS = tuple(f"__{kind}{name}__" for name in _BINARY for kind in ("", "r", "i"))
_UNARY_METHODS = tuple(f"__{name}__" for name in _UNARY)

# Slots whose C type is that of a compiled method with these results.
_SAME_TYPE = {"__str__": "str", "__repr__": "repr", "__iter__": "iterate", "__next__": "next"}


class Wrapper:
    """A function made of code rather than of IR; op emitters' helpers accept it."""

    def __init__(self, program: "ProgramEmitter", type_: FunctionType) -> None:
        self.program = program
        self.type = type_
        self.code = Code(type_.parameters)

    @property
    def is_in_loop(self) -> bool:
        """Never: these functions have none."""
        return False

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


def boxed(program: "ProgramEmitter", function: FuncIR, symbol: str, *, bound: int) -> Function:
    """A compiled function under the boxed calling convention.

    Args:
        program: Gives symbols.
        function: What to call.
        symbol: Name of the result.
        bound: How many parameters get `self`, which is given apart from the other arguments.
    """
    parameters = list(function.decl.sig.args)[bound:]
    wrapper = Wrapper(program, _BOXED)
    if program.calls_by_keyword or any(p.kind.is_star() or p.kind.is_named() for p in parameters):
        for parameter in (_SELF, _ARGS, _COUNT, _NAMES):
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
    arguments = [_SELF] * bound
    arguments += [local for scalars in locals_ for local in scalars]
    call_and_box(wrapper, function.decl, arguments)


def _check_count(wrapper: Wrapper, function: FuncIR, own: list[RuntimeArg]) -> None:
    code = wrapper.code
    required = sum(not parameter.kind.is_optional() for parameter in own)
    code.address(wrapper.program.literals.c_string(function.name.encode()))
    code.get(_COUNT)
    code.get(_NAMES)
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
            code.get(_COUNT)
            code.emit(b"\x53", opcodes.IF)
        else:
            code.get(_ARGS)
            code.load(representation.POINTER, 4 * index)
            code.emit(opcodes.IF)
    code.get(_ARGS)
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


def _unboxed_parameter(wrapper: Wrapper, rtype: RType, object_: int, failure: bytes) -> list[int]:
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


def push_is_error(wrapper: Wrapper, rtype: RType, local: int) -> None:
    """Push whether a scalar is an error. The error value of floats is also a float."""
    code = wrapper.code
    code.get(local)
    code.emit(representation.error_test(rtype))
    if rtype.error_overlap:
        code.emit(opcodes.IF_I32)
        wrapper.call("PyErr_Occurred")
        code.emit(opcodes.I32_EQZ, opcodes.I32_EQZ, opcodes.ELSE)
        code.const(0)
        code.emit(opcodes.END)


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


def slot_functions(program: "ProgramEmitter", class_: ClassIR) -> dict[str, str]:
    """Functions for the slots of a class's type object, by slot; inherited methods included."""
    found: dict[str, str] = {}
    for method, slot in _SAME_TYPE.items():
        if (function := class_.get_method(method)) is None:
            continue
        if function.ret_type.is_unboxed:
            symbol = f"slot:{class_.fullname}:{slot}"
            found[slot] = program.lazy(symbol, _boxed_slot, class_, method)
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


def _method(class_: ClassIR, name: str) -> FuncIR:
    method = class_.get_method(name)
    assert method is not None
    return method


def _call_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    return boxed(program, _method(class_, "__call__"), symbol, bound=1)


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
        operand = _unboxed_parameter(wrapper, other, 1, opcodes.I32_CONST + b"\x00")
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
    given = _unboxed_parameter(wrapper, method.decl.sig.args[1].type, other, failure)
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
    call_and_box(wrapper, _method(class_, "__format__").decl, [0, 1])
    return wrapper.finish(symbol, f"{class_.name}.__format__")


def boxed_getter(program: "ProgramEmitter", class_: ClassIR, name: str) -> str:
    """Symbol of a property's getter that gives an object."""
    getter = class_.properties[name][0]
    if not getter.ret_type.is_unboxed:
        return program.function_symbol(getter.decl)
    return program.lazy(f"getter:{class_.fullname}.{name}", _boxed_slot, class_, name)


def _boxed_slot(program: "ProgramEmitter", symbol: str, class_: ClassIR, name: str) -> Function:
    """A slot that takes self and gives an object."""
    return boxed_result(program, symbol, _method(class_, name))


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


def create_slot(program: "ProgramEmitter", class_: ClassIR) -> str:
    """Function for `C(...)` where C is a value: create(type, args, count, keyword names)."""
    symbol = f"slot:{class_.fullname}:create"
    if class_.is_abstract and (missing := program.abstract_methods(class_)):
        return program.lazy(symbol, _refuse_to_create, class_, missing)
    if program.is_exception(class_):
        own = (class_.get_method("__init__"), class_.get_method(_DEFAULTS_SETUP))
        if own == (None, None) and not program.classes.needs_marking(class_):
            return "exception_create"
        return program.lazy(symbol, _create_exception, class_)
    return program.lazy(symbol, _create_instance, class_)


def _refuse_to_create(
    program: "ProgramEmitter", symbol: str, class_: ClassIR, missing: list[str]
) -> Function:
    wrapper = Wrapper(program, _BOXED)
    message = (
        f"Can't instantiate abstract class {class_.name} with abstract "
        f"method{'s' * (len(missing) > 1)} {', '.join(missing)}"
    )
    wrapper.code.address("Exc_TypeError_Type")
    wrapper.code.address(program.literals.c_string(message.encode()))
    wrapper.call("raise_standard_error")
    wrapper.code.const(0)
    return wrapper.finish(symbol, f"{class_.name}.__create__")


def _create_instance(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    declaration = FuncIR(class_.ctor, [], [])
    created = boxed(program, declaration, symbol, bound=0)
    created.display_name = f"{class_.name}.__create__"
    return created


def _create_exception(program: "ProgramEmitter", symbol: str, class_: ClassIR) -> Function:
    """An exception holds its arguments in `args`; then its `__init__` runs."""
    wrapper = Wrapper(program, _BOXED)
    code = wrapper.code
    self_ = code.new_local(I32)
    result = code.new_local(I32)
    for parameter in (_SELF, _ARGS, _COUNT):
        code.get(parameter)
    if class_.get_method("__init__") is None:
        code.get(_NAMES)
        wrapper.call("exception_create")
    else:
        wrapper.call("exception_new")
    code.tee(self_)
    wrapper.return_null_if_zero()
    program.classes.prepare_instance(code, class_, self_)
    if class_.get_method("__init__") is not None:
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
    return wrapper.finish(symbol, f"{class_.name}.__create__")


def _boxed_method(program: "ProgramEmitter", symbol: str, method: FuncIR) -> Function:
    bound = method.decl.kind != FUNC_STATICMETHOD
    return boxed(program, method, symbol, bound=int(bound))


def boxed_method(program: "ProgramEmitter", method: FuncIR) -> str:
    """Symbol of a method under the boxed calling convention."""
    return program.lazy(f"boxed:{method.decl.fullname}", _boxed_method, method)


def _protocol_slot(
    program: "ProgramEmitter", symbol: str, class_: ClassIR, name: str, slot: str
) -> Function:
    """len, truth, in, item access: unbox, call, and turn the error value into C's."""
    method = _method(class_, name)
    operands = {"length": 0, "truth": 0, "contains": 1, "get_item": 1}[slot]
    result = {"length": I64, "get_item": I32}.get(slot, I32)
    wrapper = Wrapper(program, FunctionType(bytes([I32] * (operands + 1)), bytes([result])))
    code = wrapper.code
    const = opcodes.I64_CONST if result == I64 else opcodes.I32_CONST
    failure = const + (b"\x00" if slot == "get_item" else b"\x7f")
    arguments = [0]
    for index, parameter in enumerate(method.decl.sig.args[1 : operands + 1], start=1):
        arguments += _unboxed_parameter(wrapper, parameter.type, index, failure)
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
    method = _method(class_, "__len__")
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
        arguments += _unboxed_parameter(wrapper, parameter.type, operand, failure)
    for local in arguments:
        code.get(local)
    wrapper.call(wrapper.program.function_symbol(method.decl))
    returned = code.new_local(representation.scalar(method.ret_type).local)
    code.set(returned)
    push_is_error(wrapper, method.ret_type, returned)
    code.emit(opcodes.IF, failure, opcodes.RETURN, opcodes.END)


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
    if callback.collects and program.has_tracked_classes:
        wrapper.call("collect_some_cycles")
    if callback.returns:
        code.get(result)
        code.const64(1)
        code.emit(opcodes.I64_SHR_S, opcodes.I32_WRAP_I64)
    # Hosts know it by the name that it is exported under.
    return wrapper.finish(symbol, "")


def initialise(program: "ProgramEmitter", symbol: str, top_levels: list[str]) -> Function:
    """Run all module bodies in import order; an exception there is logged, and traps.

    A trap is right at this point: the host refuses the configuration and keeps the last good
    one, and no stream exists yet.
    """
    wrapper = Wrapper(program, FunctionType(b"", b""))
    code = wrapper.code
    for top_level in top_levels:
        if _does_nothing(program.symbols[top_level]):
            continue
        wrapper.call(top_level)
        code.const(2)
        code.emit(opcodes.I32_EQ, opcodes.IF)
        wrapper.call("report_uncaught")
        code.emit(opcodes.UNREACHABLE, opcodes.END)
    return wrapper.finish(symbol, "")


def _does_nothing(top_level: Symbol) -> bool:
    """Whether all that a module's body does is done when compiling: it only says that it ended."""
    assert isinstance(top_level, Function)
    return top_level.pieces == [b"\x00", opcodes.I32_CONST + b"\x01", opcodes.END]
