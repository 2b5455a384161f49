"""Networks: lists of CIDR blocks that an address is in or not."""

from pal import digits, ip_address
from pal.text import before, behind

_V4_BITS = 32
_V6_BITS = 128


class _Network:
    """The first `bits` bits of `base`; those of IPv4 lie in ::ffff:0:0/96."""

    def __init__(self, base: bytes, bits: int, is_v4: bool) -> None:
        self.base = base
        self.bits = bits
        self.is_v4 = is_v4

    def has(self, address: bytes) -> bool:
        """Whether the bytes of an address begin so."""
        whole = self.bits // 8
        if address[:whole] != self.base[:whole]:
            return False
        rest = self.bits % 8
        return rest == 0 or (address[whole] ^ self.base[whole]) >> (8 - rest) == 0


class Networks:
    """Networks of both versions of IP.

    Raises:
        ValueError: a text is no network.
    """

    def __init__(self, texts: list[str]) -> None:
        self._networks = [_network(text) for text in texts]

    def have(self, text: str) -> bool:
        """Whether an address is in one of them; what is no address is in none."""
        address = ip_address.packed(text)
        if not address:
            return False
        is_v4 = ":" not in text
        for network in self._networks:
            if (network.is_v4 or not is_v4) and network.has(address):
                return True
        return False


def _network(text: str) -> _Network:
    """A network as people write it; an address alone is one of its own."""
    address = before(text, "/")
    length = behind(text, "/")
    base = ip_address.packed(address)
    is_v4 = ":" not in address
    longest = _V4_BITS if is_v4 else _V6_BITS
    bits = digits.leading_int(length) if "/" in text else longest
    is_length = "/" not in text or str(bits) == length
    if not base or not is_length or not 0 <= bits <= longest:
        raise ValueError(f"{text} is no network: expected one like 10.0.0.0/8 or 2001:db8::/32")
    bits += _V6_BITS - longest
    for index in range(ip_address.SIZE):
        if base[index] & 0xFF >> min(max(bits - 8 * index, 0), 8):
            raise ValueError(f"{text} has host bits set")
    return _Network(base, bits, is_v4)
