"""Attributes found by name at run time.

Few programs need it: mypyc resolves attributes of native classes and most methods of built-in
types itself. For the rest (`"{:>{}}".format(...)`, attributes of exceptions and enum members)
the program's own names decide what the tables hold: an attribute whose name is never looked up
dynamically is in no table.
"""

import ast
import struct
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mypyc.ir.class_ir import ClassIR
from mypyc.ir.func_ir import FUNC_CLASSMETHOD, FUNC_STATICMETHOD, FuncIR
from mypyc.ir.module_ir import ModuleIR
from mypyc.ir.ops import CallC
from mypyc.ir.rtypes import (
    RTuple,
    RType,
    is_bool_or_bit_rprimitive,
    is_float_rprimitive,
    is_tagged,
)

from mixer2.compiler import layout
from mixer2.compiler.emit.boxed import (
    boxed_detached,
    boxed_getter,
    boxed_method,
    boxed_result,
    boxed_setter,
    boxed_tuple_field,
)
from mixer2.compiler.emit.names import literal_text
from mixer2.compiler.link.symbols import Data, DataRef, RefKind, SymbolTable

if TYPE_CHECKING:
    from mixer2.compiler.emit.classes import InstanceLayout
    from mixer2.compiler.emit.program import ProgramEmitter

# Primitives that look a name up, and where the name stands among their arguments.
_LOOKUPS = {
    "CPyObject_GetAttr": 1,
    "CPyObject_GetAttr3": 1,
    "PyObject_GetAttr": 1,
    "PyObject_SetAttr": 1,
    "PyObject_HasAttr": 1,
    "PyObject_VectorcallMethod": 0,
    "CPyObject_CallMethodObjArgs": 1,
}

_SETTERS = {"PyObject_SetAttr": 1}

# Primitives that look names up themselves (build/runtime/generator.c).
_IMPLIED = {
    "CPyIter_Send": ("send",),
    "CPy_YieldFromErrorHandle": ("throw", "close"),
}

# Type objects of the run-time whose methods have symbols `method__<key>__<name>`, and whose
# properties `property__<key>__<name>`.
_BUILTIN_TYPES = {
    "str": "PyUnicode_Type",
    "bytes": "PyBytes_Type",
    "bytearray": "PyByteArray_Type",
    "memoryview": "PyMemoryView_Type",
    "list": "PyList_Type",
    "dict": "PyDict_Type",
    "set": "PySet_Type",
    "frozenset": "PyFrozenSet_Type",
    "tuple": "PyTuple_Type",
    "int": "PyLong_Type",
    "float": "PyFloat_Type",
    "range": "PyRange_Type",
    "slice": "PySlice_Type",
}

_BUILTIN_CLASS_METHODS = frozenset({"from_bytes", "fromhex", "fromkeys"})
_BUILTIN_STATIC_METHODS = frozenset({"maketrans"})

Entry = tuple[str, str, str | int, RefKind]
"""Name, kind (a symbol), target (a symbol or an offset), and how a target is referred to."""

_ENTRY = struct.Struct("<III")


