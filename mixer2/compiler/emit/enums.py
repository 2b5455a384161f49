"""Enum classes: their members are objects in static data.

A member of an Enum is the type, its name and its value; one of an IntEnum is an int:

    Enum      {head, Str *name, Object *value}
    IntEnum   {head, int64_t value}

Behind the type object stands a pointer to the table of members (build/runtime/enum.c).
"""

import ast
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mixer2.compiler import layout
from mixer2.compiler.emit.boxed import boxed_result
from mixer2.compiler.emit.derived import SPECIAL_METHODS, derived_type
from mixer2.compiler.emit.dynamic import Entry
from mixer2.compiler.frontend.walk import nodes_of, walk
from mixer2.compiler.link.symbols import Data, DataRef, RefKind

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_NAME = 8
_VALUE = 12
_TYPE_IS_ENUM = 32

# Bases, and whether members are ints.
_ENUM_BASES = {"Enum": False, "enum.Enum": False, "IntEnum": True, "enum.IntEnum": True}

# Slots of classes as objects, in programs that use an enum class as a value.
_CLASS_SLOTS = {
    "iterate": "enum_class_iterate",
    "get_item": "enum_class_get_item",
    "length": "enum_class_length",
    "contains": "enum_class_contains",
    "truth": "enum_class_truth",
}


@dataclass(frozen=True, slots=True)
class EnumClass:
    """An enum as its source says it; aliases are among the members."""

    module: str
    node: ast.ClassDef
    is_int: bool
    members: dict[str, object]
    unknown: list[ast.stmt]

    @property
    def fullname(self) -> str:
        """Module and name."""
        return f"{self.module}.{self.node.name}"

    @property
    def attributes(self) -> dict[str, int]:
        """Where the name and the value of a member lie; ints have neither."""
        return {} if self.is_int else {"name": _NAME, "value": _VALUE}


