"""Addresses of IPv4 and IPv6 as bytes.

In profile aot `packed` and `without_port` are functions of the run-time
(build/runtime/ip_address.c).
"""

from typing import Final

SIZE: Final = 16
MAPPED: Final = b"\0\0\0\0\0\0\0\0\0\0\xff\xff"
_ZEROS: Final = b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

_OCTETS: Final = 4
_HEXTETS: Final = 8
_DECIMAL: Final = "0123456789"
_HEXADECIMAL: Final = "0123456789abcdefABCDEF"


def without_port(address: str) -> str:
    """IP address of `IP:PORT` or `[IP]:PORT`; anything else as it is."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


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


def masked(address: bytes, bits: int) -> bytes:
    """The first bits of an address, and zeros behind them."""
    whole = bits // 8
    if whole == SIZE:
        return address
    last = address[whole] & 0xFF & 0xFF00 >> bits % 8
    return address[:whole] + last.to_bytes(1, "big") + _ZEROS[whole + 1 :]


def text(address: bytes) -> str:
    """An address as people write it. Source: RFC 5952, section 4."""
    if address.startswith(MAPPED):
        return ".".join([str(octet) for octet in address[len(MAPPED) :]])
    hextets = [address[at : at + 2].hex().lstrip("0") or "0" for at in range(0, SIZE, 2)]
    start = length = run = 0
    for index in range(_HEXTETS):
        run = run + 1 if hextets[index] == "0" else 0
        if run > length:
            start, length = index + 1 - run, run
    if length < 2:
        return ":".join(hextets)
    return ":".join(hextets[:start]) + "::" + ":".join(hextets[start + length :])


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
