"""Makes a failing program small: parts go while what remains still fails the same way."""

import ast
import time
from collections.abc import Callable, Iterator


class _TimeIsUp(Exception):
    pass


class Minimiser:
    """Takes a program apart.

    Args:
        source: A program that fails.
        fails: Whether a program fails in the same way.
        seconds: When to stop.
    """

    def __init__(self, source: str, fails: Callable[[str], bool], seconds: float) -> None:
        self._text = ast.unparse(ast.parse(source))
        self._fails = fails
        self._deadline = time.monotonic() + seconds

    def run(self) -> str:
        """The smallest program found in the time that still fails."""
        try:
            before = ""
            while self._text != before:
                before = self._text
                self._drop_statements()
                self._unwrap()
                self._simplify_expressions()
        except _TimeIsUp:
            pass
        return self._text + "\n"

    def _keep_if_it_fails(self, tree: ast.Module) -> bool:
        if time.monotonic() > self._deadline:
            raise _TimeIsUp
        text = ast.unparse(tree)
        try:
            compile(text, "program.py", "exec", dont_inherit=True)
        except SyntaxError:
            return False
        if text == self._text or "def main" not in text or not self._fails(text):
            return False
        self._text = text
        return True

    def _drop_statements(self) -> None:
        """Halves, quarters, ... of each list of statements; what `main` does goes first."""
        number = 0
        while number < len(_bodies(ast.parse(self._text))):
            size = len(_bodies(ast.parse(self._text))[number])
            while size:
                self._drop_chunks(number, size)
                size //= 2
            number += 1
            self._drop_unused()

    def _drop_chunks(self, number: int, size: int) -> None:
        start = 0
        while True:
            tree = ast.parse(self._text)
            bodies = _bodies(tree)
            if number >= len(bodies) or start >= len(bodies[number]):
                return
            bodies[number][start : start + size] = []
            if not bodies[number]:
                bodies[number].append(ast.Pass())
            if not self._keep_if_it_fails(tree):
                start += size

    def _drop_unused(self) -> None:
        """Functions and classes that nothing names, all at once."""
        tree = ast.parse(self._text)
        while unused := _unused(tree):
            tree.body = [statement for statement in tree.body if statement not in unused]
        self._keep_if_it_fails(tree)

    def _unwrap(self) -> None:
        """Put the body of a compound statement in its place."""
        number = 0
        while True:
            tree = ast.parse(self._text)
            places = [
                (body, index)
                for body in _bodies(tree)
                for index, statement in enumerate(body)
                if isinstance(statement, ast.If | ast.For | ast.While | ast.With | ast.Try)
            ]
            if number >= len(places):
                return
            body, index = places[number]
            body[index : index + 1] = _bodies_of(body[index])[0]
            if not self._keep_if_it_fails(tree):
                number += 1

    def _simplify_expressions(self) -> None:
        """Put an operand, an argument or an element in the place of what it is part of."""
        number = 0
        while True:
            tree = ast.parse(self._text)
            simpler = list(_simpler_expressions(tree))
            if number >= len(simpler):
                return
            simpler[number]()
            if not self._keep_if_it_fails(tree):
                number += 1


def _bodies_of(node: ast.AST) -> list[list[ast.stmt]]:
    return [
        body
        for name in ("body", "orelse", "finalbody")
        if isinstance(body := getattr(node, name, None), list) and body
    ]


def _bodies(tree: ast.Module) -> list[list[ast.stmt]]:
    """Every list of statements: that of `main`, then the outer ones before the inner."""
    found = [body for node in ast.walk(tree) for body in _bodies_of(node)]
    main = [n.body for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "main"]
    return [*main, *(body for body in found if body not in main)]


def _unused(tree: ast.Module) -> list[ast.stmt]:
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {"main"}
    return [
        statement
        for statement in tree.body
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name not in named
    ]


def _simpler_expressions(tree: ast.Module) -> Iterator[Callable[[], None]]:
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            values = value if isinstance(value, list) else [value]
            for index, child in enumerate(values):
                if not isinstance(child, ast.expr) or isinstance(child, ast.Constant | ast.Name):
                    continue
                for part in ast.iter_child_nodes(child):
                    if isinstance(part, ast.expr):
                        yield _replacement(node, name, index, part)


def _replacement(node: ast.AST, name: str, index: int, part: ast.expr) -> Callable[[], None]:
    def replace() -> None:
        value = getattr(node, name)
        if isinstance(value, list):
            value[index] = part
        else:
            setattr(node, name, part)

    return replace


def minimised(source: str, fails: Callable[[str], bool], seconds: float) -> str:
    """The smallest program found in the time that still fails."""
    return Minimiser(source, fails, seconds).run()
