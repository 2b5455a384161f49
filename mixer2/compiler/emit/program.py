"""The whole program as symbols, made on demand: what nothing needs is never emitted.

py:F        a compiled function         new:C      a constructor
type:C      a type object               member:C.M an enum member
global:M.N  a module variable           static:M.N a final name
boxed:F slot:C:S  see `boxed`, `slots`  export:N   a callback of the host
"""

from collections.abc import Callable

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncDecl, FuncIR
from mypyc.ir.ops import CallC, LoadStatic, Op, Value

from mixer2.compiler import layout
from mixer2.compiler.bug import bug
from mixer2.compiler.callbacks import DISPATCH, Callback
from mixer2.compiler.emit import boxed, creation, exports, slots, stack, top_level
from mixer2.compiler.emit.classes import Classes
from mixer2.compiler.emit.dynamic import Dynamic
from mixer2.compiler.emit.emitting import Emitting
from mixer2.compiler.emit.enum_members import EnumMembers
from mixer2.compiler.emit.enums import add_class_slots, add_enum, enum_is_a_value, find_enums
from mixer2.compiler.emit.function import FunctionEmitter
from mixer2.compiler.emit.globals import Globals
from mixer2.compiler.emit.literals import Literals
from mixer2.compiler.emit.named_tuples import add_named_tuple, find_named_tuples
from mixer2.compiler.emit.names import is_type, known_symbol, literal_text
from mixer2.compiler.emit.optimizer import Optimizer
from mixer2.compiler.emit.places import Places
from mixer2.compiler.errors import CompileError, Diagnostic
from mixer2.compiler.frontend.entry import ENTRY_MODULE, imported_modules
from mixer2.compiler.frontend.program import Program
from mixer2.compiler.frontend.typecheck import TypedProgram
from mixer2.compiler.link.symbols import Data, Function, SymbolTable
from mixer2.compiler.passes.byte_numbers import use_numbers_in_place
from mixer2.compiler.passes.escape import escaping_classes
from mixer2.compiler.passes.exceptions import Exceptions, is_exception
from mixer2.compiler.passes.fstrings import format_directly
from mixer2.compiler.passes.header_calls import call_header_maps_directly
from mixer2.compiler.passes.keywords import calls_by_keyword
from mixer2.compiler.passes.known_arguments import use_known_arguments
from mixer2.compiler.passes.known_keys import use_known_keys
from mixer2.compiler.passes.known_methods import call_known_methods
from mixer2.compiler.passes.missing_attributes import missing_attributes
from mixer2.compiler.passes.super_init import call_base_init_directly

# How mypyc names the methods of classes that it leaves to CPython.
_FAST_PREFIX = "__mypyc_fast_"

# Where every traceback would begin: of no interest to the author (pal.failure says the same).
_NOT_IN_TRACEBACKS = frozenset({DISPATCH, ENTRY_MODULE})


