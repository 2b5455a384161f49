"""What the dialect does not have, refused with its place, the reason and the nearest way.

These are the refusals that the source alone shows (docs/dialect.md lists them); those that need
types are in `lowering`, and what the run-time lacks is found while emitting.
"""

import ast
import builtins
import io
import tokenize
from collections.abc import Iterator

from mixer2.compiler.errors import Diagnostic
from mixer2.compiler.frontend.captures import exposed_captures
from mixer2.compiler.frontend.class_refusals import Refusal, refused_in_class
from mixer2.compiler.frontend.enum_classes import refused_in_enums
from mixer2.compiler.frontend.program import SourceModule

_NO_BUILTINS = {
    "exec": "code is compiled before it runs: write a function",
    "eval": "code is compiled before it runs: write a function, or json.loads for data",
    "compile": "code is compiled before it runs: write a function",
    "globals": "module variables have fixed places: name them, or use a dict of your own",
    "locals": "variables have fixed places: name them",
    "vars": "attributes have fixed places: name them",
    "dir": "names are not kept at run time: write the list",
    "__import__": "the program is closed: import at the top of the module",
    "open": "a filter has no files: take data from the plugin's configuration",
    "input": "a filter has no terminal: take data from the plugin's configuration",
    "breakpoint": "a filter has no terminal: run its test in plain Python under a debugger",
    "complex": "there are no complex numbers: use a pair of floats",
}

# What classes, functions and exceptions have at run time in CPython.
_NO_ATTRIBUTES = {
    "__dict__": "attributes have fixed places: name them",
    "__members__": "iterate over the class: [member.name for member in Color]",
    "__mro__": "classes are laid out when compiling: use isinstance",
    "__bases__": "classes are laid out when compiling: use isinstance",
    "__subclasses__": "classes are laid out when compiling: write the list",
    "__doc__": "docstrings are not kept: write the text as a constant",
    "__module__": "modules are not kept: write the name as a str",
    "__annotations__": "annotations are for the type checker only: write a dict",
    "__code__": "functions are compiled: keep what you need in a variable",
    "__defaults__": "functions are compiled: keep what you need in a variable",
    "__wrapped__": "functions are compiled: keep the function in a variable",
    "__traceback__": "the proxy's log shows the traceback of what a callback raises",
    "__notes__": "put the text into the exception's message",
    "add_note": "put the text into the exception's message",
    "with_traceback": "the proxy's log shows the traceback of what a callback raises",
    "__dataclass_fields__": "name the fields",
}

# Letters before a string's quote.
_PREFIXES = "rRfFbBuU"

_DATACLASSES = frozenset({"dataclass", "field", "KW_ONLY"})


def refusals(module: SourceModule) -> list[Diagnostic]:
    """All that a module's source has and the dialect has not."""
    found = [
        Diagnostic(module.display_path, node.lineno, node.col_offset + 1, message)
        for node, message in _refused(module.tree)
    ]
    return found + _new_f_strings(module)


def _refused(tree: ast.Module) -> Iterator[Refusal]:
    yield from _module_statements(tree)
    yield from refused_in_enums(tree)
    for pattern, name in exposed_captures(tree):
        message = f"{name} is bound here even when the pattern then fails: capture another name"
        yield pattern, message
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _function(node)
        elif isinstance(node, ast.ClassDef):
            yield from refused_in_class(node)
        elif isinstance(node, ast.Try):
            yield from _try(node)
        elif isinstance(node, ast.TryStar):
            yield node, "except* is not in the dialect: exceptions come one at a time, write except"
        elif isinstance(node, ast.Call):
            yield from _call(node)
        elif isinstance(node, ast.Attribute):
            yield from _attribute(node, called)
        elif isinstance(node, ast.ImportFrom):
            yield from _import(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, complex):
            yield node, "complex numbers are not in the dialect: use a pair of floats"


