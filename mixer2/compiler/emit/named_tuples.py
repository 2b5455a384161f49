"""Classes that extend NamedTuple: tuples of a type of their own."""

import ast
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixer2.compiler import layout
from mixer2.compiler.emit.boxed import boxed_result
from mixer2.compiler.emit.derived import SPECIAL_METHODS, derived_type
from mixer2.compiler.emit.dynamic import Entry
from mixer2.compiler.link.symbols import Data, DataRef, RefKind

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_BASES = frozenset({"NamedTuple", "typing.NamedTuple"})
_ITEM_SIZE = 8


@dataclass(frozen=True, slots=True)
class NamedTupleClass:
    """A named tuple as its source says it; `defaults` of the fields that have one."""

    module: str
    node: ast.ClassDef
    fields: list[str]
    defaults: dict[str, ast.expr]

    @property
    def fullname(self) -> str:
        """Module and name."""
        return f"{self.module}.{self.node.name}"


def find_named_tuples(module: str, tree: ast.Module) -> list[NamedTupleClass]:
    """The named tuples of a module."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(ast.unparse(b) in _BASES for b in node.bases):
            items = [s for s in node.body if isinstance(s, ast.AnnAssign)]
            names = [ast.unparse(item.target) for item in items]
            defaults = {
                name: item.value
                for name, item in zip(names, items, strict=True)
                if item.value is not None
            }
            found.append(NamedTupleClass(module, node, names, defaults))
    return found


def add_named_tuple(program: "ProgramEmitter", class_: NamedTupleClass) -> None:
    """Define the type object of a named tuple."""
    program.symbols.add_lazily(f"type:{class_.fullname}", lambda: _type_object(program, class_))


def _type_object(program: "ProgramEmitter", class_: NamedTupleClass) -> Data:
    items = f"items:{class_.fullname}"
    content = struct.pack("<I", len(class_.fields)) + bytes(_ITEM_SIZE * len(class_.fields))
    refs = []
    for index, name in enumerate(class_.fields):
        offset = 4 + _ITEM_SIZE * index
        refs.append(DataRef(offset, RefKind.DATA_ADDRESS, program.literals.literal(name)))
        default = class_.defaults.get(name)
        if default is not None:
            refs.append(
                DataRef(offset + 4, RefKind.DATA_ADDRESS, _default(program, class_, default))
            )
    program.symbols.add(Data(items, content, 4, refs=refs))
    fields = [
        (name, layout.TUPLE_ITEMS + layout.SLOT_STRIDE * index)
        for index, name in enumerate(class_.fields)
    ]
    return derived_type(
        program,
        class_.fullname,
        "PyTuple_Type",
        _slots(program, class_),
        flags=0,
        behind=items,
        attributes=program.dynamic.member_table(
            class_.fullname, class_.node, fields, others=_own_attributes(program, class_)
        ),
    )


def _slots(program: "ProgramEmitter", class_: NamedTupleClass) -> dict[str, str]:
    """What the type does otherwise than tuple; without a __str__ its text is its repr."""
    slots = {"create": "named_tuple_create", "repr": "named_tuple_repr"}
    for name, (method, before) in program.own_methods(class_.fullname).items():
        if slot := SPECIAL_METHODS.get(name):
            slots[slot] = program.lazy(
                f"slot:{class_.fullname}:{slot}", boxed_result, method, before
            )
    return {"str": slots["repr"], **slots}


def _own_attributes(program: "ProgramEmitter", class_: NamedTupleClass) -> list[Entry]:
    """What every named tuple has besides its items and methods."""
    slot = f"fields:{class_.fullname}"
    names = program.literals.literal(tuple(class_.fields))
    program.symbols.add(Data(slot, bytes(4), 4, refs=[DataRef(0, RefKind.DATA_ADDRESS, names)]))
    return [
        ("_fields", layout.ATTRIBUTE_VALUE, slot, RefKind.DATA_ADDRESS),
        ("_replace", layout.ATTRIBUTE_METHOD, "named_tuple_replace", RefKind.DATA_SLOT),
        ("_asdict", layout.ATTRIBUTE_METHOD, "named_tuple_as_dict", RefKind.DATA_SLOT),
        ("_make", layout.ATTRIBUTE_CLASS_METHOD, "named_tuple_make", RefKind.DATA_SLOT),
    ]


def _default(program: "ProgramEmitter", class_: NamedTupleClass, default: ast.expr) -> str:
    try:
        value = ast.literal_eval(default)
    except ValueError:
        value = NotImplemented
    if program.literals.is_supported(value):
        return program.literals.literal(value)
    message = "a default of a named tuple must be a constant here: write a function that makes one"
    place = program.places.diagnostic(class_.module, default.lineno, message)
    program.diagnostics.append(place)
    return "_Py_NoneStruct"