class ProgramEmitter:
    """Defines a symbol for everything in a program.

    Args:
        program: The sources.
        typed: Their IR.
        runtime: The run-time's symbols; it is not changed.

    Attributes:
        has_tracked_classes: Whether the program may need the cycle collector.
        calls_by_keyword: Whether values are called with keywords anywhere.
        diagnostics: What the dialect lacks, found while emitting.
        enum_members: The members of enums.
        places: Answers questions about the source.
    """

    def __init__(self, program: Program, typed: TypedProgram, runtime: SymbolTable) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.symbols = runtime.copy()
        self.places = Places(program, typed)
        self.literals = Literals(self.symbols, self.places)
        self._functions: dict[str, tuple[str, FuncIR]] = {}
        self.enum_members = EnumMembers(self.symbols)
        self._typed = typed
        self._program = program
        modules = list(typed.modules.values())
        classes = [class_ for module in modules for class_ in module.classes]
        self._class_names = {class_.fullname: class_ for class_ in classes}
        self.has_tracked_classes = any(map(self.is_tracked, classes))
        for name, module in typed.modules.items():
            for function in module.functions:
                self._add_function(name, function)
        functions = [function for module in modules for function in module.functions]
        call_header_maps_directly(functions, classes)
        for function in functions:
            call_base_init_directly(function)
            format_directly(function)
            call_known_methods(function, exists=runtime.__contains__)
        self.calls_by_keyword = any(map(calls_by_keyword, functions))
        self._escaping = escaping_classes(functions)
        self._objects_compare = any(
            class_.fullname in self._escaping and class_.has_method("__eq__") for class_ in classes
        )
        self.dynamic = Dynamic(self, modules)
        self.globals = Globals(self, typed)
        self._class_attributes = self._find_class_attributes()
        self.classes = Classes(self, classes)
        exceptions = Exceptions(self._class_names, self._known_type, self.builtin_base)
        for function in functions:
            exceptions.make_directly(function)
            use_known_arguments(function)
            use_numbers_in_place(function)
            use_known_keys(function, objects_compare=self._objects_compare)
        self._optimizer = Optimizer(
            functions,
            classes,
            is_called_back=self._is_called_back,
            objects_compare=self._objects_compare,
        )
        stack.add_budget(self.symbols)
        self.dynamic.add_builtin_tables(self.symbols)
        self._find_missing_attributes()
        self._trees = {name: text.tree for name, text in typed.desugared.items()}
        for name, tree in self._trees.items():
            for enum in find_enums(name, tree):
                add_enum(self, enum)
            for named_tuple in find_named_tuples(name, tree):
                add_named_tuple(self, named_tuple)
        if any(enum_is_a_value(tree) for tree in self._trees.values()):
            add_class_slots(self)

    def _find_missing_attributes(self) -> None:
        """Complain about methods of built-in types that the author uses and the run-time lacks."""
        for name, module in self._typed.modules.items():
            source = self._program.modules.get(name)
            if source is None or not source.is_author:
                continue
            for function in module.functions:
                found = missing_attributes(function, self.dynamic.has_attribute)
                for line, attribute, message in found:
                    place = self.places.diagnostic(name, line, message, attribute=attribute)
                    self.diagnostics.append(place)

    def _add_function(self, module: str, function: FuncIR) -> None:
        symbol = (
            f"py:{module}.{function.name}"
            if function.name == top_level.TOP_LEVEL
            else (f"py:{function.decl.fullname}")
        )
        if symbol not in self.symbols:
            self._functions[symbol] = (module, function)
            self.symbols.add_lazily(symbol, lambda: self._emit(module, function, symbol))

    def _emit(self, module: str, function: FuncIR, symbol: str) -> Function:
        try:
            emitter = self._prepare(module, function, symbol)
        except Exception as error:
            raise self._bug(module, function.line, error) from error
        try:
            return emitter.emit()
        except Exception as error:
            raise self._bug(module, emitter.line, error) from error

    def _prepare(self, module: str, function: FuncIR, symbol: str) -> FunctionEmitter:
        skipped: set[Value] = set()
        if function.name == top_level.TOP_LEVEL:
            tree = self._trees.get(module, self.places.entry_tree)
            skipped = top_level.skipped_ops(function, tree, self.globals.is_read)
        error_paths = self._optimizer.optimize(
            function,
            trust_narrowing=self.places.trusts_narrowing(module),
            trust_items=self.places.trusts_items(module),
            is_in_tracebacks=module not in _NOT_IN_TRACEBACKS,
        )
        return FunctionEmitter(
            self,
            module,
            function,
            symbol,
            skipped,
            error_paths,
            stack_use=self._optimizer.stack_use(function),
            runs_rarely=self._optimizer.runs_rarely(function),
        )

    def _bug(self, module: str, line: int, error: Exception) -> CompileError:
        if isinstance(error, CompileError):
            return error
        if self.diagnostics:
            # What was refused has no meaning; what breaks afterwards breaks because of that.
            return CompileError(self.diagnostics)
        return CompileError([bug(self.places.file(module), self.places.line(module, line), error)])

    # What the module exports.

    def add_export(self, callback: Callback) -> str:
        """Define the exported function of a callback; returns its symbol."""
        dispatcher = callback.dispatcher(imported_modules(self._program))
        _, function = self._functions[f"py:{dispatcher}.{callback.name}"]
        return self.lazy(
            f"export:{callback.name}",
            lambda program, symbol: exports.export(program, symbol, callback, function),
        )

    def add_initialise(self) -> str:
        """Define the function that runs all module bodies; returns its symbol."""
        bodies = [f"py:{name}.{top_level.TOP_LEVEL}" for name in self._typed.modules]
        return self.lazy(
            "initialise", lambda program, symbol: exports.initialise(program, symbol, bodies)
        )

    def emit_author_functions(self) -> None:
        """Emit what the author wrote even where nothing calls it, so that all of it is checked."""
        for symbol, (module, _) in self._functions.items():
            source = self._program.modules.get(module)
            if source is not None and source.is_author:
                self.symbols.get(symbol)

    # Symbols for the op emitters.

    def lazy(self, symbol: str, make: Callable[..., Function], *args: object) -> str:
        """Define a symbol that is made on demand, unless it is defined already."""
        if symbol not in self.symbols:
            self.symbols.add_lazily(symbol, lambda: make(self, symbol, *args))
        return symbol

    def function_symbol(self, declaration: FuncDecl) -> str:
        """What a call of `declaration` calls: the run-time's version when it has one."""
        fullname = declaration.fullname
        native = f"native__{fullname.replace('.', '__')}"
        if native in self.symbols:
            return native
        symbol = f"py:{fullname}"
        if (
            declaration.class_name is None
            and fullname in self._class_names
            and (symbol not in self._functions)
        ):
            return f"new:{fullname}"
        return symbol

    def type_symbol(self, module: str | None, name: str) -> str:
        """Symbol of a class's type object."""
        return f"type:{module}.{name.removesuffix('_template')}"

    def is_class(self, fullname: str) -> bool:
        """Whether a name is that of a class of the program."""
        return fullname in self._class_names or f"type:{fullname}" in self.symbols

    def is_function(self, fullname: str) -> bool:
        """Whether a name is that of a function of the program."""
        return f"py:{fullname}" in self._functions

    def is_module(self, name: str) -> bool:
        """Whether a name is that of a module of the program."""
        return name in self._program.modules

    def function_object(self, fullname: str) -> str:
        """Symbol of a function of the program as a value."""
        _, function = self._functions[f"py:{fullname}"]
        call = self.lazy(
            f"boxed:{fullname}",
            lambda program, symbol: boxed.boxed(program, function, symbol, bound=0),
        )
        return boxed.function_object(self, call, function.name)

    def boxed_method(self, method: FuncIR) -> str:
        """Symbol of a method under the calling convention of values."""
        return boxed.boxed_method(self, method)

    def creation_gate(self, type_symbol: str) -> str:
        """The symbol that a program needs which may call a class as a value."""
        gate = layout.creation_gate(type_symbol)
        if gate not in self.symbols:
            self.symbols.add(Data(gate, b"", 1))
        return gate

    def slot_functions(self, class_: ClassIR) -> dict[str, str]:
        """Functions for the slots of a class's type object."""
        if class_.fullname not in self._escaping:
            return {"create": creation.create_slot(self, class_)}
        return slots.slot_functions(self, class_)

    def own_methods(self, fullname: str) -> dict[str, tuple[FuncIR, int]]:
        """Methods of a class that mypyc leaves to CPython.

        Returns:
            By name: the function, and how many parameters stand before its own. A decorated one is
            an object's `__call__`, which takes that object first.
        """
        class_ = self._class_names[fullname]
        found = {
            name.removeprefix(_FAST_PREFIX): (method, 1) for name, method in class_.methods.items()
        }
        module, _, name = fullname.rpartition(".")
        prefix, suffix = f"{module}.", f"_{name}_obj"
        for other, made in self._class_names.items():
            if other.startswith(prefix) and other.endswith(suffix):
                call = made.get_method("__call__")
                if call is not None:
                    found.setdefault(other.removeprefix(prefix).removesuffix(suffix), (call, 2))
        return found

    def is_exception(self, class_: ClassIR) -> bool:
        """Whether a class descends from a built-in exception."""
        return is_exception(class_)

    def is_tracked(self, class_: ClassIR) -> bool:
        """Whether the cycle collector knows the instances of a class; exceptions it never does."""
        is_cyclic = class_.fullname in self._typed.cyclic_classes
        return is_cyclic and class_.is_ext_class and not is_exception(class_)

    def builtin_base(self, class_: ClassIR) -> str:
        """Type object of the built-in class that a class of the program extends in the end."""
        return self.places.builtin_base(class_.base_mro[-1]) or "Exc_Exception_Type"

    def _known_type(self, value: Value) -> str | None:
        symbol = known_symbol(self, value, {}) if isinstance(value, Op) else None
        return symbol if symbol is not None and is_type(symbol) else None

    def builtin_slots(self, type_symbol: str) -> dict[str, str]:
        """Functions in the text and comparison slots of a type of the run-time, by slot."""
        data = self.symbols[type_symbol]
        assert isinstance(data, Data)
        targets = {ref.offset: ref.symbol for ref in data.refs}
        return {
            slot: targets[offset]
            for slot, offset in layout.TYPE_SLOTS.items()
            if slot in ("str", "repr", "hash", "compare") and offset in targets
        }

    def abstract_methods(self, class_: ClassIR) -> list[str]:
        """Names that a class leaves abstract, in the order in which CPython tells them."""
        return self._typed.abstract_methods.get(class_.fullname, [])

    def has_class_attribute(self, class_: ClassIR, name: str) -> bool:
        """Whether the program sets `name` on the class itself."""
        return (class_.fullname, name) in self._class_attributes

    def trait_dispatcher(self, trait: ClassIR, method: str) -> str:
        """The function that calls a trait's method on whichever class implements it."""
        return self.lazy(
            f"trait:{trait.fullname}.{method}", exports.trait_dispatcher, trait, method
        )

    def _is_called_back(self, function: FuncIR) -> bool:
        """Whether the run-time may call a function: as a special method, by name, or as a value."""
        declaration = function.decl
        if declaration.class_name is None:
            return self.globals.is_read(declaration.module_name, function.name)
        class_ = self._class_names[f"{declaration.module_name}.{declaration.class_name}"]
        if function.name.startswith("__"):
            return class_.fullname in self._escaping or is_exception(class_)
        return class_.fullname in self._escaping and self.dynamic.is_looked_up(function.name)

    def _find_class_attributes(self) -> set[tuple[str, str]]:
        found = set()
        for module in self._typed.modules.values():
            for function in module.functions:
                for block in function.blocks:
                    for op in block.ops:
                        if isinstance(op, CallC) and op.function_name == "PyObject_SetAttr":
                            owner, name = op.args[0], literal_text(op.args[1])
                            if isinstance(owner, LoadStatic) and name is not None:
                                found.add((f"{owner.module_name}.{owner.identifier}", name))
        return found

    # Complaints.

    def undefined(self, symbol: str, referrer: str) -> Diagnostic:
        """The complaint about a symbol that `referrer` needs and nobody defines."""
        module, function = self._functions.get(referrer, (self._program.filter.name, None))
        line = function.line if function else 1
        return self.places.diagnostic(module, line, _not_available(symbol))

    def require(self, symbol: str, e: Emitting) -> bool:
        """Make sure that a symbol exists; otherwise its absence is the author's to know."""
        if symbol in self.symbols:
            return True
        if isinstance(e, FunctionEmitter):
            self.refuse(e, _not_available(symbol))
        return False

    def refuse(self, e: Emitting, message: str) -> None:
        """Complain about what is being emitted."""
        if isinstance(e, FunctionEmitter):
            self.diagnostics.append(self.places.diagnostic(e.module_name, e.line, message))

    def refuse_at(self, function: FuncIR, message: str) -> None:
        """Complain about a function."""
        module = function.decl.module_name
        self.diagnostics.append(self.places.diagnostic(module, function.line, message))


def _not_available(symbol: str) -> str:
    return (
        f"this needs {symbol.rpartition(':')[2]}, which profile aot does not have: "
        f"write it with what docs/dialect.md lists, or build with --profile cpython"
    )
