"""Which classes' instances can be part of a reference cycle, from the types of their attributes.

    class Node:                     Node -> Node: tracked by the cycle collector
        next: "Node | None"
    class Header:                   Header -> nothing: counting references is enough
        name: str

A class leads to the classes that its attributes are declared with, subclasses included, also inside
containers. What may hold anything (object, Any, functions, iterators, protocols, type variables)
leads to every class. A class that leads back to itself is cyclic; a program without one pays
nothing (build/runtime/cycles.h).
"""

from collections.abc import Iterable, Iterator

from mypy.graph_utils import strongly_connected_components
from mypy.nodes import MypyFile, TypeInfo, Var
from mypy.types import (
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeAliasType,
    TypedDictType,
    TypeType,
    UninhabitedType,
    UnionType,
    get_proper_type,
)
from mypyc.ir.class_ir import ClassIR
from mypyc.ir.module_ir import ModuleIR
from mypyc.ir.rtypes import RInstance, RPrimitive, RTuple, RType, RUnion

_ANYTHING = "anything"

# Hold no reference to anything that could refer back.
_LEAVES = frozenset(
    f"builtins.{name}"
    for name in ("int", "float", "bool", "str", "bytes", "bytearray", "range", "memoryview", "type")
)
# Hold what their arguments say.
_CONTAINERS = frozenset(
    {
        *("builtins.list", "builtins.dict", "builtins.set", "builtins.frozenset", "builtins.tuple"),
        *("typing.Sequence", "typing.Mapping", "typing.MutableMapping", "typing.MutableSequence"),
        *("typing.Collection", "typing.AbstractSet", "typing.MutableSet"),
    }
)
_LEAF_PRIMITIVES = frozenset({"str", "bytes", "bytearray", "range", "None"})


def cyclic_classes(trees: Iterable[MypyFile], modules: Iterable[ModuleIR]) -> frozenset[str]:
    """Full names of the cyclic classes, those that mypyc made for closures and generators included.

    Args:
        trees: The program, typed.
        modules: Its IR.
    """
    infos = {
        node.fullname: node
        for tree in trees
        for symbol in tree.names.values()
        if isinstance(node := symbol.node, TypeInfo) and node.module_name == tree.fullname
    }
    classes = {class_.fullname: class_ for module in modules for class_ in module.classes}
    subclasses: dict[str, list[str]] = {}
    for info in infos.values():
        for base in info.mro:
            if base.fullname in infos or base.fullname in _CONTAINERS:
                subclasses.setdefault(base.fullname, []).append(info.fullname)
    edges: dict[str, list[str]] = {_ANYTHING: list(classes)}
    for name, class_ in classes.items():
        typed = infos.get(name)
        found = _of_types(typed, subclasses) if typed else _of_ir(class_, classes)
        edges[name] = [target for target in set(found) if target in classes or target == _ANYTHING]
    return frozenset(
        name
        for component in strongly_connected_components(set(edges), edges)
        for name in component
        if name != _ANYTHING and (len(component) > 1 or name in edges[name])
    )


def _of_types(info: TypeInfo, subclasses: dict[str, list[str]]) -> Iterator[str]:
    for base in info.mro:
        if base.fullname == "builtins.BaseException":
            yield _ANYTHING
        if base.module_name in ("builtins", "typing"):
            continue
        for symbol in base.names.values():
            if isinstance(symbol.node, Var) and not symbol.node.is_classvar:
                yield from _targets(symbol.node.type, subclasses)


def _targets(type_: Type | None, subclasses: dict[str, list[str]]) -> Iterator[str]:
    if isinstance(type_, TypeAliasType) and type_.is_recursive:
        # list["Tree"]: a list that holds itself, too, is such a tree.
        yield _ANYTHING
        return
    match get_proper_type(type_):
        case NoneType() | LiteralType() | TypeType() | UninhabitedType():
            return
        case UnionType(items=items) | TupleType(items=items):
            for item in items:
                yield from _targets(item, subclasses)
        case TypedDictType(items=fields):
            for item in fields.values():
                yield from _targets(item, subclasses)
        case Instance(type=info, args=arguments):
            name = info.fullname
            if name in _LEAVES or info.is_enum:
                return
            if info.is_protocol or not (name in _CONTAINERS or name in subclasses):
                yield _ANYTHING
                return
            yield from subclasses.get(name, ())
            for argument in arguments:
                yield from _targets(argument, subclasses)
        case _:
            yield _ANYTHING


def _of_ir(class_: ClassIR, classes: dict[str, ClassIR]) -> Iterator[str]:
    for base in class_.mro:
        for rtype in base.attributes.values():
            yield from _ir_targets(rtype, classes)


def _ir_targets(rtype: RType, classes: dict[str, ClassIR]) -> Iterator[str]:
    match rtype:
        case RInstance(class_ir=class_):
            yield from (name for name, other in classes.items() if class_ in other.mro)
        case RUnion(items=items):
            for item in items:
                yield from _ir_targets(item, classes)
        case RTuple(types=types):
            for item in types:
                yield from _ir_targets(item, classes)
        case RPrimitive():
            is_leaf = rtype.is_unboxed or rtype.name.rpartition(".")[2] in _LEAF_PRIMITIVES
            if not is_leaf:
                yield _ANYTHING
