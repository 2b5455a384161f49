"""One emitter per kind of op of mypyc's IR.

Each takes the function under construction and the op.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mypyc.ir import ops as ir

from mixer2.compiler.emit.ops import (
    addresses,
    arithmetic,
    attributes,
    boxing,
    calls,
    exceptions,
    refcounts,
    statics,
    tuples,
)

if TYPE_CHECKING:
    from mixer2.compiler.emit.function import FunctionEmitter

# Assign and the terminators are the function emitter's own.
EMITTERS: dict[type[ir.Op], Callable[["FunctionEmitter", Any], None]] = {
    ir.AssignMulti: addresses.emit_assign_multi,
    ir.Box: boxing.emit_box,
    ir.Call: calls.emit_call,
    ir.CallC: calls.emit_call_c,
    ir.Cast: boxing.emit_cast,
    ir.ComparisonOp: arithmetic.emit_comparison,
    ir.DecRef: refcounts.emit_dec_ref,
    ir.Extend: arithmetic.emit_extend,
    ir.FloatComparisonOp: arithmetic.emit_float_comparison,
    ir.FloatNeg: arithmetic.emit_float_neg,
    ir.FloatOp: arithmetic.emit_float_op,
    ir.GetAttr: attributes.emit_get_attr,
    ir.GetElementPtr: addresses.emit_get_element_ptr,
    ir.IncRef: refcounts.emit_inc_ref,
    ir.InitStatic: statics.emit_init_static,
    ir.IntOp: arithmetic.emit_int_op,
    ir.KeepAlive: refcounts.emit_keep_alive,
    ir.LoadAddress: addresses.emit_load_address,
    ir.LoadErrorValue: statics.emit_constant,
    ir.LoadGlobal: statics.emit_load_global,
    ir.LoadLiteral: statics.emit_constant,
    ir.LoadMem: addresses.emit_load_mem,
    ir.LoadStatic: statics.emit_load_static,
    ir.MethodCall: calls.emit_method_call,
    ir.RaiseStandardError: exceptions.emit_raise_standard_error,
    ir.SetAttr: attributes.emit_set_attr,
    ir.SetMem: addresses.emit_set_mem,
    ir.Truncate: arithmetic.emit_truncate,
    ir.TupleGet: tuples.emit_tuple_get,
    ir.TupleSet: tuples.emit_tuple_set,
    ir.Unborrow: refcounts.emit_unborrow,
    ir.Unbox: boxing.emit_unbox,
}
