"""fnmatch and ipaddress of compiled filters against CPython's."""

import ipaddress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.compiler.library.differential import differential

patterns = st.text("ab[]!-*?^\\&~|é\n", max_size=9)
names = st.text("ab[]!-^\\é\n", max_size=6).map(lambda text: text.replace("\n", " "))
groups = st.sampled_from(["0", "1", "", "ffff", "12345", "g", "0a", "::", ":", "1.2.3.4"])
addresses = (
    st.ip_addresses().map(str)
    | st.lists(groups, max_size=9).map(":".join)
    | st.lists(st.sampled_from(["0", "1", "255", "256", "01", "", "x", "1000"]), max_size=5).map(
        ".".join
    )
)
prefixes = st.sampled_from(
    ["", "/8", "/24", "/64", "/129", "/", "/255.255.0.0", "/0.0.0.255", "/x/1"]
)
networks = st.builds("{}{}".format, addresses, prefixes)


@settings(max_examples=600)
@given(names, patterns)
@example("!", "[b-a!x]")
@example("y", "[b-a!x]")
@example("-", "[a-]")
def test_shell_patterns(name: str, pattern: str) -> None:
    differential("shell_and_ip").check(f"{name}\n{pattern}".encode())


@settings(max_examples=600)
@given(networks, networks | st.ip_addresses().map(str))
def test_addresses(first: str, second: str) -> None:
    differential("shell_and_ip").check(f"{first}\n{second}".encode())


def test_scopes() -> None:
    # CPython 3.11 cannot explode an address with a scope, and keeps it in networks.
    lines = differential("shell_and_ip").compiled(b"fe80::1%eth0\n::1")
    assert lines[2].startswith("IPv6Address('fe80::1%eth0') fe80:0000:")
    assert lines[-1] == "IPv6Address('::1')"


@given(st.ip_addresses(v=6), st.integers(0, 128))
def test_containment(address: ipaddress.IPv6Address, prefixlen: int) -> None:
    for other in (address, ipaddress.IPv6Address(int(address) ^ 1 << 64)):
        differential("shell_and_ip").check(f"{address}/{prefixlen}\n{other}".encode())


def test_nothing_is_left_behind() -> None:
    differential("shell_and_ip").check_growth(b"10.0.0.0/8\n10.1.1.1")
