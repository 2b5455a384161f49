"""Sources for fuzzing the compiler itself: what an author's keyboard and a bad merge can do."""

import io
import random
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[2]

PLUGIN = """

class FuzzedPlugin(PluginContext):
    pass
"""

# Text that is put where it does not belong.
FRAGMENTS = (
    *("int", "str", "None", "list[int]", "dict[str, object]", "bytes", "float", "Any", "self"),
    *("lambda: 0", "await", "yield", "yield from", "async", "*", "**", "...", "@", ":=", "->"),
    *("global x", "nonlocal x", "del x", "return", "break", "continue", "raise", "import os"),
    *("from . import x", "class", "def", "match", "case", "_", "with", "assert", "not", "in"),
    *("9" * 30, "0x" + "f" * 40, "1e999", "1j", "'\\ud800'", "b'\\xff'", "f'{x!r:>{y}}'", '"'),
    *("(", ")", "[", "]", "{", "}", ":", ",", ";", "=", "\\", "\t", "\n", "    ", "#", "\x0c"),
    *("print", "len", "super()", "type", "object", "__init__", "__class__", "isinstance", "eval"),
    *("[x for x in x]", "{**x}", "(yield)", "*a, b", "a if b else c", "x[1:2, ::3]", "# type: int"),
)

STATEMENTS = (
    "int = str",
    "str = 5",
    "list = dict",
    "def len(x: object) -> str: return ''",
    "class int: pass",
    "class Exception: pass",
    "from pal import *",
    "import {name}",
    "from {name} import *",
    "from {name} import FuzzedPlugin as Other",
    "import pal.hostcalls as json",
    "x: 'undefined' = 1",
    "type X = int",
    "def f[T](x: T) -> T: return x",
    "async def f() -> None: await f()",
    "class A(A): pass",
    "class A(int): pass",
    "class A(dict[str, int]): pass",
    "class A(B): pass\nclass B(A): pass",
    "class A:\n    x: int\n    x: str",
    "class A:\n    def f(self): return self.g",
    "class M(type): pass\nclass A(metaclass=M): pass",
    "@property\ndef f() -> int: return 1",
    "try:\n    pass\nexcept* ValueError:\n    pass",
    "def f(a, /, b, *, c, **d): return a",
    "def f(x: int = f()) -> int: return x",
    "lambda x=(yield): x",
    "assert (1, 'always')",
    "x = [" * 60 + "]" * 60,
    "x = " + "not " * 900 + "1",
    "x = " + " + ".join(["1"] * 900),
    "x = '" + "y" * 100_000 + "'",
    "x = 1 << 100000",
    "x = 9 ** 9 ** 2",
    "x = 'a' * 100000000",
    "x = (0,) * 100000000",
    "x = 1 / 0",
    "x = 1 % 0 if 1 else 2",
    "x = 4611686018427387904 - 1",
    "__slots__ = 1; __all__ = 2; __name__ = 3; __file__ = 4",
    "if True:\n    def g() -> int: return 1\nelse:\n    def g() -> str: return ''",
    "def f() -> int:\n    return 1\n    unreachable(1)",
    "def f() -> int:\n"
    + "".join(f"{'    ' * (i + 1)}if f():\n" for i in range(90))
    + "    " * 91
    + "return 1\n    return 2",
    "while 1: pass",
    "for x in x: pass",
    "with x as x: pass",
    "match x:\n    case [*x, *y]: pass",
    "match 1:\n    case {'a': 1, **r}: print(r)",
    "print(*x, **x)",
    "del print",
    "raise",
    "raise 1",
    "x.y.z = 1",
    "x[0] += 1",
    "global x",
)


def seeds() -> list[str]:
    """Sources that compile: filters, and cases of the dialect with a plugin."""
    filters = [path.read_text() for path in sorted((ROOT / "filters").glob("*.py"))]
    cases = sorted((ROOT / "tests/compiler/dialect/cases").glob("*.py"))
    import_ = "from pal import PluginContext\n"
    return [
        *(text for text in filters if "PluginContext" in text),
        *(import_ + path.read_text() + PLUGIN for path in cases),
    ]


def mutated(rng: random.Random, sources: list[str], name: str) -> bytes:
    """A source that was changed in one to four places.

    Args:
        rng: Decides.
        sources: What to start from.
        name: The module's own name, for imports of itself.
    """
    text = rng.choice(sources)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        change = rng.choice((_tokens, _tokens, _tokens, _tokens, _lines, _lines, _insert_statement))
        text = change(rng, text)
    text = text.replace("{name}", name)
    data = text.encode(errors="surrogatepass")
    if rng.random() < 0.05:
        data = _bytes(rng, data)
    return data


def _tokens(rng: random.Random, text: str) -> str:
    """Delete, double, swap or replace tokens."""
    try:
        tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.string]
    except (tokenize.TokenError, SyntaxError):
        return _lines(rng, text)
    if len(tokens) < 2:
        return text
    a, b = sorted(rng.sample(tokens, 2), key=lambda t: t.start)
    match rng.randint(0, 4):
        case 0:
            return _replaced(text, a, "")
        case 1:
            return _replaced(text, a, f"{a.string} {a.string}")
        case 2:
            return _replaced(_replaced(text, b, a.string), a, b.string)
        case 3:
            return _replaced(text, a, b.string)
        case _:
            return _replaced(text, a, rng.choice(FRAGMENTS))


def _replaced(text: str, token: tokenize.TokenInfo, new: str) -> str:
    lines = text.splitlines(keepends=True)
    (first, start), (last, end) = token.start, token.end
    if last > len(lines):
        return text + new
    before, after = lines[first - 1][:start], lines[last - 1][end:]
    lines[first - 1 : last] = [before + new + after]
    return "".join(lines)


def _lines(rng: random.Random, text: str) -> str:
    """Delete, double, swap or indent lines."""
    lines = text.splitlines(keepends=True) or [""]
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randint(0, 3):
        case 0:
            del lines[a]
        case 1:
            lines.insert(b, lines[a])
        case 2:
            lines[a], lines[b] = lines[b], lines[a]
        case _:
            lines[a] = "    " + lines[a]
    return "".join(lines)


def _insert_statement(rng: random.Random, text: str) -> str:
    """Put a strange statement before some line, as deep as that line."""
    lines = text.splitlines(keepends=True) or [""]
    number = rng.randrange(len(lines))
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())].strip("\n")
    statement = rng.choice(STATEMENTS).replace("\n", "\n" + indent)
    lines.insert(number, f"{indent}{statement}\n")
    return "".join(lines)


def _bytes(rng: random.Random, data: bytes) -> bytes:
    """Bytes that are no text."""
    junk = rng.choice((b"\0", b"\xff", b"\xed\xa0\x80", b"\x80", b"\xef\xbb\xbf", b"\r", b"\x1a"))
    at = rng.randrange(len(data) + 1)
    return data[:at] + junk + data[at:]
