"""IP addresses and networks for compiled filters: what `import ipaddress` means in profile aot.

Addresses are kept as the bytes that they have on the wire, since an int has 63 bits: `int()` of an
IPv6 address raises OverflowError beyond them.
"""

from typing import Final, Generic, TypeVar

from . import _bytes
from ._ipaddress_text import AddressValueError as AddressValueError
from ._ipaddress_text import NetmaskValueError as NetmaskValueError
from ._ipaddress_text import (
    compressed_v6,
    exploded_v6,
    mask,
    masked,
    parse_v4,
    parse_v6,
    prefix_of,
    text_v4,
)

_V4_BYTES: Final = 4
_V6_BYTES: Final = 16
_V4_LIMIT: Final = 1 << 32
_MAPPED: Final = b"\0\0\0\0\0\0\0\0\0\0\xff\xff"

# The IANA registries of special addresses, as CPython 3.11.10 and later know them: bytes that a
# network starts with, and its bits.
_V4_PRIVATE: Final = (
    "0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4"
)
_V4_NOT_PRIVATE: Final = "192.0.0.9/32 192.0.0.10/32"
_V6_PRIVATE: Final = (
    "::1/128 ::/128 ::ffff:0:0/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 "
    "fc00::/7 fe80::/10"
)
_V6_NOT_PRIVATE: Final = (
    "2001:1::1/128 2001:1::2/128 2001:3::/32 2001:4:112::/48 2001:20::/28 2001:30::/28"
)


class _Address:
    """What addresses of both versions have.

    Attributes:
        packed: Its bytes, as on the wire.
        version: 4 or 6.
        max_prefixlen: Its bits.
    """

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        self.version = 4 if len(packed) == _V4_BYTES else 6
        self.max_prefixlen = 8 * len(packed)

    @property
    def compressed(self) -> str:
        """Its shortest text."""
        return text_v4(self.packed)

    @property
    def exploded(self) -> str:
        """Its longest text."""
        return text_v4(self.packed)

    @property
    def is_unspecified(self) -> bool:
        """Whether it is 0.0.0.0 or ::."""
        return self.packed == masked(self.packed, 0)

    @property
    def is_loopback(self) -> bool:
        """Whether it is of this host."""
        if self.version == 4:
            return self.packed[0] == 127
        return self.packed == b"\0" * 15 + b"\x01"

    @property
    def is_link_local(self) -> bool:
        """Whether it is valid on one link only."""
        if self.version == 4:
            return self.packed[0] == 169 and self.packed[1] == 254
        return self.packed[0] == 0xFE and self.packed[1] & 0xC0 == 0x80

    @property
    def is_multicast(self) -> bool:
        """Whether it is of a group."""
        if self.version == 4:
            return self.packed[0] & 0xF0 == 0xE0
        return self.packed[0] == 0xFF

    @property
    def is_private(self) -> bool:
        """Whether it is of no network that everybody reaches."""
        if self.version == 4:
            return _is_in(self.packed, _V4_PRIVATE) and not _is_in(self.packed, _V4_NOT_PRIVATE)
        return _is_in(self.packed, _V6_PRIVATE) and not _is_in(self.packed, _V6_NOT_PRIVATE)

    @property
    def is_global(self) -> bool:
        """Whether it is of a network that everybody reaches."""
        shared = self.version == 4 and _is_in(self.packed, "100.64.0.0/10")
        return not shared and not self.is_private

    def __str__(self) -> str:
        return self.compressed

    def __repr__(self) -> str:
        return f"IPv{self.version}Address('{self}')"

    def __int__(self) -> int:
        value = 0
        for byte in self.packed:
            value = value << 8 | byte
        return value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Address) and self.packed == other.packed

    def __hash__(self) -> int:
        return hash(self.packed)

    def __lt__(self, other: "_Address") -> bool:
        return self._before(other)

    def __le__(self, other: "_Address") -> bool:
        return not other._before(self)

    def __gt__(self, other: "_Address") -> bool:
        return other._before(self)

    def __ge__(self, other: "_Address") -> bool:
        return not self._before(other)

    def _before(self, other: "_Address") -> bool:
        if self.version != other.version:
            raise TypeError(f"{self} and {other} are not of the same version")
        for index in range(len(self.packed)):
            if self.packed[index] != other.packed[index]:
                return self.packed[index] < other.packed[index]
        return False


