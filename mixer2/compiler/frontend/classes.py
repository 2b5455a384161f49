"""Class definitions: what mypyc may see of them, and what the dialect refuses in them."""

from difflib import get_close_matches

from mypy.nodes import AssignmentStmt, ClassDef, TempNode, TypeInfo, Var
from mypy.types import Instance

from mixer2.compiler.frontend.nodes import Refuse

# Built-in exceptions that mypyc lets a class extend; the run-time has them all.
_MYPYC_BASES = frozenset(
    {
        *("builtins.object", "builtins.BaseException", "builtins.Exception"),
        *("builtins.LookupError", "builtins.IndexError", "builtins.ValueError"),
        *("builtins.Warning", "builtins.UserWarning"),
    }
)

# How alike two names are when one is the other, misspelt.
_MISSPELT = 0.9


def lower_class(class_: ClassDef, refuse: Refuse) -> None:
    """Prepare a class in place.

    Args:
        class_: The definition.
        refuse: Is told what the dialect lacks.
    """
    if class_.info.is_enum:
        _declare_members(class_.info)
    _check_callbacks(class_, refuse)
    bases = class_.info.mro
    if any(base.fullname == "builtins.BaseException" for base in bases):
        _check_exception_attributes(class_, refuse)
        class_.info.mro = [
            base
            for base in bases
            if not base.fullname.startswith("builtins.") or base.fullname in _MYPYC_BASES
        ]


def _check_callbacks(class_: ClassDef, refuse: Refuse) -> None:
    """A misspelt callback would never be called, and nobody would be told."""
    callbacks = [
        name
        for base in class_.info.mro[1:]
        if base.module_name.startswith("pal.")
        for name in base.names
        if name.startswith("on_")
    ]
    for name, symbol in class_.info.names.items():
        if not callbacks or not name.startswith("on_") or name in callbacks:
            continue
        if meant := get_close_matches(name, callbacks, n=1, cutoff=_MISSPELT):
            place = symbol.node or class_
            refuse(place, f"{name} is no callback, and never called: {meant[0]}?")


def _check_exception_attributes(class_: ClassDef, refuse: Refuse) -> None:
    for statement in class_.defs.body:
        if not isinstance(statement, AssignmentStmt) or statement.is_final_def:
            continue
        variable = getattr(statement.lvalues[0], "node", None)
        has_value = not isinstance(statement.rvalue, TempNode)
        if has_value and isinstance(variable, Var) and not variable.is_classvar:
            refuse(
                statement,
                f"class attribute {variable.name} of an exception: annotate it with "
                "ClassVar[...], or set it in __init__",
            )


def _declare_members(info: TypeInfo) -> None:
    """Say that members of an enum are of its class.

    mypyc asks for the variable's type where mypy gave the expression none, in code that is never
    reached; there mypy has the type of the member's value.
    """
    for symbol in info.names.values():
        if isinstance(symbol.node, Var) and symbol.node.is_final:
            symbol.node.type = Instance(info, [])
