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

# Names that the front end uses itself.
_RESERVED = frozenset({"mixer2_entry", "pal", "adapters", "pystd"})

# What an int can hold: 63 bits with sign.
_INT_LIMIT = 1 << 62


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


def parse_file(path: Path, display_path: str) -> tuple[str, ast.Module]:
    """Read and parse a file.

    Args:
        path: The file.
        display_path: What diagnostics call it.

    Raises:
        CompileError: it cannot be read, is not UTF-8 or not Python, or has an int literal that no
            int can hold.
    """
    text = _read(path, display_path)
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text, filename=display_path)
            # Not all that CPython calls a syntax error is known when the tree is made.
            compile(tree, display_path, "exec", dont_inherit=True)
    except SyntaxError as error:
        place = Diagnostic(display_path, error.lineno or 1, error.offset or 0, error.msg)
        raise CompileError([place]) from error
    except (RecursionError, MemoryError) as error:
        raise CompileError([bug(display_path, 1, error)]) from error
    except ValueError as error:
        raise CompileError([Diagnostic(display_path, 1, 0, str(error))]) from error
    if too_large := _too_large_ints(tree, display_path):
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


def _too_large_ints(tree: ast.Module, display_path: str) -> list[Diagnostic]:
    smallest = {
        node.operand
        for node in ast.walk(tree)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    }
    problem = "this number needs more than 63 bits, an int here has 63 (docs/dialect.md)"
    return [
        Diagnostic(display_path, node.lineno, node.col_offset + 1, problem)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int)
        and node.value >= _INT_LIMIT + (node in smallest)
    ]
