"""Classes: how instances lie in memory, type objects, constructors.

A type object (Type in build/runtime/object.h) ends with the class's virtual methods. A method
stays in the module only when somebody calls it virtually: each call needs the method's gate, a
symbol of no size, and the entries of the type objects depend on it.
"""

import struct
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FuncIR
from mypyc.ir.rtypes import RType

from mixer2.compiler import layout
from mixer2.compiler.emit import representation
from mixer2.compiler.emit.code import Code
from mixer2.compiler.emit.ops import refcounts
from mixer2.compiler.emit.signature import function_type
from mixer2.compiler.link.symbols import Data, DataRef, Function, RefKind
from mixer2.compiler.passes.exceptions import exception_constructor, is_exception
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_EXCEPTION_SIZE = 32
_BITS_PER_WORD = 32
_DEFAULTS_SETUP = "__mypyc_defaults_setup"

# Exceptions are made by the run-time; subclasses of other built-in types are refused.
_EXCEPTION_BASE = "PyBaseExceptionObject"


@dataclass(frozen=True, slots=True)
class InstanceLayout:
    """Where the attributes of a class lie; `bits` for those whose definedness is a bit."""

    offsets: dict[str, int]
    bits: dict[str, tuple[int, int]]
    size: int
    references: list[int]


class Classes:
    """All classes of a program."""

    def __init__(self, program: "ProgramEmitter", classes: list[ClassIR]) -> None:
        self._program = program
        self._layouts: dict[str, InstanceLayout] = {}
        self._by_symbol = {f"type:{class_.fullname}": class_ for class_ in classes}
        self._attribute_slots: set[str] = set()
        for class_ in classes:
            if class_.is_ext_class:
                symbol = f"type:{class_.fullname}"
                program.symbols.add_lazily(symbol, partial(self._type_object, class_))
                program.symbols.add_lazily(
                    f"new:{class_.fullname}", partial(self._constructor, class_)
                )

    def offset(self, declared_in: ClassIR, attribute: str) -> int:
        """Offset of an attribute in instances."""
        return self._layout(declared_in).offsets[attribute]

    def bit(self, class_: ClassIR, attribute: str) -> tuple[int, int]:
        """Offset of the word and the mask of the bit that says whether an attribute is defined."""
        return self._layout(class_).bits[attribute]

    def virtual_gate(self, class_: ClassIR, method: str) -> str:
        """The symbol that a virtual call of a method needs."""
        root = class_
        for base in class_.mro:
            if base.vtable and method in base.vtable and not base.is_trait:
                root = base
        gate = f"virtual:{root.fullname}.{method}"
        if gate not in self._program.symbols:
            self._program.symbols.add(Data(gate, b"", 1))
        return gate

    def attribute_slot(self, type_symbol: str, name: str) -> str:
        """Slot of a class attribute, made when it is new."""
        slot = f"attribute:{type_symbol.removeprefix('type:')}.{name}"
        self._attribute_slots.add(slot)
        if slot not in self._program.symbols:
            self._program.symbols.add(Data(slot, b"", 4, size=4))
        return slot

    def find_attribute_slot(self, type_symbol: str, name: str) -> str | None:
        """Slot of a class attribute of a class or its bases, when the program sets it."""
        class_ = self._by_symbol.get(type_symbol)
        for base in class_.mro if class_ else []:
            if self._program.has_class_attribute(base, name):
                return self.attribute_slot(f"type:{base.fullname}", name)
        return None

    def _layout(self, class_: ClassIR) -> InstanceLayout:
        found = self._layouts.get(class_.fullname)
        if found is None:
            found = self._lay_out(class_)
            self._layouts[class_.fullname] = found
        return found

    def _lay_out(self, class_: ClassIR) -> InstanceLayout:
        """The base's attributes first, then words of bits, then the class's own by size."""
        if class_.base is not None:
            base = self._layout(class_.base)
            offsets, bits, position = dict(base.offsets), dict(base.bits), base.size
        else:
            is_exception = class_.builtin_base == _EXCEPTION_BASE
            start = _EXCEPTION_SIZE if is_exception else layout.OBJECT_SIZE
            offsets, bits, position = {}, {}, start
        new_bits = [name for name in class_.bitmap_attrs if name not in bits]
        for index, name in enumerate(new_bits):
            if index % _BITS_PER_WORD == 0:
                position = representation.align(position, 4) + 4
            bits[name] = (position - 4, 1 << index % _BITS_PER_WORD)
        references = []
        own: list[tuple[str, RType]] = [
            (name, rtype) for name, rtype in class_.attributes.items() if name not in offsets
        ]
        for name, rtype in sorted(own, key=lambda item: -representation.alignment(item[1])):
            position = representation.align(position, representation.alignment(rtype))
            offsets[name] = position
            found, position = representation.offsets(rtype, position)
            scalars = representation.scalars(rtype)
            references += [
                o for o, s in zip(found, scalars, strict=True) if refcounts.is_counted(s)
            ]
        return InstanceLayout(offsets, bits, representation.align(position, 8), references)

    # Type objects.

    def _type_object(self, class_: ClassIR) -> Data:
        program = self._program
        instance = self._layout(class_)
        raisable = is_exception(class_)
        content = bytearray(layout.TYPE_VTABLE + 4 * len(class_.vtable_entries))
        struct.pack_into("<I", content, layout.REFCOUNT, layout.IMMORTAL)
        struct.pack_into("<I", content, layout.TYPE_INSTANCE_SIZE, instance.size)
        flags = layout.TYPE_IS_EXCEPTION if raisable else 0
        struct.pack_into("<I", content, layout.TYPE_FLAGS, flags)
        name = program.literals.c_string(class_.name.encode())
        refs = [
            DataRef(layout.TYPE, RefKind.DATA_ADDRESS, "PyType_Type"),
            DataRef(layout.TYPE_NAME, RefKind.DATA_ADDRESS, name),
            DataRef(layout.TYPE_BASE, RefKind.DATA_ADDRESS, self._base_symbol(class_)),
            DataRef(layout.TYPE_DEALLOC, RefKind.DATA_SLOT, self._dealloc(class_)),
        ]
        if raisable:
            # Tracebacks show it; other classes are shown by their bare names.
            module = program.literals.c_string(class_.module_name.encode())
            refs.append(DataRef(layout.TYPE_MODULE, RefKind.DATA_ADDRESS, module))
        if instance.references:
            offsets = program.literals.offsets(instance.references)
            refs.append(DataRef(layout.TYPE_REFERENCES, RefKind.DATA_ADDRESS, offsets))
        attributes = program.dynamic.attribute_table(class_, self._layout(class_))
        if attributes is not None:
            refs.append(
                DataRef(
                    layout.TYPE_ATTRIBUTES,
                    RefKind.DATA_ADDRESS,
                    attributes,
                    gate=layout.ATTRIBUTES_GATE,
                )
            )
        refs += self._slots(class_)
        for index, entry in enumerate(class_.vtable_entries):
            refs.append(
                DataRef(
                    layout.TYPE_VTABLE + 4 * index,
                    RefKind.DATA_SLOT,
                    program.function_symbol(entry.method.decl),
                    gate=self.virtual_gate(entry.cls, entry.name),
                )
            )
        return Data(f"type:{class_.fullname}", bytes(content), 4, refs=refs)

    def _dealloc(self, class_: ClassIR) -> str:
        return "tracked_dealloc" if self._program.is_tracked(class_) else "instance_dealloc"

    def _slots(self, class_: ClassIR) -> list[DataRef]:
        """The slots that the class's special methods fill, its built-in base's otherwise."""
        found = []
        own = self._program.slot_functions(class_)
        if is_exception(class_):
            own = {**self._program.builtin_slots(self._builtin_base(class_)), **own}
        for slot, symbol in own.items():
            offset = layout.TYPE_SLOTS[slot]
            gate = layout.slot_gate(
                f"type:{class_.fullname}", offset, is_exception=is_exception(class_)
            )
            found.append(DataRef(offset, RefKind.DATA_SLOT, symbol, gate=gate))
        return found

    def _base_symbol(self, class_: ClassIR) -> str:
        if class_.base is not None:
            return f"type:{class_.base.fullname}"
        return self._builtin_base(class_) if is_exception(class_) else "PyBaseObject_Type"

    def _builtin_base(self, class_: ClassIR) -> str:
        return self._program.builtin_base(class_)

    # Constructors.

    def _constructor(self, class_: ClassIR) -> Function:
        """`new:C(args...)`: an instance, with `__init__` called; NULL when that raised."""
        raisable = is_exception(class_)
        type_ = function_type(exception_constructor(class_) if raisable else class_.ctor)
        code = Code(type_.parameters)
        self_ = code.new_local(I32)
        code.address(f"type:{class_.fullname}")
        is_tracked = self._program.is_tracked(class_)
        code.call(layout.TRACKED_NEW if is_tracked else "instance_new_or_fail")
        code.tee(self_)
        code.emit(opcodes.I32_EQZ, opcodes.IF)
        code.const(0)
        code.emit(opcodes.RETURN, opcodes.END)
        self.prepare_instance(code, class_, self_)
        init = class_.get_method("__init__")
        if init is not None:
            code.get(self_)
            for parameter in range(len(type_.parameters)):
                code.get(parameter)
            self._call_checked(code, init, self_)
        code.get(self_)
        return Function(f"new:{class_.fullname}", type_, code.finish())

    def prepare_instance(self, code: Code, class_: ClassIR, self_: int) -> None:
        """Give a zeroed instance what its attributes start as, before `__init__`."""
        self._mark_undefined(code, class_, self_)
        setup = class_.get_method(_DEFAULTS_SETUP)
        if setup is not None:
            code.get(self_)
            self._call_checked(code, setup, self_)

    def needs_marking(self, class_: ClassIR) -> bool:
        """Whether zero is not what all attributes start as."""
        return any(
            representation.error_constant(item) != opcodes.I32_CONST + b"\x00"
            for base in class_.base_mro
            for name, rtype in base.attributes.items()
            if not class_.is_always_defined(name)
            for item in representation.scalars(rtype)
        )

    def _call_checked(self, code: Code, method: FuncIR, self_: int) -> None:
        """Call a method whose arguments are on the stack; give up the instance when it raises."""
        code.call(self._program.function_symbol(method.decl))
        code.emit(representation.error_test(method.ret_type), opcodes.IF)
        code.get(self_)
        code.call("CPy_DecRef")
        code.const(0)
        code.emit(opcodes.RETURN, opcodes.END)

    def _mark_undefined(self, code: Code, class_: ClassIR, self_: int) -> None:
        """Attributes that may be read before they are set start as the error value."""
        instance = self._layout(class_)
        for base in class_.base_mro:
            for name, rtype in base.attributes.items():
                if class_.is_always_defined(name):
                    continue
                found, _ = representation.offsets(rtype, instance.offsets[name])
                for item, offset in zip(representation.scalars(rtype), found, strict=True):
                    constant = representation.error_constant(item)
                    if constant == opcodes.I32_CONST + b"\x00":
                        continue
                    code.get(self_)
                    code.emit(constant)
                    code.store(representation.scalar(item), offset)
