"""Instances made by calling a class as a value: the slot `create`."""

from typing import TYPE_CHECKING

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR

from mixer2.compiler.emit.boxed import (
    ARGS,
    BOXED,
    COUNT,
    NAMES,
    SELF,
    boxed,
    boxed_method,
    method_of,
)
from mixer2.compiler.emit.wrapper import Wrapper
from mixer2.compiler.link.symbols import Function
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_DEFAULTS_SETUP = "__mypyc_defaults_setup"


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
    wrapper = Wrapper(program, BOXED)
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
    wrapper = Wrapper(program, BOXED)
    code = wrapper.code
    self_ = code.new_local(I32)
    result = code.new_local(I32)
    for parameter in (SELF, ARGS, COUNT):
        code.get(parameter)
    if class_.get_method("__init__") is None:
        code.get(NAMES)
        wrapper.call("exception_create")
    else:
        wrapper.call("exception_new")
    code.tee(self_)
    wrapper.return_null_if_zero()
    program.classes.prepare_instance(code, class_, self_)
    if class_.get_method("__init__") is not None:
        code.get(self_)
        for parameter in (ARGS, COUNT, NAMES):
            code.get(parameter)
        init = method_of(class_, "__init__")
        wrapper.call(boxed_method(program, init))
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
