"""Values of Kafka's protocol, written; the counterpart of `reader`."""


def array_size(count: int, flexible: bool) -> bytes:
    """The number of an array's elements, or of bytes.

    Args:
        count: How many there are.
        flexible: Whether it is compact (KIP-482).
    """
    return uvarint(count + 1) if flexible else count.to_bytes(4, "big")


def text(value: str, flexible: bool) -> bytes:
    """Text that is not null; arguments as of `array_size`."""
    data = value.encode("utf-8", "replace")
    size = uvarint(len(data) + 1) if flexible else len(data).to_bytes(2, "big")
    return size + data


def no_tags(flexible: bool) -> bytes:
    """The end of a structure without tagged fields."""
    return b"\0" if flexible else b""


def uvarint(value: int) -> bytes:
    """An unsigned varint."""
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def framed(message: bytes) -> bytes:
    """A message with its size before it."""
    return len(message).to_bytes(4, "big") + message
