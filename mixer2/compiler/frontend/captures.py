"""Names that a pattern binds although it fails: in mypyc, not in CPython.

match value:
    case [x, 5]: ...            mypyc sets x for [1, 6], too
    case _: print(x)
"""

import ast
from collections.abc import Iterator

_Match = ast.MatchSequence | ast.MatchMapping | ast.MatchClass
_Function = ast.FunctionDef | ast.Lambda | ast.Module


def exposed_captures(tree: ast.Module) -> Iterator[tuple[ast.pattern, str]]:
    """Patterns that may fail after they bound a name, and that name, where others read it."""
    for scope in ast.walk(tree):
        if isinstance(scope, _Function):
            yield from _in_scope(scope)


def _in_scope(scope: _Function) -> Iterator[tuple[ast.pattern, str]]:
    nodes = list(_own_nodes(scope))
    cases = [case for node in nodes if isinstance(node, ast.Match) for case in node.cases]
    if not cases:
        return
    reads = [n for n in ast.walk(scope) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    for case in cases:
        for name in sorted(_early_captures(case.pattern)):
            own = {
                id(node)
                for other in cases
                if name in _captures(other.pattern)
                for part in [*other.body, *([other.guard] if other.guard else [])]
                for node in ast.walk(part)
            }
            if any(read.id == name and id(read) not in own for read in reads):
                yield case.pattern, name


def _own_nodes(scope: _Function) -> Iterator[ast.AST]:
    pending = list(ast.iter_child_nodes(scope))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def _captures(pattern: ast.pattern) -> set[str]:
    return {
        name
        for node in ast.walk(pattern)
        if isinstance(node, ast.MatchAs | ast.MatchStar) and (name := node.name) is not None
    }


def _early_captures(pattern: ast.pattern) -> set[str]:
    """Names that are bound before the whole pattern is known to match."""
    found: set[str] = set()
    for node in ast.walk(pattern):
        if isinstance(node, _Match):
            parts = _parts(node)
            tests = len(parts) if isinstance(node, ast.MatchMapping) else sum(map(_can_fail, parts))
            if tests > 1 or (tests == 1 and not _can_fail(parts[0])):
                found |= set().union(*map(_captures, parts))
        elif isinstance(node, ast.MatchAs) and node.pattern and node.name and _parts(node.pattern):
            found.add(node.name)
    return found


def _parts(pattern: ast.pattern) -> list[ast.pattern]:
    if isinstance(pattern, ast.MatchClass):
        return [*pattern.patterns, *pattern.kwd_patterns]
    return pattern.patterns if isinstance(pattern, ast.MatchSequence | ast.MatchMapping) else []


def _can_fail(pattern: ast.pattern) -> bool:
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is not None
    return not isinstance(pattern, ast.MatchStar)
