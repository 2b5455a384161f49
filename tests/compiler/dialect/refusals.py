"""What the dialect refuses: a source, where the complaint points, and what it says.

Each row is a module; `main` is added when it has none. `§` in a source marks the place that the
complaint names.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row.

    Attributes:
        name: As docs/dialect.md names it.
        source: The module, with a `§` before the place.
        says: Part of the message: the reason or the nearest way.
    """

    name: str
    source: str
    says: str


REFUSALS = [
    Refusal("del of a built-in name", "def main() -> None:\n    del §print\n", "built-in name"),
    Refusal("raise above other statements", "§raise ValueError\nX = 1\n", "put it in a function"),
    Refusal("async", "§async def f() -> None: ...\n", "write a callback"),
    Refusal(
        "return in finally",
        "def f() -> int:\n    try:\n        pass\n    finally:\n        §return 1\n",
        "leave after the try statement",
    ),
    Refusal(
        "break in finally",
        "def f() -> None:\n    while True:\n        try:\n            pass\n"
        "        finally:\n            §break\n",
        "leave after the try statement",
    ),
    Refusal(
        "yield in except",
        "from collections.abc import Iterator\ndef f() -> Iterator[int]:\n    try:\n        pass\n"
        "    except ValueError:\n        §yield 1\n",
        "yield it after the try statement",
    ),
    Refusal(
        "except*",
        "def f() -> None:\n    §try:\n        pass\n    except* ValueError:\n        pass\n",
        "write except",
    ),
    Refusal("exec", 'def f() -> None:\n    §exec("x")\n', "write a function"),
    Refusal("eval", 'def f() -> object:\n    return §eval("x")\n', "json.loads"),
    Refusal("globals", "def f() -> object:\n    return §globals()\n", "name them"),
    Refusal("open", 'def f() -> object:\n    return §open("x")\n', "configuration"),
    Refusal(
        "print keywords", 'def f() -> None:\n    print("x", end=§"")\n', "join the parts first"
    ),
    Refusal("complex numbers", "def f() -> object:\n    return §1j\n", "pair of floats"),
    Refusal("import *", "§from enum import *\n", "name what you need"),
    Refusal(
        "nested classes", "class A:\n    §class B:\n        pass\n", "write it at module level"
    ),
    Refusal(
        "local classes",
        "def f() -> None:\n    §class B:\n        pass\n",
        "write it at module level",
    ),
    Refusal(
        "decorated local functions",
        "from collections.abc import Callable\n"
        "def twice(f: Callable[[], int]) -> Callable[[], int]:\n    return f\n"
        "def g() -> int:\n    @twice\n    §def h() -> int:\n        return 1\n    return h()\n",
        "call the decorator",
    ),
    Refusal(
        "metaclasses",
        "class Meta(type):\n    pass\nclass A(metaclass=§Meta):\n    pass\n",
        "function that registers",
    ),
    Refusal(
        "__new__",
        'class A:\n    §def __new__(cls) -> "A":\n        return super().__new__(cls)\n',
        "class method",
    ),
    Refusal(
        "__del__", "class A:\n    §def __del__(self) -> None:\n        pass\n", "with statement"
    ),
    Refusal(
        "__getattr__",
        "class A:\n    §def __getattr__(self, name: str) -> int:\n        return 1\n",
        "method that takes the name",
    ),
    Refusal(
        "__setattr__",
        "class A:\n    §def __setattr__(self, name: str, value: object) -> None:\n        pass\n",
        "property with a setter",
    ),
    Refusal(
        "runtime_checkable",
        "from typing import Protocol, runtime_checkable\n@§runtime_checkable\n"
        "class A(Protocol):\n    def f(self) -> int: ...\n",
        "base class",
    ),
    Refusal(
        "Flag",
        "from enum import Flag\nclass A(§Flag):\n    R = 1\n    W = 2\n    RW = R | W\n",
        "Final",
    ),
    Refusal(
        "IntFlag",
        "from enum import IntFlag\nclass A(§IntFlag):\n    R = 1\n    W = 2\n    RW = R | W\n",
        "Final",
    ),
    Refusal(
        "enum with a second base",
        'from enum import Enum\nclass A(§str, Enum):\n    X = "x"\n',
        "derive from StrEnum or IntEnum alone",
    ),
    Refusal(
        "enum made by a call",
        'from enum import Enum\nA = §Enum("A", "X Y")\n',
        "write a class statement",
    ),
    Refusal(
        "enum of an enum",
        "from enum import Enum\nclass A(Enum):\n    pass\n§class B(A):\n    X = 1\n",
        "as functions",
    ),
    Refusal(
        "special names of enums",
        "from enum import Enum\nclass A(Enum):\n    X = 1\n    §_ignore_ = ()\n",
        "put it beside the class",
    ),
    Refusal("other names of enum", "§from enum import nonmember\n", "Enum, IntEnum, StrEnum"),
    Refusal(
        "values of enum members",
        "from enum import Enum\nclass A(Enum):\n    §X = [1]\n",
        "constant or auto()",
    ),
    Refusal(
        "auto behind a larger number",
        "from enum import Enum, auto\nclass A(Enum):\n    X = 5\n    Y = 1\n    §Z = auto()\n",
        "not the largest",
    ),
    Refusal(
        "decorated methods",
        "from collections.abc import Callable\n"
        "def twice(f: Callable[[object], int]) -> Callable[[object], int]:\n    return f\n"
        "class A:\n    @§twice\n    def f(self) -> int:\n        return 1\n",
        "decorate a function at module level",
    ),
    Refusal(
        "properties of super()",
        "class A:\n    @property\n    def n(self) -> int:\n        return 1\n"
        "class B(A):\n    @property\n    def n(self) -> int:\n        return §super().n + 1\n",
        "put what the property does into a method",
    ),
    Refusal(
        "attributes of CPython",
        "from enum import Enum\nclass A(Enum):\n    X = 1\n"
        "def f() -> list[str]:\n    return list(§A.__members__)\n",
        "iterate over the class",
    ),
    Refusal(
        "details of exceptions",
        "def f(data: bytes) -> str:\n    try:\n        return data.decode()\n"
        "    except UnicodeDecodeError as error:\n        return §error.reason\n",
        "a class of your own",
    ),
    Refusal(
        "dict of a mapping",
        "from collections import Counter\n"
        'def f() -> dict[str, int]:\n    return §dict(Counter("ab"))\n',
        ".items()",
    ),
    Refusal(
        "numbers with as",
        "def f(v: object) -> object:\n    match v:\n        case §1 as n:\n            return n\n"
        "    return None\n",
        "compare it in a guard",
    ),
    Refusal(
        "captures that others read",
        "def f(v: object) -> object:\n    x: object = None\n    match v:\n"
        "        case §[x, 5]:\n            return 1\n    return x\n",
        "capture another name",
    ),
    Refusal(
        "special methods of named tuples",
        "from typing import NamedTuple\nclass A(NamedTuple):\n    n: int\n"
        "    §def __len__(self) -> int:\n        return 7\n",
        "a method with a name of its own",
    ),
    Refusal(
        "misspelt callbacks",
        "from pal import Action, HttpContext\nclass A(HttpContext):\n"
        "    §def on_request_header(self, end_of_stream: bool) -> Action:\n"
        "        return Action.CONTINUE\n",
        "on_request_headers?",
    ),
    Refusal("functools", "§from functools import total_ordering\n", "profile cpython"),
    Refusal(
        "a second name for a method",
        "class A:\n    def __add__(self, n: int) -> int:\n        return n\n"
        "    §__radd__ = __add__\n",
        "write a method that calls it",
    ),
    Refusal(
        "__name__ of functions",
        "def f() -> str:\n    def g() -> None:\n        pass\n    return §g.__name__\n",
        "write the name as a str",
    ),
    Refusal(
        "replacing a method",
        "class A:\n    def f(self) -> int:\n        return 1\n"
        "def g(self: A) -> int:\n    return 2\n"
        "def h() -> None:\n    §A.f = g  # type: ignore[method-assign]\n",
        "keep a function in an attribute",
    ),
    Refusal(
        "min and max of int and float",
        'def f() -> None:\n    print(§min(float("inf"), 1))\n',
        "float(...)",
    ),
    Refusal(
        "class attributes of exceptions",
        "class A(Exception):\n    §status = 500\n",
        "ClassVar",
    ),
    Refusal(
        "setting a field of a frozen dataclass",
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass A:\n    n: int\n"
        "def f(a: A) -> None:\n    §a.n = 2\n",
        'Property "n" defined in "A" is read-only',
    ),
    Refusal(
        "setting a property without a setter",
        "class A:\n    @property\n    def n(self) -> int:\n        return 1\n"
        "def f(a: A) -> None:\n    §a.n = 2  # type: ignore\n",
        "write one",
    ),
    Refusal(
        "mutable defaults of dataclasses",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    n: list[int] = §[]\n",
        "default_factory",
    ),
    Refusal(
        "dataclass options",
        "from dataclasses import dataclass\n@dataclass(weakref_slot=§True, slots=True)\n"
        "class A:\n    n: int\n",
        "leave it out",
    ),
    Refusal("other names of dataclasses", "§from dataclasses import replace\n", "write a method"),
    Refusal(
        "type aliases as values",
        "Both = int | str\ndef f(x: object) -> bool:\n    return isinstance(x, §Both)\n",
        "name its classes",
    ),
    Refusal(
        "decorators of classes",
        "def mark(c: type) -> type:\n    return c\n@§mark\nclass A:\n    pass\n",
        "call a function",
    ),
    Refusal(
        "memoryview of a bytearray",
        "def f(a: bytearray) -> int:\n    m = §memoryview(a)\n    return len(m)\n",
        "write memoryview(bytes(...))",
    ),
    Refusal(
        "other names of memoryviews",
        'def f(m: memoryview) -> int:\n    return len(§m.cast("B"))\n',
        "use slices, tobytes() or tolist()",
    ),
    Refusal(
        "numbers of a bytearray",
        "def f(a: bytearray) -> int:\n    return §int(a)\n",
        "write int(bytes(...))",
    ),
    Refusal(
        "other methods",
        "def f(names: list[str]) -> int:\n    return §names.__len__()\n",
        "list.__len__ is not in the dialect",
    ),
    Refusal("other modules", "§import socket\n", "profile cpython"),
    Refusal("untyped functions", "§def f(x):\n    return x\n", "missing a type annotation"),
    Refusal(
        "multiple inheritance",
        "class A:\n    def f(self) -> int:\n        return 1\n"
        "class B:\n    def g(self) -> int:\n        return 1\n"
        "§class C(A, B):\n    pass\n",
        "Multiple inheritance",
    ),
    Refusal(
        "type() with three arguments",
        'def f() -> object:\n    return §type("A", (), {})\n',
        "class statement",
    ),
    Refusal("ints beyond 63 bits", "def f() -> int:\n    return §4611686018427387904\n", "63 bits"),
    Refusal(
        "f-strings of Python 3.12",
        'def f(d: dict[str, int]) -> str:\n    return f"{d["§k"]}"\n',
        "f-string",
    ),
    Refusal(
        "backreferences and lookaround in constant patterns",
        "import re\ndef f(text: str) -> bool:\n"
        '    return bool(re.match(§r"(a)\\1", text)) or bool(re.match("a(?=b)", text))\n',
        "linear time",
    ),
    Refusal(
        "constant patterns that are none",
        'import re\nPATTERN = re.compile(\n    §"a(b",\n    re.IGNORECASE,\n)\n',
        "missing ), unterminated subpattern at position 1",
    ),
    Refusal(
        "names that a library module lacks",
        "import hashlib\ndef f(data: bytes) -> str:\n    return §hashlib.md5(data).hexdigest()\n",
        "use sha256",
    ),
]
