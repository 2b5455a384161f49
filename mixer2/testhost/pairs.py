"""The pairs format: how lists of headers cross the border.

    u32 n, n x (u32 key length, u32 value length), n x (key, 0x00, value, 0x00)

Integers are little endian. Text is UTF-8 with surrogateescape.
Source: proxy-wasm-cpp-host, `pairs_util`; Proxy-Wasm 0.2.1, "Serialization".
"""

import codecs
import struct
from collections.abc import Iterable
from typing import Final

MAX_BYTES: Final = 1024 * 1024
MAX_PAIRS: Final = 1024

# Name of an error handler for encoding.
_LOSSLESS: Final = "mixer2.lossless"


def decode_text(data: bytes) -> str:
    """Text of the ABI as `str`; any bytes survive `encode_text`."""
    return data.decode("utf-8", "surrogateescape")


def encode_text(text: str) -> bytes:
    """The bytes of `text`, the inverse of `decode_text`.

    Lone surrogates that stand for no byte go as their three bytes, as compiled modules write them.
    """
    return text.encode("utf-8", _LOSSLESS)


def _encode_surrogates(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    surrogates = error.object[error.start : error.end]
    return b"".join(map(_encode_surrogate, surrogates)), error.end


def _encode_surrogate(surrogate: str) -> bytes:
    is_byte = "\udc80" <= surrogate <= "\udcff"
    return surrogate.encode("utf-8", "surrogateescape" if is_byte else "surrogatepass")


codecs.register_error(_LOSSLESS, _encode_surrogates)


def encode(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Serialise; an empty list is an empty string, as when a proxy hands it out."""
    listed = list(pairs)
    if not listed:
        return b""
    sizes = [struct.pack("<II", len(key), len(value)) for key, value in listed]
    texts = [key + b"\0" + value + b"\0" for key, value in listed]
    return struct.pack("<I", len(listed)) + b"".join(sizes) + b"".join(texts)


def decode(data: bytes) -> list[tuple[bytes, bytes]]:
    """Read pairs as Envoy reads them: whatever is malformed is an empty list.

    Malformed is: more than 1 MiB or 1024 pairs, a missing NUL, bytes missing or left over.
    """
    if not 4 <= len(data) <= MAX_BYTES:
        return []
    (count,) = struct.unpack_from("<I", data)
    position = 4 + 8 * count
    if count > MAX_PAIRS or position > len(data):
        return []
    pairs: list[tuple[bytes, bytes]] = []
    for index in range(count):
        key_size, value_size = struct.unpack_from("<II", data, 4 + 8 * index)
        key_end = position + key_size
        value_end = key_end + 1 + value_size
        if value_end >= len(data) or data[key_end] or data[value_end]:
            return []
        pairs.append((data[position:key_end], data[key_end + 1 : value_end]))
        position = value_end + 1
    return pairs if position == len(data) else []
