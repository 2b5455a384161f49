"""The end of the stack, put where CPython can see it.

CPython raises RecursionError before its C stack ends, and knows by an address how near that is. In
Wasm only variables whose address is taken lie on that stack, in the component's memory; calls lie
on a stack of the machine's, which ends first and takes the VM with it. So every function that looks
at the stack is made to take as much of the one as its recursion takes of the other. Functions in
which CPython recurses without looking are made to look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from mixer2.component.prune import UnknownFunctionError, function_names
from mixer2.component.wasm_format import (
    CODE,
    FUNCTION,
    FUNCTIONS,
    TYPES,
    Reader,
    function_types,
    leb,
    module,
    read_imports,
    sections,
    signed_leb,
)

# `c_stack_soft_limit` of CPython 3.14's thread state, and the two ways in which it is loaded.
_LIMIT_OFFSET: Final = 712
_LOADS: Final = (
    b"\x41" + signed_leb(_LIMIT_OFFSET) + b"\x6a\x28\x02\x00",
    b"\x28\x02" + leb(_LIMIT_OFFSET),
)

_ENTER: Final = "Py_EnterRecursiveCall"
_LOOKING: Final = (_ENTER, "_Py_EnterRecursiveCall", "_Py_ReachedRecursionLimitWithMargin")
"""Functions that look at the stack for their caller."""

# The first global of a module of componentize-py's is the stack pointer.
_STACK_POINTER: Final = leb(0)
_I32: Final = 0x7F
_NO_LOCALS: Final = b"\0"
_IF, _RETURN, _END = b"\x04\x40", b"\x0f", b"\x0b"
_CALL, _LOCAL_GET, _GLOBAL_GET, _GLOBAL_SET = b"\x10", b"\x20", b"\x23", b"\x24"
_I32_CONST, _I32_ADD, _I32_SUB = b"\x41", b"\x6a", b"\x6b"

# Where CPython expects a text that says what was being done; memory begins with a NUL.
_NO_TEXT: Final = _I32_CONST + b"\0"


@dataclass(frozen=True, slots=True)
class Recursion:
    """Functions in which CPython recurses.

    Attributes:
        sizes: Bytes of the stack that a call takes, by pattern of the function's name; the first
            pattern that fits counts.
        unchecked: Those that do not look at the stack, with what they answer when they fail.
    """

    sizes: dict[str, int]
    unchecked: dict[str, int]

    def size(self, function: str) -> int:
        """Bytes of the stack that a call of a function takes."""
        return next(size for name, size in self.sizes.items() if fnmatchcase(function, name))


def read_recursion(text: str) -> Recursion:
    """Read a list: headings `[stack]` and `[unchecked]`, lines `function number`."""
    found: dict[str, dict[str, int]] = {"stack": {}, "unchecked": {}}
    heading = ""
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if line.startswith("["):
            heading = line.strip("[]")
        elif line:
            function, number = line.split()
            found[heading][function] = int(number)
    return Recursion(found["stack"], found["unchecked"])


def is_interpreter(wasm: bytes) -> bool:
    """Whether a core module is CPython."""
    return _ENTER in function_names(wasm).values()


def guard(wasm: bytes, recursion: Recursion) -> bytes:
    """Let CPython's functions take their part of the stack.

    A guarded function keeps its number; what it was is called from there, under a number behind all
    others.

    Args:
        wasm: CPython, with a name section.
        recursion: What its functions take.

    Raises:
        UnknownFunctionError: a function is not there, or the stack is looked at in another way.
    """
    names = function_names(wasm)
    imported = sum(one.kind == FUNCTION for one in read_imports(wasm))
    content = dict(sections(wasm))
    types = function_types(content[TYPES])
    reader = Reader(content[FUNCTIONS], "function section")
    declared = [reader.number() for _ in range(reader.number())]
    bodies = list(_bodies(content[CODE]))
    numbers = {name: number for number, name in names.items() if number >= imported}
    exact = {pattern for pattern in recursion.sizes if "*" not in pattern}
    named = {*exact, *recursion.unchecked, *_LOOKING}
    if named - set(numbers):
        raise UnknownFunctionError(f"CPython has no {', '.join(sorted(named - set(numbers)))}")
    looks = (*_LOADS, *(_call_as_linked(numbers[name]) for name in _LOOKING))
    if not _contains(bodies[numbers[_LOOKING[-1]] - imported], _LOADS):
        raise UnknownFunctionError(f"{_LOOKING[-1]} does not load the end of the stack")
    for index, body in enumerate(bodies[:]):
        name = names.get(index + imported, "")
        is_checked = name not in recursion.unchecked
        if name in _LOOKING or (is_checked and not _contains(body, looks)):
            continue
        parameters, results = types[declared[index]]
        check = b""
        size = recursion.size(name)
        if not is_checked:
            if results != bytes([_I32]):
                raise UnknownFunctionError(f"{name} does not answer a number")
            failure = _I32_CONST + signed_leb(recursion.unchecked[name])
            check = _NO_TEXT + _CALL + leb(numbers[_ENTER]) + _IF
            check += _move_stack(_I32_ADD, size) + failure + _RETURN + _END
        arguments = b"".join(_LOCAL_GET + leb(at) for at in range(len(parameters)))
        call = arguments + _CALL + leb(imported + len(bodies))
        bodies[index] = (
            _NO_LOCALS
            + _move_stack(_I32_SUB, size)
            + check
            + call
            + _move_stack(_I32_ADD, size)
            + _END
        )
        bodies.append(body)
        declared.append(declared[index])
    guarded = {
        FUNCTIONS: leb(len(declared)) + b"".join(map(leb, declared)),
        CODE: leb(len(bodies)) + b"".join(leb(len(body)) + body for body in bodies),
    }
    return module([(kind, guarded.get(kind, old)) for kind, old in sections(wasm)])


def _move_stack(operation: bytes, size: int) -> bytes:
    change = _I32_CONST + signed_leb(size) + operation
    return _GLOBAL_GET + _STACK_POINTER + change + _GLOBAL_SET + _STACK_POINTER


def _call_as_linked(function: int) -> bytes:
    """A call as linkers write it: the number takes five bytes, for it to be changed in place."""
    return _CALL + bytes(function >> shift & 0x7F | 0x80 for shift in (0, 7, 14, 21)) + b"\0"


def _contains(body: bytes, patterns: tuple[bytes, ...]) -> bool:
    return any(pattern in body for pattern in patterns)


def _bodies(code: bytes) -> Iterator[bytes]:
    reader = Reader(code, "code section")
    for _ in range(reader.number()):
        yield reader.take(reader.number())
