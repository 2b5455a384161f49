"""Names of modules: what they stand for, and the memory of those that are variables."""

from typing import TYPE_CHECKING

from mypyc.ir.ops import CallC
from mypyc.ir.rtypes import RType

from mixer2.compiler.emit import boxed, representation
from mixer2.compiler.emit.names import literal_text, module_globals
from mixer2.compiler.emit.ops.boxing import TYPE_OBJECTS
from mixer2.compiler.link.symbols import Data, DataRef, RefKind

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter
    from mixer2.compiler.frontend.typecheck import TypedProgram


class Globals:
    """The names of all modules of a program.

    Args:
        program: Gives symbols.
        typed: The program's IR.
    """

    def __init__(self, program: "ProgramEmitter", typed: "TypedProgram") -> None:
        self._program = program
        self._typed = typed
        self._read = self._given_to("CPyDict_GetItem")
        self._stored = self._given_to("CPyDict_SetItem", "PyDict_SetItem")

    def _given_to(self, *primitives: str) -> set[tuple[str, str]]:
        """Module variables that some function, or a module's body, gives to these primitives."""
        return {
            self._program.places.origin(owner, name)
            for module in self._typed.modules.values()
            for function in module.functions
            for block in function.blocks
            for op in block.ops
            if isinstance(op, CallC) and op.function_name in primitives
            if (owner := module_globals(op.args[0])) and (name := literal_text(op.args[1]))
        }

    def is_read(self, module: str, name: str) -> bool:
        """Whether the program reads a module variable anywhere."""
        return self._program.places.origin(module, name) in self._read

    def static_slot(self, module: str | None, identifier: str, rtype: RType) -> str:
        """Symbol of the memory of a final name."""
        symbol = f"static:{module}.{identifier}"
        if symbol not in self._program.symbols:
            content = bytearray()
            found, size = representation.offsets(rtype)
            for item, offset in zip(representation.scalars(rtype), found, strict=True):
                content = content.ljust(offset, b"\0")
                content += representation.error_bytes(item)
            self._program.symbols.add(Data(symbol, bytes(content), 8, size=size))
        return symbol

    def slot(self, module: str, name: str) -> str:
        """Symbol of the memory of a module variable; names imported from elsewhere are followed."""
        owner, original = self._program.places.origin(module, name)
        fullname = f"{owner}.{original}"
        symbol = f"global:{fullname}"
        if symbol in self._program.symbols:
            return symbol
        if self._program.is_function(fullname):
            # A decorated function: what the decorator gets, until its result takes the place.
            function = self._program.function_object(fullname)
            refs = [DataRef(0, RefKind.DATA_ADDRESS, function)]
            self._program.symbols.add(Data(symbol, bytes(4), 4, refs=refs))
        else:
            self._program.symbols.add(Data(symbol, b"", 4, size=4))
        return symbol

    def resolve(self, module: str, name: str) -> str | None:
        """The class or function that a module-level name stands for; None for a variable."""
        if name == "__name__":
            return self._program.literals.literal(module)
        owner, original = self._program.places.origin(module, name)
        fullname = f"{owner}.{original}"
        if self._program.is_class(fullname):
            return f"type:{fullname}"
        if self._program.is_function(fullname):
            is_decorated = (owner, original) in self._stored
            return None if is_decorated else self._program.function_object(fullname)
        if owner == "builtins" or not self._program.is_module(owner):
            return self.builtin(original)
        return None

    def builtin(self, name: str) -> str | None:
        """The object that a built-in name stands for, when the run-time has it."""
        symbols = self._program.symbols
        for symbol in (f"Exc_{name}_Type", TYPE_OBJECTS.get(f"builtins.{name}", "")):
            if symbol in symbols:
                return symbol
        if f"builtin__{name}" in symbols:
            return boxed.function_object(self._program, f"builtin__{name}", name)
        return None
