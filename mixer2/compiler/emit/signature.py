"""Wasm types of compiled functions.

A function that returns a tuple takes the address for it as its first parameter, as C does.
"""

from mypyc.ir.func_ir import FuncDecl, FuncSignature
from mypyc.ir.rtypes import RTuple, RVoid

from mixer2.compiler.emit import representation
from mixer2.compiler.wasm.types import I32, FunctionType


def function_type(declaration: FuncDecl) -> FunctionType:
    """Type of the Wasm function of a declaration."""
    return signature_type(declaration.sig)


def signature_type(signature: FuncSignature) -> FunctionType:
    """Type of the Wasm function of a signature."""
    parameters = [local for a in signature.args for local in representation.local_types(a.type)]
    result = signature.ret_type
    if isinstance(result, RTuple):
        return FunctionType(bytes([I32, *parameters]), b"")
    if isinstance(result, RVoid):
        return FunctionType(bytes(parameters), b"")
    return FunctionType(bytes(parameters), bytes(representation.local_types(result)))