def find_enums(module: str, tree: ast.Module) -> list[EnumClass]:
    """The enum classes of a module, with their constant members."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            kinds = [_ENUM_BASES[b] for b in map(ast.unparse, node.bases) if b in _ENUM_BASES]
            if kinds:
                members, unknown = _members(node)
                found.append(EnumClass(module, node, kinds[0], members, unknown))
    return found


def _members(class_: ast.ClassDef) -> tuple[dict[str, object], list[ast.stmt]]:
    members: dict[str, object] = {}
    unknown: list[ast.stmt] = []
    for statement in class_.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        name = statement.targets[0].id
        if ast.unparse(statement.value) in ("auto()", "enum.auto()"):
            numbers = [v for v in members.values() if isinstance(v, int)]
            members[name] = max(numbers, default=0) + 1
            continue
        try:
            members[name] = ast.literal_eval(statement.value)
        except ValueError:
            unknown.append(statement)
    return members, unknown


def enum_is_a_value(tree: ast.Module) -> bool:
    """Whether a module may use an enum class as an object: iterate over it, index it."""
    names = {enum.node.name for enum in find_enums("", tree)}
    for node in nodes_of(tree):
        if isinstance(node, ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
    harmless: set[int] = set()
    for node in nodes_of(tree):
        for part in _harmless_parts(node):
            harmless.update(id(inner) for inner in walk(part))
    return any(
        isinstance(node, ast.Name)
        and node.id in names
        and node.id[:1].isupper()
        and isinstance(node.ctx, ast.Load)
        and id(node) not in harmless
        for node in nodes_of(tree)
    )


def _harmless_parts(node: ast.AST) -> list[ast.expr]:
    """Where the name of a class says no more than which class it is."""
    if isinstance(node, ast.Attribute):
        return [node.value] if isinstance(node.value, ast.Name) else []
    if isinstance(node, ast.Call):
        is_test = ast.unparse(node.func) in ("isinstance", "issubclass", "cast")
        tested = list(node.args) if is_test else []
        return [*tested, *([node.func] if isinstance(node.func, ast.Name) else [])]
    if isinstance(node, ast.AnnAssign):
        return [node.annotation]
    if isinstance(node, ast.arg):
        return [node.annotation] if node.annotation else []
    if isinstance(node, ast.FunctionDef):
        return [node.returns] if node.returns else []
    if isinstance(node, ast.ClassDef):
        return [*node.bases, *node.decorator_list]
    if isinstance(node, ast.ExceptHandler):
        return [node.type] if node.type else []
    if isinstance(node, ast.MatchClass):
        return [node.cls]
    if isinstance(node, ast.Raise):
        return [node.exc] if isinstance(node.exc, ast.Name) else []
    return []


def add_class_slots(program: "ProgramEmitter") -> None:
    """Let classes be iterated over and indexed."""
    type_ = program.symbols["PyType_Type"]
    assert isinstance(type_, Data)
    refs = list(type_.refs)
    for slot, function in _CLASS_SLOTS.items():
        offset = layout.TYPE_SLOTS[slot]
        gate = layout.slot_gate("PyType_Type", offset, is_exception=False)
        refs.append(DataRef(offset, RefKind.DATA_SLOT, function, gate=gate))
    program.symbols.replace(Data(type_.name, type_.content, type_.alignment, type_.size, refs))


def add_enum(program: "ProgramEmitter", enum: EnumClass) -> None:
    """Define the type object and the members of an enum."""
    for statement in enum.unknown:
        message = "the value of an enum member must be a constant or auto()"
        program.diagnostics.append(
            program.places.diagnostic(enum.module, statement.lineno, message)
        )
    symbol = f"type:{enum.fullname}"
    program.symbols.add_lazily(symbol, lambda: _type_object(program, enum))
    seen: dict[object, str] = {}
    for name, value in enum.members.items():
        if not program.literals.is_supported(value):
            continue
        first = seen.setdefault(value, name)
        if first == name:
            program.symbols.add(_member(program, enum, name, value))
        else:
            program.alias_member(
                f"member:{enum.fullname}.{name}", f"member:{enum.fullname}.{first}"
            )


def _member(program: "ProgramEmitter", enum: EnumClass, name: str, value: object) -> Data:
    symbol = f"member:{enum.fullname}.{name}"
    refs = [DataRef(layout.TYPE, RefKind.DATA_ADDRESS, f"type:{enum.fullname}")]
    if enum.is_int:
        assert isinstance(value, int)
        return Data(symbol, struct.pack("<IIq", layout.IMMORTAL, 0, value), 8, refs=refs)
    refs += [
        DataRef(_NAME, RefKind.DATA_ADDRESS, program.literals.literal(name)),
        DataRef(_VALUE, RefKind.DATA_ADDRESS, program.literals.literal(value)),
    ]
    return Data(symbol, struct.pack("<IIII", layout.IMMORTAL, 0, 0, 0), 4, refs=refs)


def _type_object(program: "ProgramEmitter", enum: EnumClass) -> Data:
    slots = {"create": "enum_create", "repr": "enum_repr"}
    if not enum.is_int:
        # str() of an IntEnum's member is that of the int.
        slots["str"] = "enum_str"
    for name, (method, before) in program.own_methods(enum.fullname).items():
        if slot := SPECIAL_METHODS.get(name):
            slots[slot] = program.lazy(f"slot:{enum.fullname}:{slot}", boxed_result, method, before)
        elif name.startswith("__") and name.endswith("__"):
            message = (
                f"{name} of an enum is not in the dialect: write a method with a name of its own"
            )
            program.refuse_at(method, message)
    return derived_type(
        program,
        enum.fullname,
        "PyLong_Type" if enum.is_int else "PyBaseObject_Type",
        slots,
        flags=_TYPE_IS_ENUM,
        behind=_member_table(program, enum),
        attributes=program.dynamic.member_table(
            enum.fullname,
            enum.node,
            list(enum.attributes.items()),
            {"name": "enum_name", "value": "enum_value"} if enum.is_int else {},
            others=_member_attributes(program, enum),
        ),
    )


def _member_attributes(program: "ProgramEmitter", enum: EnumClass) -> list[Entry]:
    """Members as attributes of a class that is a value: `cls.RED`."""
    entries: list[Entry] = []
    for name in enum.members:
        member = program.enum_member_of(f"type:{enum.fullname}", name)
        if member is not None and program.dynamic.is_looked_up(name):
            slot = f"slot:{member}"
            if slot not in program.symbols:
                refs = [DataRef(0, RefKind.DATA_ADDRESS, member)]
                program.symbols.add(Data(slot, bytes(4), 4, refs=refs))
            entries.append((name, layout.ATTRIBUTE_VALUE, slot, RefKind.DATA_ADDRESS))
    return entries


def _member_table(program: "ProgramEmitter", enum: EnumClass) -> str:
    """Names, values and members; then other names of members."""
    first: dict[object, str] = {}
    for name, value in enum.members.items():
        first.setdefault(value, name)
    own = [name for name, value in enum.members.items() if first[value] == name]
    others = [name for name in enum.members if name not in own]
    content = struct.pack("<II", len(own), len(enum.members))
    refs = []
    for name in [*own, *others]:
        value = enum.members[name]
        member = f"member:{enum.fullname}.{first[value]}"
        for target in (program.literals.literal(name), program.literals.literal(value), member):
            refs.append(DataRef(len(content), RefKind.DATA_ADDRESS, target))
            content += bytes(4)
    symbol = f"members:{enum.fullname}"
    program.symbols.add(Data(symbol, content, 4, refs=refs))
    return symbol
