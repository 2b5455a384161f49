"""Enum classes: their members are objects in static data.

A member of an Enum is the type, its name and its value; one of an IntEnum is an int, one of a
StrEnum a str:

    Enum      {head, Str *name, Object *value}
    IntEnum   as Int
    StrEnum   as Str

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
from mixer2.compiler.emit.literals import text_content
from mixer2.compiler.frontend.enum_classes import enum_names
from mixer2.compiler.frontend.walk import nodes_of, walk
from mixer2.compiler.link.symbols import Data, DataRef, RefKind

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter

_NAME = 8
_VALUE = 12
_TYPE_IS_ENUM = 32
_TYPE_IS_STR_ENUM = 4096

# What members of an enum are besides, by its base.
_KINDS: dict[str, type] = {"Enum": object, "IntEnum": int, "StrEnum": str}
_BASE_TYPES = {object: "PyBaseObject_Type", int: "PyLong_Type", str: "PyUnicode_Type"}

_NO_CONSTANT = object()

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
    kind: type
    members: dict[str, object]
    problems: list[tuple[ast.stmt, str]]

    @property
    def fullname(self) -> str:
        """Module and name."""
        return f"{self.module}.{self.node.name}"

    @property
    def attributes(self) -> dict[str, int]:
        """Where the name and the value of a member lie; ints and texts have neither."""
        return {"name": _NAME, "value": _VALUE} if self.kind is object else {}


def find_enums(module: str, tree: ast.Module) -> list[EnumClass]:
    """The enum classes of a module, with their constant members."""
    found = []
    names = enum_names(tree)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            bases = [names.get(ast.unparse(base), "") for base in node.bases]
            kinds = [_KINDS[base] for base in bases if base in _KINDS]
            if kinds:
                autos = {name for name, original in names.items() if original == "auto"}
                members, problems = _members(node, kinds[0], autos)
                found.append(EnumClass(module, node, kinds[0], members, problems))
    return found


def _members(
    class_: ast.ClassDef, kind: type, autos: set[str]
) -> tuple[dict[str, object], list[tuple[ast.stmt, str]]]:
    members: dict[str, object] = {}
    problems: list[tuple[ast.stmt, str]] = []
    constant = {object: "constant", int: "constant int", str: "constant str"}[kind]
    for statement in class_.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        name, given = statement.targets[0].id, statement.value
        if isinstance(given, ast.Call) and ast.unparse(given.func) in autos and not given.args:
            value: object = name.lower() if kind is str else _next_number(list(members.values()))
            if value is None:
                problems.append((statement, "auto() after a value that is not the largest int"))
        else:
            try:
                value = ast.literal_eval(given)
            except ValueError:
                value = None if isinstance(given, ast.Constant) else _NO_CONSTANT
            if not isinstance(value, kind) or not _is_constant(value):
                message = f"the value of a member of this enum must be a {constant} or auto()"
                problems.append((statement, message))
                continue
        members[name] = value
    return members, problems


def _next_number(values: list[object]) -> int | None:
    """What auto() gives behind these; None where versions of Python differ."""
    numbers = [value for value in values if type(value) is int]
    if len(numbers) < len(values) or (numbers and numbers[-1] < max(numbers)):
        return None
    return numbers[-1] + 1 if numbers else 1


def _is_constant(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_constant, value))
    return value is None or isinstance(value, int | float | str | bytes)


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
    for statement, message in enum.problems:
        program.diagnostics.append(
            program.places.diagnostic(enum.module, statement.lineno, message)
        )
    program.enum_members.add_class(enum.fullname, enum.attributes)
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
            program.enum_members.add_alias(
                f"member:{enum.fullname}.{name}", f"member:{enum.fullname}.{first}"
            )


def _member(program: "ProgramEmitter", enum: EnumClass, name: str, value: object) -> Data:
    symbol = f"member:{enum.fullname}.{name}"
    refs = [DataRef(layout.TYPE, RefKind.DATA_ADDRESS, f"type:{enum.fullname}")]
    if isinstance(value, str) and enum.kind is str:
        content = text_content(value)
        return Data(symbol, content, 8, refs=refs)
    if isinstance(value, int) and enum.kind is int:
        return Data(symbol, struct.pack("<IIq", layout.IMMORTAL, 0, value), 8, refs=refs)
    refs += [
        DataRef(_NAME, RefKind.DATA_ADDRESS, program.literals.literal(name)),
        DataRef(_VALUE, RefKind.DATA_ADDRESS, program.literals.literal(value)),
    ]
    return Data(symbol, struct.pack("<IIII", layout.IMMORTAL, 0, 0, 0), 4, refs=refs)


def _type_object(program: "ProgramEmitter", enum: EnumClass) -> Data:
    slots = {"create": "enum_create", "repr": "enum_repr"}
    flags = _TYPE_IS_ENUM
    # str() of an IntEnum's member is that of the int.
    if enum.kind is object:
        slots["str"] = "enum_str"
    elif enum.kind is str:
        slots["str"] = "str_enum_str"
        flags |= _TYPE_IS_STR_ENUM
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
        _BASE_TYPES[enum.kind],
        slots,
        flags=flags,
        behind=_member_table(program, enum),
        attributes=program.dynamic.member_table(
            enum.fullname,
            enum.node,
            list(enum.attributes.items()),
            {} if enum.kind is object else {"name": "enum_name", "value": "enum_value"},
            others=_member_attributes(program, enum),
        ),
    )


def _member_attributes(program: "ProgramEmitter", enum: EnumClass) -> list[Entry]:
    """Members as attributes of a class that is a value: `cls.RED`."""
    entries: list[Entry] = []
    for name in enum.members:
        member = program.enum_members.of_type(f"type:{enum.fullname}", name)
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
    if enum.kind is str:
        refs.append(DataRef(len(content), RefKind.DATA_ADDRESS, layout.STR_ENUMS))
        content += bytes(4)
    symbol = f"members:{enum.fullname}"
    program.symbols.add(Data(symbol, content, 4, refs=refs))
    return symbol
