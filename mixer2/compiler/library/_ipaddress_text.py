"""IP addresses as text and as the bytes that they have on the wire."""

from typing import Final

from . import _bytes

_V4_BITS: Final = 32
_PARTS: Final = 8
_DIGITS: Final = "0123456789"
_HEX_DIGITS: Final = "0123456789abcdefABCDEF"


class AddressValueError(ValueError):
    """Text that is no address."""


class NetmaskValueError(ValueError):
    """Text that is no netmask."""


def parse_v4(text: str) -> bytes:
    """The bytes of an IPv4 address.

    Raises:
        AddressValueError: it is none.
    """
    if not text:
        raise AddressValueError("Address cannot be empty")
    octets = text.split(".")
    if len(octets) != 4:
        raise AddressValueError(f"Expected 4 octets in {text!r}")
    return _bytes.from_ints([_octet(octet, text) for octet in octets])


def _octet(text: str, address: str) -> int:
    if not text:
        raise AddressValueError(f"Empty octet not permitted in {address!r}")
    if text.strip(_DIGITS):
        raise AddressValueError(f"Only decimal digits permitted in {text!r} in {address!r}")
    if len(text) > 3:
        raise AddressValueError(f"At most 3 characters permitted in {text!r} in {address!r}")
    if text != "0" and text[0] == "0":
        raise AddressValueError(f"Leading zeros are not permitted in {text!r} in {address!r}")
    value = _bytes.decimal(text)
    if value > 255:
        raise AddressValueError(f"Octet {value} (> 255) not permitted in {address!r}")
    return value


def text_v4(packed: bytes) -> str:
    """The text of an IPv4 address."""
    return f"{packed[0]}.{packed[1]}.{packed[2]}.{packed[3]}"


def parse_v6(text: str) -> bytes:
    """The bytes of an IPv6 address, which has no scope id.

    Raises:
        AddressValueError: it is none.
    """
    if not text:
        raise AddressValueError("Address cannot be empty")
    parts = text.split(":")
    if len(parts) < 3:
        raise AddressValueError(f"At least 3 parts expected in {text!r}")
    if "." in parts[-1]:
        last = parts.pop()
        parts += _parts_of_v4(last, text)
    if len(parts) > _PARTS + 1:
        raise AddressValueError(f"At most {_PARTS} colons permitted in {text!r}")
    gap = _gap(parts, text)
    if gap < 0:
        if len(parts) != _PARTS:
            raise AddressValueError(f"Exactly {_PARTS} parts expected without '::' in {text!r}")
        if not parts[0]:
            raise AddressValueError(f"Leading ':' only permitted as part of '::' in {text!r}")
        if not parts[-1]:
            raise AddressValueError(f"Trailing ':' only permitted as part of '::' in {text!r}")
        return _bytes.from_ints(_octets(parts, text))
    high, low = _around_gap(parts, gap, text)
    before = _octets(parts[gap - high : gap], text)
    after = _octets(parts[gap + 1 : gap + 1 + low], text)
    before += [0] * (2 * (_PARTS - high - low))
    before += after
    return _bytes.from_ints(before)


def _parts_of_v4(last: str, text: str) -> list[str]:
    """The two parts that an IPv4 address at the end stands for."""
    try:
        packed = parse_v4(last)
    except AddressValueError as error:
        raise AddressValueError(f"{error} in {text!r}") from None
    return [_part(packed[0] << 8 | packed[1]), _part(packed[2] << 8 | packed[3])]


def _gap(parts: list[str], text: str) -> int:
    """Where `::` is among the parts; -1: nowhere."""
    gap = -1
    for index in range(1, len(parts) - 1):
        if not parts[index]:
            if gap >= 0:
                raise AddressValueError(f"At most one '::' permitted in {text!r}")
            gap = index
    return gap


