"""Constant objects, laid out statically: nothing is built at start."""

import struct

from mixer2.compiler import layout
from mixer2.compiler.emit.places import Places
from mixer2.compiler.link.symbols import Data, DataRef, RefKind, SymbolTable

_INT_LIMIT = 1 << 62


class Literals:
    """Data symbols of constants, one per distinct constant.

    Args:
        symbols: Where the symbols go.
        places: Gives the file that a traceback shows.
    """

    def __init__(self, symbols: SymbolTable, places: Places) -> None:
        self._symbols = symbols
        self._places = places
        self._names: dict[tuple[object, ...], str] = {}

    def is_supported(self, value: object) -> bool:
        """Whether a constant of the IR can be laid out."""
        if isinstance(value, tuple | frozenset):
            return all(self.is_supported(item) for item in value)
        if isinstance(value, int):
            return -_INT_LIMIT <= value < _INT_LIMIT
        return value is None or isinstance(value, str | bytes | float)

    def literal(self, value: object) -> str:
        """Symbol of a constant object."""
        if value is None:
            return "_Py_NoneStruct"
        if isinstance(value, bool):
            return "_Py_TrueStruct" if value else "_Py_FalseStruct"
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, bytes):
            return self._make("bytes", value, _blob("PyBytes_Type", value, 0))
        if isinstance(value, int):
            return self._make("int", value, _boxed("PyLong_Type", struct.pack("<q", value)))
        if isinstance(value, float):
            packed = struct.pack("<d", value)
            return self._make("float", packed, _boxed("PyFloat_Type", packed))
        if isinstance(value, tuple):
            return self._tuple(value)
        raise AssertionError(f"literal {value!r}: ask is_supported first")

    def _string(self, value: str) -> str:
        encoded = value.encode("utf-8", "surrogatepass")
        return self._make("str", value, _blob("PyUnicode_Type", encoded, len(value)))

    def _tuple(self, value: tuple[object, ...]) -> str:
        items = [self.literal(item) for item in value]
        head = struct.pack("<IIq", layout.IMMORTAL, 0, len(items))
        refs = [DataRef(layout.TYPE, RefKind.DATA_ADDRESS, "PyTuple_Type")]
        for index, item in enumerate(items):
            offset = layout.TUPLE_ITEMS + index * layout.SLOT_STRIDE
            refs.append(DataRef(offset, RefKind.DATA_ADDRESS, item))
        content = head + bytes(layout.SLOT_STRIDE * len(items))
        return self._make("tuple", tuple(items), Data("", content, 8, refs=refs))

    def frozen_set(self, value: frozenset[object]) -> str:
        """Symbol of the static form of a frozenset: where the set goes once made, and its items."""
        items = self._tuple(tuple(sorted(value, key=repr)))
        refs = [DataRef(4, RefKind.DATA_ADDRESS, items)]
        return self._make("frozenset", items, Data("", bytes(8), 4, refs=refs))

    def c_string(self, value: bytes) -> str:
        """Symbol of a NUL-terminated string."""
        return self._make("c", value, Data("", value + b"\0", 1))

    def scope(self, module: str, function: str) -> str:
        """Symbol of a function that an exception may pass (Scope in object.h)."""
        file = self._places.file(module)
        refs = [
            DataRef(0, RefKind.DATA_ADDRESS, self.c_string(file.encode())),
            DataRef(4, RefKind.DATA_ADDRESS, self.c_string(function.encode())),
        ]
        return self._make("scope", (file, function), Data("", bytes(8), 4, refs=refs))

    def type_list(self, types: list[str]) -> str:
        """Symbol of an array of type objects that ends with NULL."""
        refs = [DataRef(4 * i, RefKind.DATA_ADDRESS, t) for i, t in enumerate(types)]
        return self._make("types", tuple(types), Data("", bytes(4 * len(types) + 4), 4, refs=refs))

    def offsets(self, found: list[int]) -> str:
        """Symbol of an array of 16-bit offsets that ends with 0."""
        content = struct.pack(f"<{len(found) + 1}H", *found, 0)
        return self._make("offsets", tuple(found), Data("", content, 2))

    def _make(self, kind: str, key: object, data: Data) -> str:
        name = self._names.get((kind, key))
        if name is None:
            name = f"{kind}:{len(self._names)}"
            self._names[kind, key] = name
            data.name = name
            self._symbols.add(data)
        return name


def text_content(text: str) -> bytes:
    """What a Str consists of, without its type."""
    return _blob_content(text.encode("utf-8", "surrogatepass"), len(text))


def _blob_content(content: bytes, length: int) -> bytes:
    head = struct.pack("<IIqII", layout.IMMORTAL, 0, len(content), 0, length)
    return head + content + b"\0"


def _blob(type_: str, content: bytes, length: int) -> Data:
    """A Str or Bytes."""
    refs = [DataRef(layout.TYPE, RefKind.DATA_ADDRESS, type_)]
    return Data("", _blob_content(content, length), 8, refs=refs)


def _boxed(type_: str, value: bytes) -> Data:
    """An Int or Float."""
    refs = [DataRef(layout.TYPE, RefKind.DATA_ADDRESS, type_)]
    return Data("", struct.pack("<II", layout.IMMORTAL, 0) + value, 8, refs=refs)
