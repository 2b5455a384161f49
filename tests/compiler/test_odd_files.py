"""Files that no author would write: the compiler gives a module, or a complaint with a place."""

import pytest

from tests.fuzz.compiler import problem

PLUGIN = """from pal import PluginContext
{body}
class Plugin(PluginContext):
    def on_configure(self) -> bool:
        return True
"""


def _plugin(body: str) -> str:
    return PLUGIN.format(body=body)


def _function(body: str) -> str:
    return _plugin(f"def f(x: int) -> int:\n{body}\n    return x")


def _nested(head: str, depth: int) -> str:
    lines = [" " * (4 + level) + head.format(level) for level in range(depth)]
    return "\n".join([*lines, " " * (4 + depth) + "x += 1"])


FILES = {
    "empty": b"",
    "only a byte order mark": b"\xef\xbb\xbf",
    "byte order mark": b"\xef\xbb\xbf" + _plugin("X = 1").encode(),
    "lines end as on Windows": _plugin('X = """a\nb"""').replace("\n", "\r\n").encode(),
    "lines end with a carriage return": _plugin("X = 1").replace("\n", "\r").encode(),
    "lines end in every way": _plugin("X = 1\r\nY = 2\rZ = 3").encode(),
    "tabs": _function("\tif x:\n\t\treturn 1\n").replace("    return", "\treturn").encode(),
    "tabs and spaces": _function("\tif x:\n        return 1").encode(),
    "NUL": _plugin("X = 1\0").encode(),
    "form feed": _plugin("\x0cX = 1").encode(),
    "end of file of DOS": _plugin("X = 1").encode() + b"\x1a",
    "no last newline": _plugin("X = 1").rstrip("\n").encode(),
    "a backslash at a line's end": _plugin("X = 1 \\\n").encode(),
    "UTF-16": _plugin("X = 1").encode("utf-16"),
    "Latin-1 with its cookie": b"# coding: latin-1\n" + _plugin("X = '\xe9'").encode("latin-1"),
    "ASCII with its cookie": b"# coding: ascii\n" + _plugin("X = 1").encode(),
    "UTF-8 with its cookie": b"# coding: utf-8\n" + _plugin("X = '\xe9'").encode(),
    "a name in two normal forms": _plugin("def f(\ufb01: int) -> int:\n    return fi").encode(),
    "10,000 lines": _plugin(
        "\n".join(
            f"def f{i}(x: int) -> int:\n    if x > {i}:\n        return x\n    return {i}"
            for i in range(2500)
        )
    ).encode(),
    "deep if": _function(_nested("if x > {}:", 90)).encode(),
    "deeper if than Python has": _function(_nested("if x > {}:", 200)).encode(),
    "deep for": _function(_nested("for i{0} in range(x):", 19)).encode(),
    "deeper for than Python has": _function(_nested("for i{0} in range(x):", 25)).encode(),
    "deep calls": _function("    return " + "f(" * 90 + "x" + ")" * 90).encode(),
    "deep lists": _plugin("X: object = " + "[" * 60 + "]" * 60).encode(),
    "long sum": _function("    return " + " + ".join(["x"] * 3000)).encode(),
    "long chain of attributes": _plugin(
        "class A:\n    def __init__(self) -> None:\n        self.a = self\n"
        "def f(x: A) -> A:\n    return x" + ".a" * 2000
    ).encode(),
    "long elif": _function(
        "    if x < 0:\n        return 0"
        + "".join(f"\n    elif x == {i}:\n        return {i}" for i in range(2000))
    ).encode(),
    "long match": _function(
        "    match x:" + "".join(f"\n        case {i}:\n            return {i}" for i in range(500))
    ).encode(),
    "huge int": _plugin("X = " + "9" * 4000).encode(),
    "huge float": _plugin("X = 1e400\nY = 1" + "0" * 400 + ".5").encode(),
    "huge text": _plugin("X = '" + "a" * 5_000_000 + "'").encode(),
    "1,200 arguments": _plugin(
        f"def f({', '.join(f'a{i}: int' for i in range(1200))}) -> int:\n    return a0\n"
        f"def g() -> int:\n    return f({', '.join(['1'] * 1200)})"
    ).encode(),
    "2,000 attributes": _plugin(
        "class A:\n    def __init__(self) -> None:"
        + "".join(f"\n        self.f{i} = {i}" for i in range(2000))
    ).encode(),
    "a long name": _plugin("def " + "f" * 20_000 + "() -> None: pass").encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_gives_a_module_or_a_complaint_with_a_place(name: str) -> None:
    assert problem(FILES[name]) is None