class IPv4Address(_Address):
    """An IPv4 address, made of its text, number or four bytes."""

    def __init__(self, address: str | int | bytes) -> None:
        if isinstance(address, int):
            if not 0 <= address < _V4_LIMIT:
                raise AddressValueError(_number_problem(address, 4))
            super().__init__(
                _bytes.from_ints([address >> shift & 0xFF for shift in (24, 16, 8, 0)])
            )
        elif isinstance(address, bytes):
            _expect_size(address, _V4_BYTES)
            super().__init__(address)
        else:
            if "/" in address:
                raise AddressValueError(f"Unexpected '/' in {address!r}")
            super().__init__(parse_v4(address))

    @property
    def is_reserved(self) -> bool:
        """Whether it is of the networks that nobody may use."""
        return self.packed[0] >= 0xF0


class IPv6Address(_Address):
    """An IPv6 address, made of its text, small number or 16 bytes.

    Attributes:
        scope_id: What follows `%` in the text, or None.
    """

    def __init__(self, address: str | int | bytes) -> None:
        self.scope_id: str | None = None
        if isinstance(address, int):
            if address < 0:
                raise AddressValueError(_number_problem(address, 6))
            number = [address >> shift & 0xFF for shift in range(56, -1, -8)]
            super().__init__(b"\0\0\0\0\0\0\0\0" + _bytes.from_ints(number))
        elif isinstance(address, bytes):
            _expect_size(address, _V6_BYTES)
            super().__init__(address)
        else:
            if "/" in address:
                raise AddressValueError(f"Unexpected '/' in {address!r}")
            text, percent, scope = address.partition("%")
            if percent:
                if not scope or "%" in scope:
                    raise AddressValueError(f'Invalid IPv6 address: "{address!r}"')
                self.scope_id = scope
            super().__init__(parse_v6(text))

    @property
    def ipv4_mapped(self) -> IPv4Address | None:
        """The IPv4 address in ::ffff:0:0/96, or None."""
        return IPv4Address(self.packed[12:]) if self.packed[:12] == _MAPPED else None

    @property
    def compressed(self) -> str:
        """Its shortest text."""
        return compressed_v6(self.packed) + self._scope()

    @property
    def exploded(self) -> str:
        """Its longest text."""
        return exploded_v6(self.packed) + self._scope()

    def _scope(self) -> str:
        return "" if self.scope_id is None else f"%{self.scope_id}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, IPv6Address) or self.packed != other.packed:
            return False
        mine, others = self.scope_id, other.scope_id
        if mine is None or others is None:
            return mine is None and others is None
        return mine == others

    def __hash__(self) -> int:
        return hash(self.packed)


_A = TypeVar("_A", bound=_Address)


class _Network(Generic[_A]):
    """What networks of both versions have.

    Attributes:
        network_address: The first address.
        broadcast_address: The last one.
        netmask: The bits that all of them share.
        prefixlen: Their number.
        version: 4 or 6.
        max_prefixlen: Bits of an address.
    """

    def __init__(self, network: _A, broadcast: _A, netmask: _A, prefixlen: int) -> None:
        self.network_address = network
        self.broadcast_address = broadcast
        self.netmask = netmask
        self.prefixlen = prefixlen
        self.version = network.version
        self.max_prefixlen = network.max_prefixlen

    @property
    def with_prefixlen(self) -> str:
        """Its text, with the number of bits."""
        return f"{self.network_address}/{self.prefixlen}"

    @property
    def with_netmask(self) -> str:
        """Its text, with the netmask."""
        return f"{self.network_address}/{self.netmask}"

    @property
    def num_addresses(self) -> int:
        """How many addresses it has.

        Raises:
            OverflowError: more than an int holds.
        """
        count = 1
        for _ in range(self.max_prefixlen - self.prefixlen):
            count += count
        return count

    def __contains__(self, other: object) -> bool:
        if not isinstance(other, _Address) or other.version != self.version:
            return False
        return masked(other.packed, self.prefixlen) == self.network_address.packed

    def overlaps(self, other: "_Network[_A]") -> bool:
        """Whether some address is in both."""
        if self.version != other.version:
            return False
        prefixlen = min(self.prefixlen, other.prefixlen)
        mine = masked(self.network_address.packed, prefixlen)
        return mine == masked(other.network_address.packed, prefixlen)

    def subnet_of(self, other: "_Network[_A]") -> bool:
        """Whether all its addresses are in the other.

        Raises:
            TypeError: they are of different versions.
        """
        if self.version != other.version:
            raise TypeError(f"{self} and {other} are not of the same version")
        return self.prefixlen >= other.prefixlen and self.overlaps(other)

    def supernet_of(self, other: "_Network[_A]") -> bool:
        """Whether it has all addresses of the other.

        Raises:
            TypeError: they are of different versions.
        """
        return other.subnet_of(self)

    def __str__(self) -> str:
        return self.with_prefixlen

    def __repr__(self) -> str:
        return f"IPv{self.version}Network('{self}')"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Network) or self.prefixlen != other.prefixlen:
            return False
        first: _Address = other.network_address
        return self.network_address.packed == first.packed

    def __hash__(self) -> int:
        return hash(self.network_address.packed) ^ self.prefixlen


