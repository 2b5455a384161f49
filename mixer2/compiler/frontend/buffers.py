"""Refusing what views of bytes, and functions that take them, have in CPython and not here.

mypyc knows no memoryviews and looks their attributes up at run time, so that these are told here,
where types are.
"""

from mypy.nodes import CallExpr, MemberExpr, NameExpr
from mypy.types import Type

from mixer2.compiler.frontend.nodes import is_builtin

# What a memoryview has (build/runtime/memoryview_methods.c).
_VIEW_ATTRIBUTES = frozenset(
    {
        *("tobytes", "tolist", "hex", "toreadonly", "release", "obj", "readonly", "format"),
        *("nbytes", "itemsize", "ndim", "shape", "strides"),
        *("contiguous", "c_contiguous", "f_contiguous", "__enter__", "__exit__", "__class__"),
    }
)

# Functions that take any bytes-like object in CPython, and which of them not here.
_REFUSED = {
    "memoryview": ("bytearray",),
    "int": ("bytearray", "memoryview"),
    "float": ("bytearray", "memoryview"),
}


def refused_buffer(call: CallExpr, given: Type | None) -> str:
    """What is wrong with a call whose first argument is of this type; "" for nothing."""
    callee = call.callee.fullname if isinstance(call.callee, NameExpr) else ""
    function = callee.removeprefix("builtins.")
    for name in _REFUSED.get(function, ()) if function != callee else ():
        if is_builtin(given, name):
            return f"{function}() of a {name} is not in the dialect: write {function}(bytes(...))"
    return ""


def refused_view_attribute(expression: MemberExpr, owner: Type | None) -> str:
    """What is wrong with an attribute of what is of this type; "" for nothing."""
    if not is_builtin(owner, "memoryview") or expression.name in _VIEW_ATTRIBUTES:
        return ""
    return (
        f"memoryview.{expression.name} is not in the dialect: use slices, tobytes() or tolist(), "
        "or build with --profile cpython"
    )
