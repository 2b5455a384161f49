"""The passes over the IR that need to know the whole program, and their order."""

from collections.abc import Callable, Iterable

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR
from mypyc.ir.ops import BasicBlock

from mixer2.compiler.emit import top_level
from mixer2.compiler.passes.borrowing import FixedAttributes, borrow_attributes
from mixer2.compiler.passes.call_graph import CallGraph
from mixer2.compiler.passes.handled import keep_only_the_exception
from mixer2.compiler.passes.index_errors import name_str_in_index_errors
from mixer2.compiler.passes.references import cancel_references
from mixer2.compiler.passes.simplify import drop_decided_tests, simplify
from mixer2.compiler.passes.startup import set_by, trust_names
from mixer2.compiler.passes.tracebacks import share_traceback_blocks
from mixer2.compiler.passes.unboxing import unbox_what_was_boxed


class Optimizer:
    """Knows which functions call which, and rewrites each with that.

    Args:
        functions: All functions of the program.
        classes: All its classes.
        is_called_back: Whether the run-time may call a function.
        objects_compare: Whether comparing two objects may run code of the program.
    """

    def __init__(
        self,
        functions: Iterable[FuncIR],
        classes: Iterable[ClassIR],
        *,
        is_called_back: Callable[[FuncIR], bool],
        objects_compare: bool,
    ) -> None:
        functions = list(functions)
        graph = CallGraph(
            functions,
            list(classes),
            is_called_back=is_called_back,
            objects_compare=objects_compare,
        )
        self._objects_compare = objects_compare
        self._recursive = graph.recursive()
        bodies = [f for f in functions if f.name == top_level.TOP_LEVEL]
        self._run_at_start = graph.reachable(body.decl.fullname for body in bodies)
        self._set_at_start = set_by(bodies)
        self._fixed_attributes = FixedAttributes(functions)

    def can_recurse(self, function: FuncIR) -> bool:
        """Whether a function may be running when it is called."""
        return function.decl.fullname in self._recursive

    def optimize(self, function: FuncIR, *, trust_narrowing: bool) -> dict[BasicBlock, int]:
        """Rewrite a function in place.

        Args:
            function: Its blocks are changed.
            trust_narrowing: See `passes.simplify`.

        Returns:
            Blocks that note a line in the traceback, and the lines.
        """
        name_str_in_index_errors(function)
        keep_only_the_exception(function)
        if function.decl.fullname not in self._run_at_start:
            trust_names(function, self._set_at_start)
        unbox_what_was_boxed(function)
        simplify(function, trust_narrowing=trust_narrowing)
        cancel_references(function)
        borrow_attributes(function, self._fixed_attributes, objects_compare=self._objects_compare)
        noted_lines = share_traceback_blocks(function)
        drop_decided_tests(function)
        return noted_lines
