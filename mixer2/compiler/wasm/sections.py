"""Sections of a module.

Source: WebAssembly 2.0, section 5.5, "Modules"; names: appendix 7.4.1.
"""

from collections.abc import Iterable

from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import I32, FunctionType, name, vector

_CUSTOM = 0
_TYPE, _IMPORT, _FUNCTION, _TABLE, _MEMORY, _GLOBAL, _EXPORT = range(1, 8)
_ELEMENT, _CODE, _DATA = 9, 10, 11

_KIND_FUNCTION, _KIND_MEMORY = b"\x00", b"\x02"
_FUNCTION_NAMES = b"\x01"
_FUNCTION_REFERENCES, _NO_MAXIMUM, _WITH_MAXIMUM, _MUTABLE = b"\x70", b"\x00", b"\x01", b"\x01"
_NOTHING = vector([])


def _section(kind: int, body: bytes) -> bytes:
    """A section; none when it is empty."""
    return b"" if body == _NOTHING else bytes([kind]) + leb128.unsigned(len(body)) + body


def types(types_: Iterable[FunctionType]) -> bytes:
    """The types of functions, by their numbers."""
    return _section(_TYPE, vector(type_.encode() for type_ in types_))


def imports(functions: Iterable[tuple[str, str, int]]) -> bytes:
    """The functions of the host: module, name, number of the type."""
    return _section(
        _IMPORT,
        vector(
            name(module) + name(field) + _KIND_FUNCTION + leb128.unsigned(type_)
            for module, field, type_ in functions
        ),
    )


def functions(types_: Iterable[int]) -> bytes:
    """The functions, by the numbers of their types."""
    return _section(_FUNCTION, vector(map(leb128.unsigned, types_)))


def table(slots: int) -> bytes:
    """The one table."""
    size = leb128.unsigned(slots)
    return _section(_TABLE, vector([_FUNCTION_REFERENCES + _WITH_MAXIMUM + size + size]))


def memory(pages: int) -> bytes:
    """The one memory, by what it has at the start."""
    return _section(_MEMORY, vector([_NO_MAXIMUM + leb128.unsigned(pages)]))


def stack_pointer(value: int) -> bytes:
    """The one global, and its value at the start."""
    start = opcodes.I32_CONST + leb128.signed(value) + opcodes.END
    return _section(_GLOBAL, vector([bytes([I32]) + _MUTABLE + start]))


def exports(functions_: Iterable[tuple[str, int]]) -> bytes:
    """The memory, as `memory`, and functions by name and number."""
    exported = [name(text) + _KIND_FUNCTION + leb128.unsigned(n) for text, n in functions_]
    return _section(_EXPORT, vector([name("memory") + _KIND_MEMORY + b"\x00", *exported]))


def elements(functions_: Iterable[int]) -> bytes:
    """What is in the table, from slot 1 on: numbers of functions."""
    numbers = vector(map(leb128.unsigned, functions_))
    first = opcodes.I32_CONST + leb128.signed(1) + opcodes.END
    return b"" if numbers == _NOTHING else _section(_ELEMENT, vector([b"\x00" + first + numbers]))


def code(bodies: Iterable[bytes]) -> bytes:
    """The bodies of the functions."""
    return _section(_CODE, vector(leb128.unsigned(len(body)) + body for body in bodies))


def data(segments: Iterable[bytes]) -> bytes:
    """What memory holds at the start."""
    return _section(_DATA, vector(segments))


def names(functions_: Iterable[tuple[int, str]]) -> bytes:
    """Names of functions for backtraces, by number."""
    found = vector(leb128.unsigned(number) + name(text) for number, text in functions_)
    body = _FUNCTION_NAMES + leb128.unsigned(len(found)) + found
    return _section(_CUSTOM, name("name") + body)