class IPv4Network(_Network[IPv4Address]):
    """An IPv4 network, made of text as 10.0.0.0/8 or 10.0.0.0/255.0.0.0."""

    def __init__(self, address: str, strict: bool = True) -> None:
        text, prefix = _split(address)
        packed = parse_v4(text)
        prefixlen = prefix_of(prefix, _V4_BYTES) if prefix is not None else 8 * _V4_BYTES
        first = masked(packed, prefixlen)
        if strict and first != packed:
            raise ValueError(f"{text_v4(packed)}/{prefixlen} has host bits set")
        netmask = mask(prefixlen, _V4_BYTES)
        super().__init__(
            IPv4Address(first), IPv4Address(_last(first, netmask)), IPv4Address(netmask), prefixlen
        )


class IPv6Network(_Network[IPv6Address]):
    """An IPv6 network, made of text as 2001:db8::/32."""

    def __init__(self, address: str, strict: bool = True) -> None:
        text, prefix = _split(address)
        given = IPv6Address(text)
        packed = given.packed
        prefixlen = prefix_of(prefix, _V6_BYTES) if prefix is not None else 8 * _V6_BYTES
        first = masked(packed, prefixlen)
        if strict and first != packed:
            raise ValueError(f"{given}/{prefixlen} has host bits set")
        netmask = mask(prefixlen, _V6_BYTES)
        super().__init__(
            IPv6Address(first), IPv6Address(_last(first, netmask)), IPv6Address(netmask), prefixlen
        )


def ip_address(address: str | int | bytes) -> IPv4Address | IPv6Address:
    """An address of either version.

    Raises:
        ValueError: it is none.
    """
    try:
        return IPv4Address(address)
    except AddressValueError:
        pass
    try:
        return IPv6Address(address)
    except AddressValueError:
        pass
    raise ValueError(f"{address!r} does not appear to be an IPv4 or IPv6 address")


def ip_network(address: str, strict: bool = True) -> IPv4Network | IPv6Network:
    """A network of either version.

    Args:
        address: Its text.
        strict: Refuse addresses inside of the network in the place of its first one.

    Raises:
        ValueError: it is none.
    """
    try:
        return IPv4Network(address, strict)
    except (AddressValueError, NetmaskValueError):
        pass
    try:
        return IPv6Network(address, strict)
    except (AddressValueError, NetmaskValueError):
        pass
    raise ValueError(f"{address!r} does not appear to be an IPv4 or IPv6 network")


def _split(address: str) -> tuple[str, str | None]:
    parts = address.split("/")
    if len(parts) > 2:
        raise AddressValueError(f"Only one '/' permitted in {address!r}")
    return parts[0], parts[1] if len(parts) == 2 else None


def _last(first: bytes, netmask: bytes) -> bytes:
    return _bytes.from_ints([first[index] | netmask[index] ^ 0xFF for index in range(len(first))])


def _expect_size(packed: bytes, size: int) -> None:
    if len(packed) != size:
        version = 4 if size == _V4_BYTES else 6
        raise AddressValueError(
            f"{packed!r} (len {len(packed)} != {size}) is not permitted as an IPv{version} address"
        )


def _number_problem(number: int, version: int) -> str:
    if number < 0:
        return f"{number} (< 0) is not permitted as an IPv{version} address"
    return f"{number} (>= 2**32) is not permitted as an IPv{version} address"


def _is_in(packed: bytes, networks: str) -> bool:
    for network in networks.split(" "):
        first, _, bits = network.partition("/")
        start = parse_v4(first) if len(packed) == _V4_BYTES else parse_v6(first)
        if masked(packed, _bytes.decimal(bits)) == start:
            return True
    return False
