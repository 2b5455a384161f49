"""Values as bytes for compiled filters: what `import struct` means in profile aot.

Native sizes and alignment (`@`, or nothing) are those of 64-bit Linux and macOS, in every host.
Ints beyond 63 bits raise OverflowError.
"""

from collections.abc import Iterator
from typing import Any, Final

from . import _bytes, _struct

_SIZES: Final = "x1c1b1B1?1s1p1h2H2e2i4I4l4L4f4q8Q8d8"
_NATIVE_SIZES: Final = "x1c1b1B1?1s1p1h2H2e2i4I4f4l8L8q8Q8n8N8P8d8"
_MOST_ITEMS: Final = 1 << 24


class error(Exception):  # noqa: N801 - CPython's name
    """A format that is none, or values that do not fit it."""


class Struct:
    """A format.

    Attributes:
        format: Its text.
        size: Bytes that it takes.
    """

    def __init__(self, format: str) -> None:  # noqa: A002
        self.format = format
        self._is_native = False
        self._is_big = False
        self._codes = ""
        self._offsets: list[int] = []
        self._counts: list[int] = []
        self.size = 0
        self._items = 0
        self._read()

    def _read(self) -> None:
        text = self.format
        order = text[:1]
        self._is_native = order not in ("=", "<", ">", "!")
        self._is_big = order in (">", "!")
        at = 1 if order in ("@", "=", "<", ">", "!") else 0
        sizes = _NATIVE_SIZES if self._is_native else _SIZES
        while at < len(text):
            code = text[at]
            at += 1
            if code in " \t\n\r\v\f":
                continue
            count = 1
            if "0" <= code <= "9":
                digits = code
                while at < len(text) and "0" <= text[at] <= "9":
                    digits += text[at]
                    at += 1
                count = _bytes.decimal(digits)
                if at == len(text):
                    raise error("repeat count given without format specifier")
                if not 0 <= count <= _MOST_ITEMS:
                    raise error("total struct size too long")
                code = text[at]
                at += 1
            place = sizes.find(code)
            if place < 0 or place % 2:
                raise error("bad char in struct format")
            size = ord(sizes[place + 1]) - ord("0")
            if self._is_native:
                self.size += -self.size % size
            self._add(code, count, size)

    def _add(self, code: str, count: int, size: int) -> None:
        if code in "sp":
            self._codes += code
            self._offsets.append(self.size)
            self._counts.append(count)
            self._items += 1
        elif code != "x":
            for index in range(count):
                self._codes += code
                self._offsets.append(self.size + index * size)
                self._counts.append(size)
            self._items += count
        self.size += count * size

    def pack(self, *values: object) -> bytes:
        """The bytes of values.

        Raises:
            error: there are more or fewer than the format has, or one does not fit.
        """
        if len(values) != self._items:
            expected = f"pack expected {self._items} items for packing (got {len(values)})"
            raise error(expected)
        parts: list[bytes] = []
        size = 0
        for index, value in enumerate(values):
            offset = self._offsets[index]
            if offset > size:
                parts.append(b"\0" * (offset - size))
            parts.append(self._packed(self._codes[index], self._counts[index], value))
            size = offset + self._counts[index]
        parts.append(b"\0" * (self.size - size))
        return b"".join(parts)

    def unpack(self, buffer: bytes | bytearray | memoryview, /) -> tuple[Any, ...]:
        """The values of bytes.

        Raises:
            error: there are more or fewer than the format takes.
        """
        data = _bytes.of(buffer)
        if len(data) != self.size:
            raise error(f"unpack requires a buffer of {self.size} bytes")
        return self._unpacked(data, 0)

    def unpack_from(
        self, buffer: bytes | bytearray | memoryview, offset: int = 0
    ) -> tuple[Any, ...]:
        """The values of bytes from `offset` on.

        Raises:
            error: there are fewer than the format takes.
        """
        data = _bytes.of(buffer)
        start = offset
        if start < 0:
            if start + self.size > 0:
                raise error(f"not enough data to unpack {self.size} bytes")
            start += len(data)
            if start < 0:
                raise error(f"offset {offset} out of range for {len(data)}-byte buffer")
        if len(data) - start < self.size:
            raise error(
                f"unpack_from requires a buffer of at least {start + self.size} bytes for "
                f"unpacking {self.size} bytes at offset {start} "
                f"(actual buffer size is {len(data)})"
            )
        return self._unpacked(data, start)

    def iter_unpack(self, buffer: bytes | bytearray | memoryview, /) -> Iterator[tuple[Any, ...]]:
        """The values of bytes that the format fits several times.

        Raises:
            error: it does not.
        """
        data = _bytes.of(buffer)
        if self.size == 0:
            raise error("cannot iteratively unpack with a struct of length 0")
        if len(data) % self.size:
            raise error(f"iterative unpacking requires a buffer of a multiple of {self.size} bytes")
        return iter([self._unpacked(data, at) for at in range(0, len(data), self.size)])

    def _unpacked(self, data: bytes, start: int) -> tuple[Any, ...]:
        values: list[Any] = []
        for index in range(self._items):
            code = self._codes[index]
            count = self._counts[index]
            at = start + self._offsets[index]
            if code in "bBhHiIlLqQnNP":
                is_signed = code in "bhilqn"
                values.append(_struct.bytes_int(data, at, count, is_signed, self._is_big))
            elif code in "efd":
                part = data[at : at + count]
                values.append(_struct.bytes_float(_reversed(part) if self._is_big else part))
            elif code == "?":
                values.append(data[at] != 0)
            elif code == "p":
                size = min(data[at], count - 1) if count else 0
                values.append(data[at + 1 : at + 1 + size])
            else:
                values.append(data[at : at + count])
        return tuple(values)

    def _packed(self, code: str, size: int, value: object) -> bytes:
        if code == "?":
            return b"\1" if value else b"\0"
        if code == "c":
            if not isinstance(value, bytes) or len(value) != 1:
                raise error("char format requires a bytes object of length 1")
            return value
        if code in "sp":
            return _text(code, size, value)
        if code in "efd":
            if not isinstance(value, (float, int)):
                raise error("required argument is not a float")
            packed = _struct.float_bytes(float(value), size)
            if not packed and code == "f" and self._is_native:
                # As C converts it.
                packed = _struct.float_bytes(float("inf") if value > 0 else float("-inf"), size)
            if not packed and isinstance(value, int):
                raise error("int too large to convert")
            if not packed:
                raise OverflowError(f"float too large to pack with {code} format")
            return _reversed(packed) if self._is_big else packed
        if not isinstance(value, int):
            raise error("required argument is not an integer")
        number = int(value)
        is_signed = code in "bhilqn"
        if size < 8:
            most = (1 << (8 * size - is_signed)) - 1
            least = -most - 1 if is_signed else 0
            if not least <= number <= most:
                raise error(self._range_problem(code, number, least, most))
        elif number < 0 and not is_signed and code != "P":
            raise error(self._range_problem(code, number, 0, 0))
        return _struct.int_bytes(number, size, self._is_big)

    def _range_problem(self, code: str, number: int, least: int, most: int) -> str:
        place = ("bB" if self._is_big else "bBhH").find(code)
        if place >= 0:
            name = ("byte", "ubyte", "short", "ushort")[place]
            return f"{name} format requires {least} <= number <= {most}"
        if number < 0 and least == 0:
            is_long = code in "qQ" and self._is_big
            return "int too large to convert" if is_long else "argument out of range"
        return f"'{code}' format requires {least} <= number <= {most}"


