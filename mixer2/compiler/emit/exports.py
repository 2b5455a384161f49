"""Functions that stand before others: callbacks of the host, the start, methods of traits.

export:NAME a callback of the host: i32 arguments and result
"""

from typing import TYPE_CHECKING

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR

from mixer2.compiler import layout
from mixer2.compiler.callbacks import Callback
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.signature import function_type
from mixer2.compiler.emit.wrapper import Wrapper
from mixer2.compiler.link.symbols import Function, Symbol
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import FunctionType

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter


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
