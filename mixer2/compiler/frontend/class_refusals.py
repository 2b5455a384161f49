"""What classes of the dialect cannot have, refused with the nearest way."""

import ast
import re
from collections.abc import Iterator

Refusal = tuple[ast.stmt | ast.expr | ast.pattern, str]
"""A place, and what is wrong there."""

_NO_METHODS = {
    "__new__": "objects are made by __init__ only: write a function or a class method",
    "__del__": "objects are freed without a last word: use a with statement",
    "__getattr__": "attributes have fixed places: write a method that takes the name",
    "__getattribute__": "attributes have fixed places: write a property",
    "__setattr__": "attributes have fixed places: write a property with a setter",
    "__delattr__": "attributes have fixed places: write a method",
    "__init_subclass__": "classes are laid out when compiling: write a function that registers",
    "__class_getitem__": "derive from Generic[T] instead",
    "__set_name__": "there are no descriptors: write a property",
    "__get__": "there are no descriptors: write a property",
    "__set__": "there are no descriptors: write a property",
}

_NO_DECORATORS = {
    "runtime_checkable": "a Protocol is for the type checker only: give the classes a base class",
    "total_ordering": "write the four comparisons, or use dataclass(order=True)",
    "cached_property": "keep the value in an attribute that __init__ sets to None",
}

_CLASS_DECORATORS = frozenset({"dataclass", "final", "unique"})

_METHOD_DECORATORS = frozenset(
    {
        *("property", "setter", "getter", "deleter", "classmethod", "staticmethod"),
        *("abstractmethod", "overload", "override", "final"),
    }
)

_NO_BASES = {
    "Flag": "write int constants: READ: Final = 1",
    "IntFlag": "write int constants: READ: Final = 1",
}


def refused_in_class(node: ast.ClassDef) -> Iterator[Refusal]:
    """What a class definition has and the dialect has not."""
    bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    if len(bases) > 1 and bases[-1] in ("Enum", "IntEnum", "StrEnum"):
        yield (
            node.bases[0],
            (
                f"an enum that is a {bases[0]}, too, is not in the dialect: "
                "derive from StrEnum or IntEnum alone, or use `.value`"
            ),
        )
    for base in node.bases:
        name = ast.unparse(base).rpartition(".")[2]
        if name in _NO_BASES:
            yield base, f"{name} is not in the dialect: {_NO_BASES[name]}"
    for keyword in node.keywords:
        if (
            keyword.arg == "metaclass"
            and ast.unparse(keyword.value).rpartition(".")[2] != "ABCMeta"
        ):
            yield (
                keyword.value,
                "metaclasses are not in the dialect: write a function that registers",
            )
    for decorator in node.decorator_list:
        name = ast.unparse(decorator).rpartition(".")[2]
        if name in _NO_DECORATORS:
            yield decorator, f"{name} is not in the dialect: {_NO_DECORATORS[name]}"
        elif name.partition("(")[0] not in _CLASS_DECORATORS:
            yield decorator, "decorators of classes are not in the dialect: call a function below"
    if "NamedTuple" in bases:
        yield from _named_tuple(node)
    methods = {s.name for s in node.body if isinstance(s, ast.FunctionDef)}
    for statement in node.body:
        yield from _member(statement, methods)


def _named_tuple(node: ast.ClassDef) -> Iterator[Refusal]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and re.fullmatch(
            r"__(?!str|repr)\w+__", method.name
        ):
            yield (
                method,
                (
                    f"{method.name} of a named tuple is not in the dialect: write a method with a "
                    "name of its own, or a dataclass(frozen=True)"
                ),
            )


def _member(statement: ast.stmt, methods: set[str]) -> Iterator[Refusal]:
    if isinstance(statement, ast.ClassDef):
        yield statement, "a class inside a class is not in the dialect: write it at module level"
    if isinstance(statement, ast.FunctionDef):
        if statement.name in _NO_METHODS:
            reason = _NO_METHODS[statement.name]
            yield statement, f"{statement.name} is not in the dialect: {reason}"
        for decorator in statement.decorator_list:
            if not _is_method_decorator(decorator):
                yield (
                    decorator,
                    (
                        "a decorated method is not in the dialect: decorate a function at module "
                        "level, and call it"
                    ),
                )
            name = ast.unparse(decorator).rpartition(".")[2]
            if name in _NO_DECORATORS:
                yield decorator, f"{name} is not in the dialect: {_NO_DECORATORS[name]}"
    if (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Name)
        and statement.value.id in methods
    ):
        yield (
            statement,
            (
                f"a second name for method {statement.value.id} is not in the dialect: "
                "write a method that calls it"
            ),
        )


def _is_method_decorator(decorator: ast.expr) -> bool:
    name = ast.unparse(decorator).rpartition(".")[2]
    return name in _METHOD_DECORATORS or name in _NO_DECORATORS
