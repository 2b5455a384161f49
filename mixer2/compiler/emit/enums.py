"""Enum classes: their members are objects in static data.

A member is the type, its name and its value:

    Enum      {head, Str *name, Object *value}
"""

import ast
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixer2.compiler import layout
from mixer2.compiler.link.symbols import Data, DataRef, RefKind

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_NAME = 8
_VALUE = 12
_MEMBER_SIZE = 16
_ENUM_BASES = frozenset({"Enum", "enum.Enum"})


@dataclass(frozen=True, slots=True)
class EnumClass:
    """An enum as its source says it."""

    fullname: str
    members: dict[str, object]


def find_enums(module: str, tree: ast.Module) -> list[EnumClass]:
    """The enum classes of a module, with their constant members."""
    return [
        EnumClass(f"{module}.{node.name}", _members(node))
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base) in _ENUM_BASES for base in node.bases)
    ]


def _members(class_: ast.ClassDef) -> dict[str, object]:
    members: dict[str, object] = {}
    for statement in class_.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            if ast.unparse(statement.value) in ("auto()", "enum.auto()"):
                members[name] = len(members) + 1
            else:
                try:
                    members[name] = ast.literal_eval(statement.value)
                except ValueError:
                    continue
    return members


def add_enum(program: "ProgramEmitter", enum: EnumClass) -> None:
    """Define the type object and the members of an enum."""
    symbol = f"type:{enum.fullname}"
    program.symbols.add_lazily(symbol, lambda: _type_object(program, enum))
    seen: dict[object, str] = {}
    for name, value in enum.members.items():
        if not program.literals.is_supported(value) or value in seen:
            continue
        seen[value] = name
        refs = [
            DataRef(layout.TYPE, RefKind.DATA_ADDRESS, symbol),
            DataRef(_NAME, RefKind.DATA_ADDRESS, program.literals.literal(name)),
            DataRef(_VALUE, RefKind.DATA_ADDRESS, program.literals.literal(value)),
        ]
        content = struct.pack("<IIII", layout.IMMORTAL, 0, 0, 0)
        program.symbols.add(Data(f"member:{enum.fullname}.{name}", content, 4, refs=refs))


def _type_object(program: "ProgramEmitter", enum: EnumClass) -> Data:
    content = bytearray(layout.TYPE_VTABLE)
    struct.pack_into("<I", content, layout.REFCOUNT, layout.IMMORTAL)
    struct.pack_into("<I", content, layout.TYPE_INSTANCE_SIZE, _MEMBER_SIZE)
    name = enum.fullname.rpartition(".")[2]
    refs = [
        DataRef(layout.TYPE, RefKind.DATA_ADDRESS, "PyType_Type"),
        DataRef(layout.TYPE_NAME, RefKind.DATA_ADDRESS, program.literals.c_string(name.encode())),
        DataRef(layout.TYPE_BASE, RefKind.DATA_ADDRESS, "PyBaseObject_Type"),
        DataRef(layout.TYPE_DEALLOC, RefKind.DATA_SLOT, "instance_dealloc"),
    ]
    fields = [("name", _NAME), ("value", _VALUE)]
    table = program.dynamic.field_table(f"attributes:{enum.fullname}", fields)
    if table is not None:
        refs.append(
            DataRef(
                layout.TYPE_ATTRIBUTES, RefKind.DATA_ADDRESS, table, gate=layout.ATTRIBUTES_GATE
            )
        )
    return Data(f"type:{enum.fullname}", bytes(content), 4, refs=refs)