def _around_gap(parts: list[str], gap: int, text: str) -> tuple[int, int]:
    """How many parts stand before and behind `::`."""
    high = gap
    low = len(parts) - gap - 1
    if not parts[0]:
        high -= 1
        if high:
            raise AddressValueError(f"Leading ':' only permitted as part of '::' in {text!r}")
    if not parts[-1]:
        low -= 1
        if low:
            raise AddressValueError(f"Trailing ':' only permitted as part of '::' in {text!r}")
    if high + low >= _PARTS:
        raise AddressValueError(f"Expected at most {_PARTS - 1} other parts with '::' in {text!r}")
    return high, low


def _octets(parts: list[str], text: str) -> list[int]:
    octets: list[int] = []
    for part in parts:
        value = 0
        for character in part:
            digit = _HEX_DIGITS.find(character)
            if digit < 0:
                raise AddressValueError(f"Only hex digits permitted in {part!r} in {text!r}")
            digit = digit if digit < 16 else digit - 6
            value = value << 4 | digit if value < 0x10000 else value
        if len(part) > 4:
            raise AddressValueError(f"At most 4 characters permitted in {part!r} in {text!r}")
        octets += [value >> 8, value & 0xFF]
    return octets


def _part(value: int) -> str:
    """A part in hexadecimal digits, without zeros before them."""
    text = ""
    while value or not text:
        text = _HEX_DIGITS[value & 15] + text
        value >>= 4
    return text


def compressed_v6(packed: bytes) -> str:
    """The shortest text of an IPv6 address (RFC 5952)."""
    parts = [_part(packed[i] << 8 | packed[i + 1]) for i in range(0, 2 * _PARTS, 2)]
    best = 0
    best_size = 1
    start = 0
    while start < _PARTS:
        size = 0
        while start + size < _PARTS and parts[start + size] == "0":
            size += 1
        if size > best_size:
            best = start
            best_size = size
        start += size + 1
    if best_size == 1:
        return ":".join(parts)
    return ":".join(parts[:best]) + "::" + ":".join(parts[best + best_size :])


def exploded_v6(packed: bytes) -> str:
    """The longest text of an IPv6 address."""
    digits = "".join([_HEX_DIGITS[byte >> 4] + _HEX_DIGITS[byte & 15] for byte in packed])
    return ":".join([digits[i : i + 4] for i in range(0, 4 * _PARTS, 4)])


def mask(prefixlen: int, size: int) -> bytes:
    """The netmask of so many bits, in `size` bytes."""
    bits = [min(max(prefixlen - 8 * index, 0), 8) for index in range(size)]
    return _bytes.from_ints([0xFF00 >> count & 0xFF for count in bits])


def masked(packed: bytes, prefixlen: int) -> bytes:
    """An address with its first bits alone."""
    netmask = mask(prefixlen, len(packed))
    return _bytes.from_ints([packed[index] & netmask[index] for index in range(len(packed))])


def prefix_of(text: str, size: int) -> int:
    """The bits that a netmask says: their number, or for IPv4 a mask or its inverse.

    Raises:
        NetmaskValueError: it is none.
    """
    if text and not text.strip(_DIGITS):
        value = _bytes.decimal(text)
        if 0 <= value <= 8 * size:
            return value
    elif size == 4:
        return _prefix_of_mask(text)
    raise _no_netmask(text)


def _prefix_of_mask(text: str) -> int:
    try:
        packed = parse_v4(text)
    except AddressValueError:
        raise NetmaskValueError(f"{text!r} is not a valid netmask") from None
    inverse = _bytes.from_ints([byte ^ 0xFF for byte in packed])
    for prefixlen in range(_V4_BITS, -1, -1):
        if packed == mask(prefixlen, 4):
            return prefixlen
    for prefixlen in range(_V4_BITS, -1, -1):
        if inverse == mask(prefixlen, 4):
            return prefixlen
    raise _no_netmask(text)


def _no_netmask(text: str) -> NetmaskValueError:
    return NetmaskValueError(f"{text!r} is not a valid netmask")
