"""Addresses of IPv4 and IPv6 as bytes.

In profile aot this is a function of the run-time (build/runtime/ip_address.c).
"""

from typing import Final

SIZE: Final = 16
MAPPED: Final = b"\0\0\0\0\0\0\0\0\0\0\xff\xff"

_OCTETS: Final = 4
_HEXTETS: Final = 8
_DECIMAL: Final = "0123456789"
_HEXADECIMAL: Final = "0123456789abcdefABCDEF"


def packed(text: str) -> bytes:
    """The 16 bytes of an address, those of IPv4 as ::ffff:0:0/96; none when it is no address.

    A scope (`%eth0`) is left out. Source: RFC 4291, sections 2.2 and 2.5.5.2; RFC 6943, section
    3.1.1, for what is not read: octal, shortened and numerical forms of IPv4.
    """
    if ":" not in text:
        v4 = _packed_v4(text)
        return MAPPED + v4 if v4 else b""
    address, percent, scope = text.partition("%")
    if percent and (scope == "" or "%" in scope):
        return b""
    if address.count("::") > 1 or ":::" in address:
        return b""
    head, gap, tail = address.partition("::")
    left = _packed_hextets(head, gap == "")
    right = _packed_hextets(tail, True)
    if left is None or right is None:
        return b""
    missing = SIZE - len(left) - len(right)
    if gap == "":
        return left if missing == 0 else b""
    return left + bytes(missing) + right if missing > 0 else b""


def _packed_hextets(text: str, is_end: bool) -> bytes | None:
    """Hextets, and at the end of an address perhaps one of IPv4; None when it is something else."""
    found = b""
    if text == "":
        return found
    parts = text.split(":")
    if len(parts) > _HEXTETS:
        return None
    for index, part in enumerate(parts):
        if is_end and index == len(parts) - 1 and "." in part:
            v4 = _packed_v4(part)
            return found + v4 if v4 else None
        if not 1 <= len(part) <= _OCTETS or not _consists_of(part, _HEXADECIMAL):
            return None
        found += int(part, 16).to_bytes(2, "big")
    return found


def _packed_v4(text: str) -> bytes:
    octets = text.split(".")
    found = b""
    for octet in octets:
        if not 1 <= len(octet) < _OCTETS or not _consists_of(octet, _DECIMAL):
            return b""
        number = int(octet)
        if number > 0xFF or (len(octet) > 1 and octet[0] == "0"):
            return b""
        found += bytes([number])
    return found if len(found) == _OCTETS else b""


def _consists_of(text: str, characters: str) -> bool:
    return all(character in characters for character in text)
