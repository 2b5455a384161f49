"""What the methods of a stream's class do with their context, as far as the text tells."""

import ast
from typing import Final

from mixer2.compiler.callbacks import ONCE_A_STREAM
from mixer2.compiler.frontend.walk import walk

_AGAIN: Final = frozenset({"on_request_body", "on_response_body"})
_CALLBACKS: Final = ONCE_A_STREAM | _AGAIN

_KEPT: Final = frozenset(
    {"request_headers", "request_trailers", "response_headers", "response_trailers"}
)
"""What a context keeps of itself once it was asked for."""

_FREE: Final = frozenset({"plugin", "request_body", "response_body"})
_METHODS: Final = frozenset(
    {"response_code", "send_local_response", "continue_request", "continue_response"}
)

_OTHER_SCOPES: Final = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp),
    *(ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal),
)


def bases(class_: ast.ClassDef) -> list[str]:
    """Names of its base classes, without their modules."""
    return [ast.unparse(node).rpartition(".")[2] for node in class_.bases]


def methods(class_: ast.ClassDef) -> list[ast.FunctionDef]:
    """Its methods."""
    return [node for node in class_.body if isinstance(node, ast.FunctionDef)]


def statements(function: ast.FunctionDef) -> list[ast.stmt]:
    """What it does, without the docstring."""
    match function.body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return function.body


class ContextClass:
    """A stream's class, and what its methods do with themselves."""

    def __init__(self, stream: ast.ClassDef, plugin: str, fixed: set[str]) -> None:
        self._stream = stream
        self._plugin = plugin
        self._fixed = fixed
        self._methods = {method.name: method for method in methods(stream)}
        self._attributes = {"plugin"}

    def is_like_any_other(self) -> bool:
        """Whether its `__init__` makes them all alike."""
        if bases(self._stream) != ["HttpContext"] or self._stream.decorator_list:
            return False
        if not all(self._is_plain(statement) for statement in self._stream.body):
            return False
        initialiser = self._methods.pop("__init__", None)
        return initialiser is None or self._only_copies(initialiser)

    def _is_plain(self, member: ast.stmt) -> bool:
        """Whether a class has a member that is a method, and needs no more than to be called."""
        match member:
            case ast.Expr(value=ast.Constant()):
                return True
            case ast.FunctionDef(name=name, decorator_list=[], args=arguments):
                special = name.startswith("__") and name != "__init__"
                inherited = name in _KEPT | _FREE | _METHODS
                return bool(arguments.args) and not special and not inherited
        return False

    def _only_copies(self, initialiser: ast.FunctionDef) -> bool:
        arguments = initialiser.args
        match arguments:
            case ast.arguments(
                posonlyargs=[], args=[ast.arg(arg=own), plugin], vararg=None, kwonlyargs=[]
            ) if not arguments.defaults and arguments.kwarg is None:
                annotation = plugin.annotation
            case _:
                return False
        match annotation:
            case ast.Name(id=name) | ast.Constant(value=str(name)):
                if name != self._plugin:
                    return False
            case _:
                return False
        match statements(initialiser):
            case [
                ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(
                            value=ast.Call(func=ast.Name(id="super"), args=[], keywords=[]),
                            attr="__init__",
                        ),
                        args=[ast.Name(id=passed)],
                        keywords=[],
                    )
                ),
                *rest,
            ] if passed == plugin.arg:
                return all(self._is_copy(statement, own, plugin.arg) for statement in rest)
        return False

    def _is_copy(self, statement: ast.stmt, own: str, plugin: str) -> bool:
        match statement:
            case (
                ast.Assign(
                    targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)], value=value
                )
                | ast.AnnAssign(
                    target=ast.Attribute(value=ast.Name(id=owner), attr=name),
                    value=ast.expr() as value,
                )
            ) if owner == own and name not in self._methods and not _is_inherited(name):
                self._attributes.add(name)
            case _:
                return False
        match value:
            case ast.Constant():
                return True
            case ast.Name(id=name):
                return name == plugin
            case ast.Attribute(value=ast.Name(id=source), attr=name):
                return source == plugin and name in self._fixed
        return False

    def maps_by_callback(self) -> dict[str, list[str]] | None:
        """Which header maps each callback uses; None when one could tell contexts apart."""
        uses: dict[str, set[str]] = {}
        for name, method in self._methods.items():
            found = self._uses(method)
            if found is None:
                return None
            uses[name] = found
        maps = {name: sorted(_reachable(name, uses) & _KEPT) for name in _CALLBACKS & uses.keys()}
        used = [map_ for found in maps.values() for map_ in found]
        if len(used) > len(set(used)) or any(maps.get(name) for name in _AGAIN):
            return None
        return maps

    def _uses(self, method: ast.FunctionDef) -> set[str] | None:
        """Names of itself that a method uses; None when it does more than that."""
        own = method.args.args[0].arg
        nodes = walk(method)
        owned = [
            node
            for node in nodes
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == own
        ]
        names = sum(isinstance(node, ast.Name) and node.id in (own, "super") for node in nodes)
        if names != len(owned) or any(
            _is_in_other_scope(node) for node in nodes if node is not method
        ):
            return None
        uses = _Uses(nodes)
        callable_ = _METHODS | self._methods.keys()
        for node in owned:
            if not isinstance(node.ctx, ast.Load):
                return None
            if node.attr in callable_:
                if not uses.is_called(node):
                    return None
            elif node.attr in _KEPT:
                if not uses.is_only_asked(node):
                    return None
            elif node.attr not in _FREE | self._attributes:
                return None
        return {node.attr for node in owned}


class _Uses:
    """What becomes of the values in a function."""

    def __init__(self, nodes: list[ast.AST]) -> None:
        self._parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
        self._names = [node for node in nodes if isinstance(node, ast.Name)]

    def is_called(self, node: ast.expr) -> bool:
        """Whether it is a function that is called there."""
        parent = self._parents[node]
        return isinstance(parent, ast.Call) and parent.func is node

    def is_only_asked(self, node: ast.expr) -> bool:
        """Whether only its methods are called, be it under a name that has no other value."""
        match self._parents[node]:
            case ast.Attribute() as method:
                return self.is_called(method)
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[container]):
                return container is node
            case ast.Assign(targets=[ast.Name(id=name) as target]):
                others = [use for use in self._names if use.id == name and use is not target]
                loads = all(isinstance(use.ctx, ast.Load) for use in others)
                return loads and all(self.is_only_asked(use) for use in others)
        return False


def _is_in_other_scope(node: ast.AST) -> bool:
    """Whether a node is code of its own, or names what is elsewhere: both may keep things."""
    return isinstance(node, _OTHER_SCOPES)


def _is_inherited(name: str) -> bool:
    return name in _KEPT | _FREE | _METHODS | _CALLBACKS or name.removeprefix("_") in _KEPT


def _reachable(callback: str, uses: dict[str, set[str]]) -> set[str]:
    """What a callback uses of its context, directly or by way of other methods."""
    found: set[str] = set()
    waiting = {callback}
    while waiting:
        further = uses.get(waiting.pop(), set()) - found
        found |= further
        waiting |= further
    return found
