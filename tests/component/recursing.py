"""Recurses in C, endlessly or as deep as its data, in every way that CPython has."""

# ruff: noqa: ARG001, ARG005, PLW0108, S307 - what is called is the subject

import ast
import collections
import copy
import functools
import itertools
import json
import marshal
import pickle
import re
import types
from collections.abc import Callable
from typing import Any, TypeVar

from pal import Action, HttpContext, PluginContext

Make = Callable[[Any], Any]
Item = TypeVar("Item")


def nest(make: Make, depth: int) -> Any:
    value = make(None)
    for _ in range(depth):
        value = make(value)
    return value


class Leads:
    """Every operation leads to its child's."""

    def __init__(self, child: Any) -> None:
        self.child = child

    def __eq__(self, other: object) -> bool:
        return bool(self.child == getattr(other, "child", None))

    def __hash__(self) -> int:
        return hash(self.child)

    def __repr__(self) -> str:
        return f"<{self.child!r}>"

    def __bool__(self) -> bool:
        return bool(self.child)

    def __iter__(self) -> Any:
        return iter(self.child)

    def __getitem__(self, index: int) -> Any:
        return self.child[index]

    def __add__(self, other: Any) -> Any:
        return self.child + other


class Endless:
    """Every operation leads to itself."""

    def __call__(self) -> Any:
        return self()

    def __getattr__(self, name: str) -> Any:
        return getattr(self, name + "x")

    def __str__(self) -> str:
        return f"{self!s}"

    def __int__(self) -> int:
        return int(self)

    def __next__(self) -> Any:
        return next(self)


class Holds:
    def __init__(self, child: Any) -> None:
        self.child = child


def lists(depth: int) -> Any:
    return nest(lambda value: [value], depth)


def tuples(depth: int) -> Any:
    return nest(lambda value: (value,), depth)


def dicts(depth: int) -> Any:
    return nest(lambda value: {"k": value}, depth)


def leading(depth: int) -> Any:
    return nest(Leads, depth)


def sorting(value: int) -> Any:
    return sorted([value], key=sorting)


def mapping(value: int) -> Any:
    return list(map(mapping, [value]))


def substituting(match: re.Match[str]) -> str:
    return re.sub("a", substituting, "a")


def reducing(left: int, right: int) -> Any:
    return functools.reduce(reducing, [1, 2, 3])


def generating(depth: int) -> Any:
    inner = iter([1])
    for _ in range(depth):
        inner = (one for one in inner)
    return next(inner)


def tree(depth: int) -> Any:
    place: Any = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
    node: Any = ast.Constant(1, **place)
    for _ in range(depth):
        node = ast.UnaryOp(ast.USub(), node, **place)
    return ast.Expression(node)


def bind(depth: int) -> Any:
    function: Any = print
    for _ in range(depth):
        function = types.MethodType(function, 1)
    return function


def dropped(value: Any) -> None:
    del value


ENDS_BY_ITSELF: dict[str, Callable[[int], Any]] = {
    "drop list": lambda n: dropped(lists(n)),
    "drop dict": lambda n: dropped(dicts(n)),
    "drop object": lambda n: dropped(nest(Holds, n)),
    "drop generator": generating,
    "drop method": bind,
    "drop map": lambda n: dropped(nest(lambda value: map(int, value or []), n)),
    "collect": lambda n: dropped(nest(lambda value: [value, []], n)),
}
"""What recurses when it is let go, which never fails."""

RAISES: dict[str, Callable[[int], Any]] = {
    "repr list": lambda n: repr(lists(n)),
    "repr dict": lambda n: repr(dicts(n)),
    "repr tuple": lambda n: repr(tuples(n)),
    "repr set": lambda n: repr(nest(lambda value: frozenset([value]), n)),
    "repr deque": lambda n: repr(nest(lambda value: collections.deque([value]), n)),
    "repr ordered": lambda n: repr(nest(lambda value: collections.OrderedDict(k=value), n)),
    "repr object": lambda n: repr(leading(n)),
    "repr exception": lambda n: repr(nest(ValueError, n)),
    "compare lists": lambda n: lists(n) == lists(n),
    "compare dicts": lambda n: dicts(n) == dicts(n),
    "compare objects": lambda n: leading(n) == leading(n),
    "order tuples": lambda n: tuples(n) < tuples(n),
    "hash tuple": lambda n: hash(tuples(n)),
    "hash object": lambda n: hash(leading(n)),
    "hash slice": lambda n: hash(nest(lambda value: slice(value), n)),
    "truth": lambda n: bool(leading(n)),
    "iterate": lambda n: iter(leading(n)),
    "index": lambda n: leading(n)[0],
    "add": lambda n: leading(n) + 1,
    "call": lambda n: Endless()(),
    "attribute": lambda n: Endless().name,
    "str": lambda n: str(Endless()),
    "int": lambda n: int(Endless()),
    "next": lambda n: next(Endless()),
    "bound method": lambda n: bind(n)(),
    "isinstance": lambda n: isinstance(1, nest(lambda value: (value or str,), n)),
    "sort": lambda n: sorting(1),
    "map": lambda n: mapping(1),
    "map of maps": lambda n: next(nest(lambda value: map(int, value or [1]), n)),
    "chains": lambda n: next(nest(lambda value: itertools.chain(value or [1]), n)),
    "reduce": lambda n: reducing(1, 2),
    "sub": lambda n: re.sub("a", substituting, "a"),
    "compile groups": lambda n: re.compile("(" * n + ")" * n),
    "json load": lambda n: json.loads("[" * n + "]" * n),
    "json load objects": lambda n: json.loads('{"a":' * n + "1" + "}" * n),
    "json dump": lambda n: json.dumps(lists(n)),
    "json dump indented": lambda n: json.dumps(dicts(n), indent=1),
    "pickle": lambda n: pickle.dumps(lists(n)),
    "marshal": lambda n: marshal.dumps(lists(n)),
    "deepcopy": lambda n: copy.deepcopy(lists(n)),
    "eval": lambda n: eval("(" * n + ")" * n),
    "eval operators": lambda n: eval("+".join(["1"] * n)),
    "eval itself": lambda n: eval("eval(text)", {"text": "eval(text)"}),
    "literal": lambda n: ast.literal_eval("[" * n + "]" * n),
    "compile tree": lambda n: compile(tree(n), "tree", "eval"),
    "dump tree": lambda n: ast.dump(tree(n)),
    "generic": lambda n: nest(lambda value: types.GenericAlias(list, value or Item), n)[int],
    "groups of exceptions": lambda n: nest(
        lambda value: ExceptionGroup("g", [value or ValueError()]), n
    ).split(TypeError),
}
"""What ends in an exception."""

DEPTH = 20_000
SHALLOWER = {"generic": 1_500}
"""What takes time by the square of its depth."""


class Recursing(HttpContext):
    def on_request_headers(self, end_of_stream: bool) -> Action:
        kind = self.request_headers.get("x-do") or ""
        if kind in ENDS_BY_ITSELF:
            ENDS_BY_ITSELF[kind](DEPTH)
        elif kind:
            RAISES[kind](SHALLOWER.get(kind, DEPTH))
        return Action.CONTINUE


class RecursingPlugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Recursing(self)
