"""Keeps mypyc from taking names of the module for variables that a nested function shares.

    def outer() -> int:
        def inner() -> int:
            return helper(1)
        return helper(2)

mypyc decides who owns a name by where it saw it first: `helper`, first seen in `inner` and then in
`outer`, counts as a free variable, and then `outer` keeps its nested functions in its environment,
to which they refer: a cycle, which reference counts never free. So every name of the module that a
nested function uses is seen in a function of its own before, which is dropped from the IR again.
"""

import ast

from mypy.nodes import (
    GDEF,
    Block,
    Expression,
    ExpressionStmt,
    FuncDef,
    MypyFile,
    NameExpr,
    Statement,
    SymbolTableNode,
    Var,
)
from mypy.types import CallableType, Instance, NoneType, Type
from mypyc.ir.module_ir import ModuleIR

from mixer2.compiler.frontend.walk import nodes_of, walk

_FIRST_SEEN = "mixer2_first_seen"


def claim_module_names(
    tree: MypyFile, source: ast.Module, types: dict[Expression, Type], function_type: Instance
) -> None:
    """Put a function before all others that uses the names of the module that nested ones use.

    Args:
        tree: The module, rewritten in place.
        source: The module as its author wrote it.
        types: mypy's table of types, which gets those of the new expressions.
        function_type: `builtins.function`.
    """
    uses: list[Statement] = []
    for name in sorted(_names_in_nested_functions(source)):
        symbol = tree.names.get(name)
        node = symbol.node if symbol else None
        if isinstance(node, Var | FuncDef) and node.type is not None:
            use = NameExpr(name)
            use.node, use.fullname, use.kind = node, node.fullname, GDEF
            types[use] = node.type
            uses.append(ExpressionStmt(use))
    if uses:
        type_ = CallableType([], [], [], NoneType(), function_type)
        function = FuncDef(_FIRST_SEEN, [], Block(uses), type_)
        function._fullname = f"{tree.fullname}.{_FIRST_SEEN}"  # noqa: SLF001 - has no setter
        tree.defs.insert(0, function)
        tree.names[_FIRST_SEEN] = SymbolTableNode(GDEF, function)


def drop_claims(module: ModuleIR) -> None:
    """Take the functions that `claim_module_names` added out of the IR."""
    module.functions = [f for f in module.functions if f.name != _FIRST_SEEN]


def _names_in_nested_functions(source: ast.Module) -> set[str]:
    functions = ast.FunctionDef | ast.Lambda
    return {
        name.id
        for outer in nodes_of(source)
        if isinstance(outer, functions)
        for inner in walk(outer)
        if isinstance(inner, functions) and inner is not outer
        for name in walk(inner)
        if isinstance(name, ast.Name)
    }
