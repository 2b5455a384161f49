"""Who may call whom; which functions can call themselves, directly or by way of others.

Calls of the run-time may call back: any special method of a class whose instances the run-time can
see, and any function that is a value. Those stand in the graph as one node, `ANYTHING`.
"""

from collections.abc import Callable, Iterable, Iterator

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import Call, CallC, GetAttr, MethodCall, Op, SetAttr

from mixer2.compiler.cycles import cycles
from mixer2.compiler.passes.known_keys import KEYED_OPERATIONS

ANYTHING = "*"

# Primitives that cannot call back start so.
_HARMLESS = (
    *("CPyTagged_", "CPyLong_", "CPyStr_", "CPyBytes_", "CPyErr_", "CPyList_Get", "CPyFloat_"),
    *("PyTuple_", "PyList_", "PyDict_New", "CPyDebug", "CPy_CatchError", "CPy_Restore"),
    *("CPy_GetExcValue", "CPy_ExceptionMatches", "CPy_Reraise", "CPy_KeepPropagating"),
    *("raise_", "exception_with_text", "exception_new", "exception_set_", "exception_get_"),
)


class CallGraph:
    """Who may call whom in a program.

    Args:
        functions: All functions of the program.
        classes: All its classes.
        is_called_back: Whether the run-time may call a function.
        objects_compare: Whether comparing keys may call back.
    """

    def __init__(
        self,
        functions: list[FuncIR],
        classes: Iterable[ClassIR],
        *,
        is_called_back: Callable[[FuncIR], bool],
        objects_compare: bool,
    ) -> None:
        harmless = _HARMLESS if objects_compare else (*_HARMLESS, *KEYED_OPERATIONS)
        graph: dict[str, set[str]] = {ANYTHING: set()}
        for function in functions:
            name = function.decl.fullname
            graph.setdefault(name, set()).update(_called(function, harmless))
            if is_called_back(function):
                graph[ANYTHING].add(name)
        for class_ in classes:
            made = [m for m in ("__init__", "__mypyc_defaults_setup") if m in class_.method_decls]
            graph.setdefault(class_.fullname, set()).update(
                class_.method_decl(method).fullname for method in made
            )
        self._graph = graph

    def cycles(self) -> list[set[str]]:
        """Full names of functions that can call each other, directly or by way of others."""
        return cycles(self._graph)

    def called(self, name: str) -> set[str]:
        """Full names of what a function calls."""
        return self._graph.get(name, set())

    def reachable(
        self, roots: Iterable[str], *, but: Iterable[str] = (), creates_any: bool = True
    ) -> set[str]:
        """Full names of the functions that these call, directly or by way of others.

        Args:
            roots: Where to begin.
            but: Functions that are no way to others, nor found.
            creates_any: Whether the run-time creates instances of classes that it only knows.
        """
        pending = list(roots)
        seen = {*pending, *but}
        while pending:
            caller = pending.pop()
            found = self._graph.get(caller, set()) - seen
            if caller == ANYTHING and not creates_any:
                found = {name for name in found if not name.endswith(".__init__")}
            seen |= found
            pending += found
        return seen.difference(but)


def _called(function: FuncIR, harmless: tuple[str, ...]) -> Iterator[str]:
    for block in function.blocks:
        for op in block.ops:
            yield from _targets(op, harmless)


def _targets(op: Op, harmless: tuple[str, ...]) -> Iterator[str]:
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
    elif isinstance(op, CallC) and not op.function_name.startswith(harmless):
        yield ANYTHING


def _overrides(class_: ClassIR, method: str) -> Iterator[str]:
    yield class_.method_decl(method).fullname
    for subclass in class_.subclasses() or ():
        if method in subclass.method_decls:
            yield subclass.method_decls[method].fullname
