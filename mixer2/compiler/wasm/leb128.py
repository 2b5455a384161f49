"""LEB128, the variable-length integers of the WebAssembly binary format (specification, 5.2.2)."""

_SMALL = [bytes([value]) for value in range(0x80)]


def unsigned(value: int) -> bytes:
    """Encode a non-negative integer."""
    if 0 <= value <= 0x7F:
        return _SMALL[value]
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def signed(value: int) -> bytes:
    """Encode a signed integer."""
    encoded = bytearray()
    while not -0x40 <= value <= 0x3F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value & 0x7F)
    return bytes(encoded)


def read_unsigned(data: bytes, offset: int) -> tuple[int, int]:
    """Decode at `offset`; returns the value and the offset behind it."""
    value = shift = 0
    while True:
        byte = data[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, offset
        shift += 7


def read_signed(data: bytes, offset: int) -> tuple[int, int]:
    """Decode a signed integer at `offset`; returns the value and the offset behind it."""
    value = shift = 0
    while True:
        byte = data[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return (value - (1 << shift) if byte & 0x40 else value), offset
