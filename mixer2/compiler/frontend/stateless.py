"""Streams that need no contexts of their own.

Contexts that remember nothing are all alike, so one does for every stream of a plugin. The proxy
need tell of no stream's beginning and end, two calls a request, and nothing is made, looked up or
freed. So it is where all of this holds:

- `create_http_context` is `return Stream(self)`, and that class has no subclasses;
- its `__init__` copies values: the plugin, attributes of it that only its start sets, constants.
  It cannot fail, has no effects and finds the same always, so it may run for every callback;
- no other method sets an attribute, and `self` is only used for its attributes and methods, so
  nobody else can hold it;
- each header map, which a context keeps once it was read, is used in one callback only, which
  comes at most once a stream, and only by its methods;
- nothing is to be done at the end of a stream, and no request is refused because of an error,
  which is noted until the stream ends.

What is asked is the text of the program, and where the answer is not plain it is no.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mixer2.compiler.frontend.context_class import ContextClass, bases, methods, statements
from mixer2.compiler.frontend.walk import walk

_AT_THE_END: Final = "on_done"
_POLICY: Final = "error_policy"

_START: Final = frozenset({"__init__", "on_vm_start", "on_configure"})
"""Methods of a plugin that run before it has streams."""


@dataclass(frozen=True, slots=True)
class StatelessStream:
    """The class of a program's streams, when one context does for all.

    Attributes:
        name: Its name.
        maps: The header maps that each callback uses, by the method's name.
    """

    name: str
    maps: dict[str, list[str]]


def find_stateless_stream(
    module: ast.Module, plugin: str, program: Iterable[ast.AST]
) -> StatelessStream | None:
    """The class of a program's streams, when one context does for all; None otherwise.

    Args:
        module: The filter.
        plugin: Name of its plugin class.
        program: All nodes of the author's and the adapters' modules.
    """
    nodes = list(program)
    if any(_needs_contexts(node) for node in nodes):
        return None
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
    stream = _stream_class(classes[plugin])
    if stream is None or stream not in classes:
        return None
    derived = [b for node in nodes if isinstance(node, ast.ClassDef) for b in bases(node)]
    if bases(classes[plugin]) != ["PluginContext"] or {plugin, stream} & set(derived):
        return None
    context = ContextClass(classes[stream], plugin, _set_by_start(classes[plugin], nodes))
    if not context.is_like_any_other() or (maps := context.maps_by_callback()) is None:
        return None
    return StatelessStream(stream, maps)


def _needs_contexts(node: ast.AST) -> bool:
    match node:
        case ast.FunctionDef(name=name):
            return name == _AT_THE_END
        case ast.Attribute(attr=text) | ast.Constant(value=str(text)):
            return text == _POLICY
    return False


def _set_by_start(plugin: ast.ClassDef, program: list[ast.AST]) -> set[str]:
    """Attributes of a plugin that its `__init__` sets, and nothing once it has streams."""
    set_: set[str] = set()
    starts: set[ast.AST] = set()
    for method in methods(plugin):
        if method.name == "__init__":
            set_.update(name for statement in method.body for name in _set_in(statement))
        if method.name in _START:
            starts.update(walk(method))
    for node in program:
        if isinstance(node, ast.Attribute | ast.Constant) and node not in starts:
            set_.discard(_changed(node))
    return set_ - {method.name for method in methods(plugin)}


def _changed(node: ast.Attribute | ast.Constant) -> str:
    """The attribute that something sets or deletes, or may: one that it names in a text."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "" if isinstance(node.ctx, ast.Load) else node.attr


def _set_in(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case (
            ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)])
            | ast.AnnAssign(
                target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=ast.expr()
            )
        ):
            yield name


def _stream_class(plugin: ast.ClassDef) -> str | None:
    """The class of what `create_http_context` makes of the plugin alone."""
    for method in methods(plugin):
        if method.name == "create_http_context":
            match statements(method):
                case [
                    ast.Return(
                        value=ast.Call(
                            func=ast.Name(id=stream), args=[ast.Name(id="self")], keywords=[]
                        )
                    )
                ] if not method.decorator_list:
                    return stream
    return None
