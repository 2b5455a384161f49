"""One file to text and tree, with CPython's own complaints and the limits of the dialect."""

import ast
import io
import keyword
import sys
import tokenize
import warnings
from pathlib import Path

from mixer2.compiler.bug import bug
from mixer2.compiler.errors import CompileError, Diagnostic
from mixer2.compiler.frontend.walk import nodes_of

# Names that the front end uses itself.
_RESERVED = frozenset({"mixer2_entry", "pal", "adapters", "pystd"})

# What an int can hold: 63 bits with sign.
_INT_LIMIT = 1 << 62
_BEYOND = f"this is beyond 63 bits: ints end at {_INT_LIMIT - 1}"

# Of text or a tuple by a constant: the type checker computes it, item by item.
_MOST_REPEATED = 100_000


def check_module_name(name: str, display_path: str) -> None:
    """See that a filter can be imported under its name.

    Raises:
        CompileError: it cannot.
    """
    parts = name.split(".")
    for part in parts:
        if not part.isidentifier() or keyword.iskeyword(part):
            problem = f"{part!r} is not a module name: rename the file, e.g. my_filter.py"
            raise CompileError([Diagnostic(display_path, 1, 0, problem)])
    if parts[0] in _RESERVED or parts[0] in sys.stdlib_module_names:
        problem = f"{parts[0]!r} is the name of another module: rename the file, e.g. my_filter.py"
        raise CompileError([Diagnostic(display_path, 1, 0, problem)])


def parse_file(path: Path, display_path: str, *, is_author: bool) -> tuple[str, ast.Module]:
    """Read and parse a file.

    Args:
        path: The file.
        display_path: What diagnostics call it.
        is_author: Whether to look for what only CPython's compiler says against it, too. Of what
            ships with mixer2 its tests know that there is nothing.

    Raises:
        CompileError: it cannot be read, is not UTF-8 or not Python, or has an int literal that no
            int can hold.
    """
    text = _read(path, display_path)
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text, filename=display_path)
            if is_author:
                # Not all that CPython calls a syntax error is known when the tree is made.
                compile(tree, display_path, "exec", dont_inherit=True)
    except SyntaxError as error:
        place = Diagnostic(display_path, error.lineno or 1, error.offset or 0, error.msg)
        raise CompileError([place]) from error
    except (RecursionError, MemoryError) as error:
        raise CompileError([bug(display_path, 1, error)]) from error
    except ValueError as error:
        raise CompileError([Diagnostic(display_path, 1, 0, str(error))]) from error
    if too_large := _too_large(tree, display_path):
        raise CompileError(too_large)
    return text, tree


def _read(path: Path, display_path: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        problem = f"cannot read the module: {error.strerror}"
        raise CompileError([Diagnostic(display_path, 1, 0, problem)]) from error
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        problem = f"the module is not UTF-8: byte {error.start} is 0x{byte:02x}"
        raise CompileError([Diagnostic(display_path, 1, 0, problem)]) from error
    except SyntaxError as error:
        # Of detect_encoding: no UTF-8 in the first lines, or an encoding that does not exist.
        raise CompileError([Diagnostic(display_path, 1, 0, _not_utf8(data, error))]) from error
    if encoding not in ("utf-8", "utf-8-sig"):
        problem = f"the module says that it is {encoding}: a module is UTF-8"
        raise CompileError([Diagnostic(display_path, 1, 0, problem)])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _not_utf8(data: bytes, error: SyntaxError) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as first:
        return f"the module is not UTF-8: byte {first.start} is 0x{data[first.start]:02x}"
    return error.msg


def _too_large(tree: ast.Module, display_path: str) -> list[Diagnostic]:
    """Constants that no int holds, or that would take the type checker hours to compute."""
    nodes = nodes_of(tree)
    negated = {
        node.operand
        for node in nodes
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    }
    found: list[tuple[ast.expr, str]] = []
    for node in nodes:
        if isinstance(node, ast.BinOp) and (problem := _growth(node)):
            found.append((node, problem))
        elif isinstance(node, ast.Constant) and _int_of(node) >= _INT_LIMIT + (node in negated):
            found.append((node, _BEYOND))
    return [Diagnostic(display_path, n.lineno, n.col_offset + 1, text) for n, text in found]


def _int_of(node: ast.Constant) -> int:
    """The value of a literal that is an int; 0 for others."""
    return node.value if isinstance(node.value, int) else 0


def _growth(node: ast.BinOp) -> str:
    """What is wrong with an operation on constants whose result is huge; "" when nothing is."""
    left, right = _constant(node.left), _constant(node.right)
    match node.op:
        case ast.Pow() | ast.LShift() if left is not None and right is not None:
            is_small = isinstance(node.op, ast.Pow) and -1 <= left <= 1
            if right >= _INT_LIMIT.bit_length() and not is_small:
                return _BEYOND
        case ast.Mult():
            sequence, count = (node.left, right) if left is None else (node.right, left)
            is_display = isinstance(sequence, ast.Tuple) or (
                isinstance(sequence, ast.Constant) and isinstance(sequence.value, str | bytes)
            )
            if is_display and count is not None and count > _MOST_REPEATED:
                return f"a constant repeated more than {_MOST_REPEATED} times: make it at run time"
    return ""


def _constant(node: ast.expr, depth: int = 8) -> int | None:
    """The value of a small expression of int literals; None when it is none, or large."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, int) else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _constant(node.operand, depth - 1)
        return None if value is None else -value
    if not isinstance(node, ast.BinOp) or depth == 0:
        return None
    left, right = _constant(node.left, depth - 1), _constant(node.right, depth - 1)
    if left is None or right is None:
        return None
    match node.op:
        case ast.Add():
            value = left + right
        case ast.Sub():
            value = left - right
        case ast.Mult():
            value = left * right
        case ast.Pow() if 0 <= right < _INT_LIMIT.bit_length():
            value = left**right
        case ast.LShift() if 0 <= right < _INT_LIMIT.bit_length():
            value = left << right
        case _:
            return None
    return value if abs(value) <= _INT_LIMIT else None
