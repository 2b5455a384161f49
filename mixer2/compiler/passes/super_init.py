"""`super().__init__(...)` of classes that extend a built-in exception.

mypyc looks `super` up among the built-in names and calls what it finds. The base is an exception
of the run-time, so this is always BaseException.__init__: one call.
"""

from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import AssignMulti, CallC, LoadAddress, LoadStatic, Register, Value

from mixer2.compiler.emit.names import literal_text, module_object
from mixer2.compiler.passes.values import all_ops, drop_values

EXCEPTION_INIT = "exception_super_init"


def call_base_init_directly(function: FuncIR) -> None:
    """Rewrite such calls."""
    arrays = {op.dest: op for op in all_ops(function) if isinstance(op, AssignMulti)}
    unneeded: set[Value] = set()
    for op in all_ops(function):
        if not isinstance(op, CallC) or op.function_name != "PyObject_Vectorcall":
            continue
        if (self_ := _receiver(op.args[0], arrays, unneeded)) is not None:
            op.function_name = EXCEPTION_INIT
            op.args = [self_, op.args[1], op.args[2]]
    drop_values(function, unneeded)


def _receiver(
    lookup: Value, arrays: dict[Register, AssignMulti], unneeded: set[Value]
) -> Value | None:
    """`self` of a value that is `super().__init__`; what computes it is then not needed."""
    if not _is_get_attr(lookup, "__init__"):
        return None
    assert isinstance(lookup, CallC)
    call = lookup.args[0]
    if not isinstance(call, CallC) or call.function_name != "PyObject_Vectorcall":
        return None
    super_, address = call.args[0], call.args[1]
    if not _is_get_attr(super_, "super") or not isinstance(address, LoadAddress):
        return None
    assert isinstance(super_, CallC)
    if module_object(super_.args[0]) != "builtins" or not isinstance(address.src, Register):
        return None
    array = arrays[address.src]
    type_, self_ = array.src
    unneeded |= {lookup, call, super_, address, array}
    if isinstance(type_, LoadStatic):
        unneeded.add(type_)
    return self_


def _is_get_attr(value: Value, name: str) -> bool:
    return (
        isinstance(value, CallC)
        and value.function_name == "CPyObject_GetAttr"
        and literal_text(value.args[1]) == name
    )