class Dynamic:
    """The names that a program looks up at run time, and the tables for them.

    Args:
        program: Gives symbols.
        modules: The program's IR.
    """

    def __init__(self, program: "ProgramEmitter", modules: list[ModuleIR]) -> None:
        self._program = program
        self._names = _looked_up(modules, _LOOKUPS)
        self._set_names = _looked_up(modules, _SETTERS)

    def is_looked_up(self, name: str) -> bool:
        """Whether the program looks a name up at run time."""
        return name in self._names

    def add_builtin_tables(self, symbols: SymbolTable) -> None:
        """Give the run-time's type objects tables of the methods that the program names."""
        available = set(symbols.names())
        for key, type_symbol in _BUILTIN_TYPES.items():
            entries: list[Entry] = [
                (name, _builtin_kind(name), f"method__{key}__{name}", RefKind.DATA_SLOT)
                for name in sorted(self._names)
                if f"method__{key}__{name}" in available
            ]
            entries += [
                (name, layout.ATTRIBUTE_PROPERTY, f"property__{key}__{name}", RefKind.DATA_SLOT)
                for name in sorted(self._names)
                if f"property__{key}__{name}" in available
            ]
            type_object = symbols.get(type_symbol)
            if not entries or not isinstance(type_object, Data):
                continue
            table = self._table(f"attributes:{type_symbol}", entries)
            symbols.replace(
                Data(
                    type_symbol,
                    type_object.content,
                    type_object.alignment,
                    type_object.size,
                    [
                        *type_object.refs,
                        DataRef(
                            layout.TYPE_ATTRIBUTES,
                            RefKind.DATA_ADDRESS,
                            table,
                            gate=layout.ATTRIBUTES_GATE,
                        ),
                    ],
                )
            )

    def has_attribute(self, type_name: str, name: str) -> bool:
        """Whether a built-in type has an attribute; true for types without a table."""
        if type_name == "bool":
            type_name = "int"
        # A named tuple is a tuple to the IR.
        return (
            type_name not in _BUILTIN_TYPES
            or type_name == "tuple"
            or any(
                f"{kind}__{type_name}__{name}" in self._program.symbols
                for kind in ("method", "property")
            )
        )

    def attribute_table(self, class_: ClassIR, instance: "InstanceLayout") -> str | None:
        """Symbol of a class's table; None when nothing of it is looked up by name."""
        entries: list[Entry] = []
        for name in sorted(self._names):
            method = class_.methods.get(name)
            if name in class_.attributes and name in instance.offsets:
                kind = _field_kind(class_.attributes[name])
                rtype, where = class_.attributes[name], instance.offsets[name]
                if kind is not None:
                    entries.append((name, kind, where, RefKind.DATA_ADDRESS))
                elif isinstance(rtype, RTuple):
                    getter = f"field:{class_.fullname}.{name}"
                    self._program.lazy(getter, boxed_tuple_field, rtype, where)
                    entries.append((name, layout.ATTRIBUTE_PROPERTY, getter, RefKind.DATA_SLOT))
            elif name in class_.properties:
                entries.append(self._property(class_, name))
            elif method is not None:
                symbol = boxed_method(self._program, method)
                entries.append((name, _method_kind(method), symbol, RefKind.DATA_SLOT))
            elif self._program.has_class_attribute(class_, name):
                slot = self._program.classes.attribute_slot(f"type:{class_.fullname}", name)
                entries.append((name, layout.ATTRIBUTE_VALUE, slot, RefKind.DATA_ADDRESS))
        return self._table(f"attributes:{class_.fullname}", entries) if entries else None

    def _property(self, class_: ClassIR, name: str) -> Entry:
        getter, setter = boxed_getter(self._program, class_, name), class_.properties[name][1]
        if setter is None or name not in self._set_names:
            return (name, layout.ATTRIBUTE_PROPERTY, getter, RefKind.DATA_SLOT)
        target = f"setter:{class_.fullname}.{name}"
        functions = (getter, self._program.lazy(target, boxed_setter, setter))
        refs = [DataRef(4 * i, RefKind.DATA_SLOT, function) for i, function in enumerate(functions)]
        symbol = f"property:{class_.fullname}.{name}"
        self._program.symbols.add(Data(symbol, bytes(8), 4, refs=refs))
        return (name, layout.ATTRIBUTE_SETTABLE, symbol, RefKind.DATA_ADDRESS)

    def member_table(
        self,
        fullname: str,
        node: ast.ClassDef,
        fields: list[tuple[str, int]],
        getters: dict[str, str] | None = None,
        others: Sequence[Entry] = (),
    ) -> str | None:
        """The table of a class that mypyc leaves to CPython: an enum or a named tuple.

        Args:
            fullname: The class.
            node: Its definition.
            fields: Names and offsets of objects in the instances.
            getters: Names and functions that take the instance.
            others: Whatever else it has.
        """
        entries: list[Entry] = [
            (name, layout.ATTRIBUTE_FIELD_OBJECT, offset, RefKind.DATA_ADDRESS)
            for name, offset in fields
            if name in self._names
        ]
        entries += [
            (name, layout.ATTRIBUTE_PROPERTY, getter, RefKind.DATA_SLOT)
            for name, getter in (getters or {}).items()
            if name in self._names
        ]
        entries += [entry for entry in others if entry[0] in self._names]
        decorators = {
            s.name: {ast.unparse(d) for d in s.decorator_list}
            for s in node.body
            if isinstance(s, ast.FunctionDef)
        }
        for name, (method, before) in sorted(self._program.own_methods(fullname).items()):
            if name not in self._names or name not in decorators:
                continue
            make, kind, bound = boxed_detached, layout.ATTRIBUTE_METHOD, before
            if "property" in decorators[name]:
                make, kind = boxed_result, layout.ATTRIBUTE_PROPERTY
            elif "staticmethod" in decorators[name]:
                kind, bound = layout.ATTRIBUTE_STATIC_METHOD, before - 1
            elif "classmethod" in decorators[name]:
                kind = layout.ATTRIBUTE_CLASS_METHOD
            symbol = self._program.lazy(f"member:{fullname}.{name}()", make, method, bound)
            entries.append((name, kind, symbol, RefKind.DATA_SLOT))
        return self._table(f"attributes:{fullname}", entries) if entries else None

    def _table(self, symbol: str, entries: list[Entry]) -> str:
        content = bytearray()
        refs = []
        for name, kind, target, ref_kind in entries:
            offset = len(content)
            refs.append(DataRef(offset, RefKind.DATA_ADDRESS, self._program.literals.literal(name)))
            refs.append(DataRef(offset + 4, RefKind.DATA_ADDRESS, kind))
            if isinstance(target, str):
                refs.append(DataRef(offset + 8, ref_kind, target))
            content += _ENTRY.pack(0, 0, target if isinstance(target, int) else 0)
        content += bytes(layout.ATTRIBUTE_SIZE)
        self._program.symbols.add(Data(symbol, bytes(content), 4, refs=refs))
        return symbol


