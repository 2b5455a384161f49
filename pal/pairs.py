"""The ABI's wire format of header maps: a list of names and values.

    u32 count, count x (u32 name size, u32 value size), count x (name NUL value NUL)

Numbers are little endian. Reading never fails: malformed input reads as if the list ended where
the damage begins. Text is UTF-8 with `surrogateescape`, so any bytes survive a round trip.

In profile aot these are functions of the run-time (build/runtime/pairs.c).

Source: Proxy-Wasm ABI 0.2.1, "Serialized header map"; proxy-wasm-cpp-host `src/pairs_util.cc`.
"""

from typing import Final

_NUMBER_BYTES: Final = 4
_SIZES_BYTES: Final = 8


def count(pairs: bytes) -> int:
    """Whole pairs in `pairs`."""
    declared = _declared(pairs)
    name = _NUMBER_BYTES + declared * _SIZES_BYTES
    for index in range(declared):
        end = _value_end(pairs, index, name)
        if end < 0:
            return index
        name = end + 1
    return declared


def first(pairs: bytes, name: str) -> str | None:
    """First value of the header that is called exactly `name`; None when there is none."""
    wanted = name.encode("utf-8", "surrogateescape")
    declared = _declared(pairs)
    start = _NUMBER_BYTES + declared * _SIZES_BYTES
    for index in range(declared):
        end = _value_end(pairs, index, start)
        if end < 0:
            return None
        value = _value_start(pairs, index, start)
        if pairs[start : value - 1] == wanted:
            return pairs[value:end].decode("utf-8", "surrogateescape")
        start = end + 1
    return None


def values(pairs: bytes, name: str) -> list[str]:
    """All values of the header that is called exactly `name`, in their order."""
    return [value for found, value in items(pairs) if found == name]


def items(pairs: bytes) -> list[tuple[str, str]]:
    """All names and values, in their order."""
    found: list[tuple[str, str]] = []
    declared = _declared(pairs)
    start = _NUMBER_BYTES + declared * _SIZES_BYTES
    for index in range(declared):
        end = _value_end(pairs, index, start)
        if end < 0:
            break
        value = _value_start(pairs, index, start)
        name = pairs[start : value - 1].decode("utf-8", "surrogateescape")
        found.append((name, pairs[value:end].decode("utf-8", "surrogateescape")))
        start = end + 1
    return found


def encode(headers: list[tuple[str, str]]) -> bytes:
    """The wire form of `headers`; the empty list is no bytes, as Envoy writes it."""
    if not headers:
        return b""
    sizes = [len(headers).to_bytes(_NUMBER_BYTES, "little")]
    texts: list[bytes] = []
    for name, value in headers:
        name_bytes = _encoded(name)
        value_bytes = _encoded(value)
        sizes.append(len(name_bytes).to_bytes(_NUMBER_BYTES, "little"))
        sizes.append(len(value_bytes).to_bytes(_NUMBER_BYTES, "little"))
        texts.append(name_bytes)
        texts.append(value_bytes)
    texts.append(b"")
    return b"".join(sizes) + b"\0".join(texts)


def _encoded(text: str) -> bytes:
    """The bytes of a text. Surrogates that stand for none go as their three bytes."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return b"".join([_encoded_character(character) for character in text])


def _encoded_character(character: str) -> bytes:
    if 0xDC80 <= ord(character) <= 0xDCFF:
        return character.encode("utf-8", "surrogateescape")
    return character.encode("utf-8", "surrogatepass")


def _number(pairs: bytes, at: int) -> int:
    number = 0
    for index in range(at + _NUMBER_BYTES - 1, at - 1, -1):
        number = number << 8 | pairs[index]
    return number


def _declared(pairs: bytes) -> int:
    """Pairs that the head announces; 0 when not even the table of their sizes is whole."""
    if len(pairs) < _NUMBER_BYTES:
        return 0
    declared = _number(pairs, 0)
    if _NUMBER_BYTES + declared * _SIZES_BYTES > len(pairs):
        return 0
    return declared


def _value_start(pairs: bytes, index: int, name_start: int) -> int:
    return name_start + _number(pairs, _NUMBER_BYTES + index * _SIZES_BYTES) + 1


def _value_end(pairs: bytes, index: int, name_start: int) -> int:
    """Where the value of pair `index` ends; -1 when it is not whole."""
    value_size = _number(pairs, _NUMBER_BYTES + index * _SIZES_BYTES + _NUMBER_BYTES)
    end = _value_start(pairs, index, name_start) + value_size
    return end if end < len(pairs) else -1
