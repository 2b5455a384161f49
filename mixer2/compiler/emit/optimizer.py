"""The passes over the IR that need to know the whole program, and their order."""

from collections.abc import Callable, Iterable

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR

from mixer2.compiler.callbacks import CALLBACKS, PLUGIN_CONTEXT, RARE, RARE_METHODS
from mixer2.compiler.emit import top_level
from mixer2.compiler.passes.arithmetic import use_machine_arithmetic
from mixer2.compiler.passes.borrowing import FixedAttributes, borrow_attributes
from mixer2.compiler.passes.call_graph import CallGraph
from mixer2.compiler.passes.characters import use_characters_as_numbers
from mixer2.compiler.passes.class_methods import pass_class_to_base
from mixer2.compiler.passes.error_paths import ErrorPaths, share_error_paths
from mixer2.compiler.passes.float_comparisons import compare_exactly
from mixer2.compiler.passes.generators import complete_generator
from mixer2.compiler.passes.handing_over import hand_over_references
from mixer2.compiler.passes.handled import keep_only_the_exception
from mixer2.compiler.passes.index_errors import name_str_in_index_errors
from mixer2.compiler.passes.keywords import let_keywords_collide
from mixer2.compiler.passes.known_texts import compare_known_texts
from mixer2.compiler.passes.references import cancel_references
from mixer2.compiler.passes.simplify import drop_decided_tests, merge_blocks, simplify
from mixer2.compiler.passes.skipping import skip_characters
from mixer2.compiler.passes.stack_watch import watch_stack
from mixer2.compiler.passes.startup import set_by, trust_names
from mixer2.compiler.passes.unboxing import unbox_what_was_boxed
from mixer2.compiler.passes.unpacking import complete_unpacking
from mixer2.compiler.passes.unread import drop_unread_ints

_RUN_OFTEN = frozenset(callback.name for callback in CALLBACKS) - RARE


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
        functions, classes = list(functions), list(classes)
        graph = CallGraph(
            functions,
            classes,
            is_called_back=is_called_back,
            objects_compare=objects_compare,
        )
        self._objects_compare = objects_compare
        self._stack_uses = watch_stack(graph, functions)
        plugins = {c.fullname for c in classes if any(b.fullname == PLUGIN_CONTEXT for b in c.mro)}
        bodies = [f for f in functions if f.name == top_level.TOP_LEVEL]
        self._run_at_start = graph.reachable(body.decl.fullname for body in bodies)
        self._set_at_start = set_by(bodies)
        self._run_often = graph.reachable(
            (f.decl.fullname for f in functions if f.name in _RUN_OFTEN and not f.class_name),
            but={f.decl.fullname for f in functions if _is_rare_method(f, plugins)},
            # Few classes are called as values, and those when a configuration is read.
            creates_any=False,
        )
        self._fixed_attributes = FixedAttributes(functions)

    def runs_rarely(self, function: FuncIR) -> bool:
        """Whether a function runs only when the module starts or a configuration is read."""
        return function.decl.fullname not in self._run_often

    def stack_use(self, function: FuncIR) -> int:
        """What a call takes of the host's stack, bytes; 0 for a function that does not watch it."""
        return self._stack_uses.get(function.decl.fullname, 0)

    def optimize(
        self,
        function: FuncIR,
        *,
        trust_narrowing: bool,
        trust_items: bool,
        is_in_tracebacks: bool,
    ) -> ErrorPaths:
        """Rewrite a function in place.

        Args:
            function: Its blocks are changed.
            trust_narrowing: See `passes.simplify`.
            trust_items: Likewise.
            is_in_tracebacks: Tracebacks show where it was left.

        Returns:
            Where it notes lines.
        """
        name_str_in_index_errors(function)
        complete_generator(function)
        pass_class_to_base(function)
        complete_unpacking(function)
        compare_exactly(function)
        let_keywords_collide(function)
        keep_only_the_exception(function)
        if function.decl.fullname not in self._run_at_start:
            trust_names(function, self._set_at_start)
        unbox_what_was_boxed(function)
        drop_unread_ints(function)
        simplify(function, trust_narrowing=trust_narrowing, trust_items=trust_items)
        compare_known_texts(function)
        use_characters_as_numbers(function)
        if use_machine_arithmetic(function):
            merge_blocks(function)
        skip_characters(function)
        cancel_references(function)
        hand_over_references(function)
        borrow_attributes(function, self._fixed_attributes, objects_compare=self._objects_compare)
        error_paths = share_error_paths(function, is_noted=is_in_tracebacks)
        drop_decided_tests(function)
        return error_paths


def _is_rare_method(function: FuncIR, plugins: set[str]) -> bool:
    owner = f"{function.decl.module_name}.{function.class_name}"
    return function.name in RARE_METHODS and owner in plugins
