"""Addresses, against CPython's `ipaddress`."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pal import ip_address

_WRITTEN = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=6).map(lambda address: address.exploded),
    st.text("0123456789abcdefF:.%x", max_size=24),
    st.lists(st.sampled_from(["", "0", "1", "ffff", "12345", "1.2.3.4", "::"]), max_size=9).map(
        ":".join
    ),
)

_EXAMPLES = [
    *("1.2.3.4", "255.255.255.255", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", ""),
    *("::", "::1", "1::", "1::2", ":::", "1:::2", "::1::", ":1::2", "1::2:", "1:2:3:4:5:6:7:8"),
    *(
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7",
    ),
    *("::1.2.3.4", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1.2.3.4::", "::1.2.3.4:5", "::1.2.3"),
    *("fe80::1%eth0", "fe80::1%", "fe80::1%a%b", "12345::", "::g", "FFFF::ABCD", "1.2.3.4%1"),
]


def expected(text: str) -> bytes:
    try:
        address: Any = ipaddress.ip_address(text)
    except ValueError:
        return b""
    return bytes(address.packed) if address.version == 6 else ip_address.MAPPED + address.packed


@pytest.mark.parametrize("text", _EXAMPLES)
def test_examples(text: str) -> None:
    assert ip_address.packed(text) == expected(text)


@given(_WRITTEN)
def test_as_cpython_reads_it(text: str) -> None:
    assert ip_address.packed(text) == expected(text)


@given(st.ip_addresses())
def test_as_cpython_writes_it(address: Any) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    assert ip_address.text(expected(str(address))) == str(mapped or address)


@given(st.ip_addresses(), st.integers(0, 128))
def test_networks(address: Any, bits: int) -> None:
    length = bits % (address.max_prefixlen + 1)
    base = ipaddress.ip_network((address, length), strict=False).network_address
    first = length + 128 - address.max_prefixlen
    assert ip_address.masked(expected(str(address)), first) == expected(str(base))