def _module_statements(tree: ast.Module) -> Iterator[Refusal]:
    for statement in tree.body[:-1]:
        if isinstance(statement, ast.Raise):
            yield statement, "nothing below this raise can run: put it in a function or under an if"
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Del):
            continue
        if node.id in dir(builtins) and node.id not in stored:
            yield node, f"{node.id!r} is a built-in name: it cannot be deleted"


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Refusal]:
    if isinstance(node, ast.AsyncFunctionDef):
        yield (
            node,
            (
                "async is not in the dialect: the proxy calls back, so write a callback (on_tick, "
                "an HTTP callout's response) and keep what it needs in the context"
            ),
        )
    for inner in _own_nodes(node):
        if isinstance(inner, ast.ClassDef):
            yield inner, "a class inside a function is not in the dialect: write it at module level"
        elif isinstance(inner, ast.FunctionDef) and inner.decorator_list:
            yield (
                inner,
                (
                    "a decorated function inside a function is not in the dialect: call the "
                    f"decorator, as in {inner.name} = decorator({inner.name}_)"
                ),
            )


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Nodes of a function, not those of the functions in it; the functions themselves are."""
    pending = list(ast.iter_child_nodes(function))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def _try(node: ast.Try) -> Iterator[Refusal]:
    for statement in node.finalbody:
        for inner in _leaving(statement):
            yield (
                inner,
                (
                    "return, break and continue inside finally are not in the dialect: they would "
                    "drop the exception; leave after the try statement"
                ),
            )
    blocks = [statement for handler in node.handlers for statement in handler.body]
    for statement in [*blocks, *node.finalbody]:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            continue
        for found in [statement, *_own_nodes(statement)]:
            if isinstance(found, ast.Yield | ast.YieldFrom):
                yield (
                    found,
                    (
                        "yield inside except or finally is not in the dialect: keep the value, and "
                        "yield it after the try statement"
                    ),
                )


def _leaving(statement: ast.stmt, *, in_loop: bool = False) -> Iterator[ast.stmt]:
    if isinstance(statement, ast.Return) or (
        isinstance(statement, ast.Break | ast.Continue) and not in_loop
    ):
        yield statement
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return
    for child in ast.iter_child_nodes(statement):
        inner = in_loop or isinstance(statement, ast.For | ast.While)
        if isinstance(child, ast.stmt):
            yield from _leaving(child, in_loop=inner)
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            for grandchild in child.body:
                yield from _leaving(grandchild, in_loop=inner)


def _call(node: ast.Call) -> Iterator[Refusal]:
    if not isinstance(node.func, ast.Name):
        return
    name = node.func.id
    if name in _NO_BUILTINS:
        yield node, f"{name}() is not in the dialect: {_NO_BUILTINS[name]}"
    if name == "print":
        for keyword in node.keywords:
            if keyword.arg != "sep":
                yield (
                    keyword.value,
                    (
                        f"print({keyword.arg}=...) is not in the dialect: print writes one line of "
                        "the proxy's log, join the parts first"
                    ),
                )
    if name == "type" and len(node.args) == 3:
        yield node, "type() with three arguments is not in the dialect: write a class statement"


def _attribute(node: ast.Attribute, called: set[int]) -> Iterator[Refusal]:
    if reason := _NO_ATTRIBUTES.get(node.attr):
        yield node, f"{node.attr} is not in the dialect: {reason}"
    is_super = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "super"
    if is_super and id(node) not in called:
        yield (
            node,
            (
                f"super().{node.attr} as a value is not in the dialect: put what the property does "
                "into a method, and call that of super()"
            ),
        )


def _import(node: ast.ImportFrom) -> Iterator[Refusal]:
    for alias in node.names:
        if alias.name == "*":
            yield node, "import * is not in the dialect: name what you need"
        elif node.module == "dataclasses" and alias.name not in _DATACLASSES:
            yield (
                node,
                (
                    f"dataclasses.{alias.name} is not in the dialect, which has dataclass, "
                    "field and KW_ONLY: write a method"
                ),
            )


def _is_new_inside(token: tokenize.TokenInfo, quote: str, start: int) -> bool:
    """Whether a token inside an f-string is one that 3.11 does not take there."""
    if token.type == tokenize.COMMENT:
        return True
    if token.type not in (tokenize.STRING, start):
        return False
    return token.string.lstrip(_PREFIXES)[:1] == quote[:1] or "\\" in token.string


def _new_f_strings(module: SourceModule) -> list[Diagnostic]:
    """f-strings that CPython 3.11 does not read (PEP 701); its own parser says so before."""
    start, end = (getattr(tokenize, name, None) for name in ("FSTRING_START", "FSTRING_END"))
    if start is None:
        return []
    found = []
    quotes: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        text = token.string
        if token.type == end:
            quotes.pop()
        elif quotes and _is_new_inside(token, quotes[-1], start):
            found.append(token)
        if token.type == start:
            quotes.append(text.lstrip(_PREFIXES))
    message = (
        "this f-string needs Python 3.12 (PEP 701), and the dialect is that of 3.11: "
        "take the expression out of the f-string"
    )
    return [
        Diagnostic(module.display_path, token.start[0], token.start[1] + 1, message)
        for token in found
    ]