def _reversed(data: bytes) -> bytes:
    return data[::-1]


def _text(code: str, size: int, value: object) -> bytes:
    if not isinstance(value, (bytes, bytearray)):
        raise error(f"argument for '{code}' must be a bytes object")
    data = _bytes.of(value)
    if code == "s":
        return data[:size] + b"\0" * (size - min(size, len(data)))
    if size == 0:
        return b""
    kept = data[: size - 1]
    return bytes([min(len(kept), 255)]) + kept + b"\0" * (size - 1 - len(kept))


def calcsize(format: str, /) -> int:  # noqa: A002
    """Bytes that a format takes."""
    return Struct(format).size


def pack(format: str, /, *values: object) -> bytes:  # noqa: A002
    """The bytes of values."""
    return Struct(format).pack(*values)


def unpack(format: str, buffer: bytes | bytearray | memoryview, /) -> tuple[Any, ...]:  # noqa: A002
    """The values of bytes."""
    return Struct(format).unpack(buffer)


def unpack_from(
    format: str,  # noqa: A002
    /,
    buffer: bytes | bytearray | memoryview,
    offset: int = 0,
) -> tuple[Any, ...]:
    """The values of bytes from `offset` on."""
    return Struct(format).unpack_from(buffer, offset)


def iter_unpack(
    format: str,  # noqa: A002
    buffer: bytes | bytearray | memoryview,
    /,
) -> Iterator[tuple[Any, ...]]:
    """The values of bytes that a format fits several times."""
    return Struct(format).iter_unpack(buffer)