def _looked_up(modules: list[ModuleIR], primitives: Mapping[str, int]) -> set[str]:
    names = set()
    for module in modules:
        for function in module.functions:
            for block in function.blocks:
                for op in block.ops:
                    if isinstance(op, CallC) and op.function_name in primitives:
                        name = literal_text(op.args[primitives[op.function_name]])
                        if name is not None:
                            names.add(name)
                    elif isinstance(op, CallC):
                        names.update(_IMPLIED.get(op.function_name, ()))
    return names


def _builtin_kind(name: str) -> str:
    if name in _BUILTIN_STATIC_METHODS:
        return layout.ATTRIBUTE_STATIC_METHOD
    is_class_method = name in _BUILTIN_CLASS_METHODS
    return layout.ATTRIBUTE_CLASS_METHOD if is_class_method else layout.ATTRIBUTE_METHOD


def _method_kind(method: FuncIR) -> str:
    return {
        FUNC_CLASSMETHOD: layout.ATTRIBUTE_CLASS_METHOD,
        FUNC_STATICMETHOD: layout.ATTRIBUTE_STATIC_METHOD,
    }.get(method.decl.kind, layout.ATTRIBUTE_METHOD)


def _field_kind(rtype: RType) -> str | None:
    if is_tagged(rtype):
        return layout.ATTRIBUTE_FIELD_INT
    if is_bool_or_bit_rprimitive(rtype):
        return layout.ATTRIBUTE_FIELD_BOOL
    if is_float_rprimitive(rtype):
        return layout.ATTRIBUTE_FIELD_FLOAT
    return None if rtype.is_unboxed else layout.ATTRIBUTE_FIELD_OBJECT
