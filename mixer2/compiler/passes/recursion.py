"""Which functions can call themselves, directly or by way of others: they watch the stack.

Calls of the run-time may call back: any special method of a class whose instances the run-time can
see, and any function that is a value. Those stand in the graph as one node, `_ANYTHING`.
"""

from collections.abc import Iterable, Iterator

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Call, CallC, GetAttr, MethodCall, Op, SetAttr

_ANYTHING = "*"

# Primitives that cannot call back start so.
_HARMLESS = (
    *("CPyTagged_", "CPyLong_", "CPyStr_", "CPyBytes_", "CPyErr_", "CPy_Raise", "CPyList_Get"),
    *(
        "PyTuple_",
        "PyList_",
        "CPyDebug",
        "CPyFloat_",
        "PyDict_New",
        "CPy_CatchError",
        "CPy_Restore",
    ),
)


def recursive_functions(functions: list[FuncIR], classes: Iterable[ClassIR]) -> set[str]:
    """Full names of the functions on a cycle of calls."""
    graph: dict[str, set[str]] = {_ANYTHING: set()}
    for function in functions:
        name = function.decl.fullname
        graph.setdefault(name, set()).update(_called(function))
        if _may_be_called_back(function):
            graph[_ANYTHING].add(name)
    for class_ in classes:
        made = [m for m in ("__init__", "__mypyc_defaults_setup") if m in class_.method_decls]
        graph.setdefault(class_.fullname, set()).update(
            class_.method_decl(method).fullname for method in made
        )
    return _on_cycles(graph)


def _may_be_called_back(function: FuncIR) -> bool:
    return function.name.startswith("__") or function.decl.class_name is None


def _called(function: FuncIR) -> Iterator[str]:
    for block in function.blocks:
        for op in block.ops:
            yield from _targets(op)


def _targets(op: Op) -> Iterator[str]:
    if isinstance(op, Call):
        yield op.fn.fullname
    elif isinstance(op, MethodCall):
        yield from _overrides(op.receiver_type.class_ir, op.method)
    elif isinstance(op, GetAttr):
        if op.class_type.class_ir.has_method(op.attr):
            yield from _overrides(op.class_type.class_ir, op.attr)
    elif isinstance(op, SetAttr):
        if op.propset is not None:
            yield op.propset.fullname
    elif isinstance(op, CallC) and not op.function_name.startswith(_HARMLESS):
        yield _ANYTHING


def _overrides(class_: ClassIR, method: str) -> Iterator[str]:
    yield class_.method_decl(method).fullname
    for subclass in class_.subclasses() or ():
        if method in subclass.method_decls:
            yield subclass.method_decls[method].fullname


def _on_cycles(graph: dict[str, set[str]]) -> set[str]:
    """Nodes of strongly connected components that hold a cycle (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_stack: set[str] = set()
    stack: list[str] = []
    found: set[str] = set()
    for root, called in graph.items():
        if root in index:
            continue
        work = [(root, iter(sorted(called)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in graph:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(sorted(graph[target]))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    if len(component) > 1 or node in graph[node]:
                        found.update(component)
    return found - {_ANYTHING}
