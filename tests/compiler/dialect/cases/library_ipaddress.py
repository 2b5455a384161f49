import fnmatch
import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

PRIVATE = [ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("192.168.1.1")]


def allowed(text: str) -> bool:
    address = ip_address(text)
    return any(address in network for network in PRIVATE)


def main() -> None:
    for text in ("10.1.2.3", "11.0.0.1", "fd00::1", "::1", "192.168.1.1", "::ffff:10.0.0.1"):
        print(text, allowed(text))
    for address in (ip_address("127.0.0.1"), ip_address("fe80::1"), IPv6Address("ff02::1%eth0")):
        print(address, repr(address), address.version, address.packed, address.max_prefixlen)
        print(address.is_loopback, address.is_link_local, address.is_multicast, address.is_private)
        print(address.is_unspecified, address.is_global, address.compressed)
    for text in ("0.0.0.0", "8.8.8.8", "100.64.1.1", "172.31.0.1", "224.0.0.1", "240.0.0.1"):
        v4 = IPv4Address(text)
        print(v4, int(v4), v4.is_private, v4.is_global, v4.is_reserved, v4.is_multicast)
    for text in ("2001:db8::1", "2606:4700::1111", "::", "1:0:0:2:0:0:0:3", "0:0:1::", "1::2:0:0:3"):
        v6 = IPv6Address(text)
        print(v6, v6.exploded, v6.is_private, v6.is_global, v6.ipv4_mapped, hash(v6) == hash(v6))
    print(IPv6Address("::ffff:1.2.3.4").ipv4_mapped, IPv4Address(1), IPv4Address(b"\1\2\3\4"))
    print(IPv6Address(1), int(IPv6Address("::ffff")), IPv6Address(bytes(range(16))))
    print(sorted([IPv4Address("10.0.0.10"), IPv4Address("9.255.0.0"), IPv4Address("10.0.0.9")]))
    print(IPv4Address("1.1.1.1") == ip_address("1.1.1.1"), IPv4Address("0.0.0.1") == IPv6Address(1))
    print({IPv4Address("1.1.1.1"): 1}[IPv4Address("1.1.1.1")], IPv4Address("1.1.1.1") <= IPv4Address(2))
    network = IPv4Network("10.1.0.0/16")
    print(network, repr(network), network.netmask, network.broadcast_address, network.prefixlen)
    print(network.num_addresses, network.with_netmask, network.with_prefixlen, network.version)
    print(network.subnet_of(IPv4Network("10.0.0.0/8")), network.supernet_of(IPv4Network("10.1.2.0/24")))
    print(network.overlaps(IPv4Network("10.1.255.0/24")), network == IPv4Network("10.1.0.0/255.255.0.0"))
    print(IPv4Network("10.1.2.3/0.0.255.255", strict=False), IPv6Network("2001:db8::/32").netmask)
    wrong = ("", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4/33", "::1/129", "1.2.3.4/8", "::1/64")
    for text in (*wrong, "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9", ":1::", "1/2/3", "::1%", "fe80::g"):
        try:
            print(ip_network(text))
        except ValueError as error:
            print(error)
        try:
            print(IPv4Address(text))
        except ipaddress.AddressValueError as no_address:
            print(no_address)
        try:
            print(IPv6Network(text))
        except ipaddress.NetmaskValueError as no_netmask:
            print("netmask", no_netmask)
        except ValueError as other_error:
            print("value", other_error)
    try:
        print(IPv4Address("1.1.1.1") < IPv6Address("::"))  # type: ignore[operator]
    except TypeError as mixed:
        print(mixed)
    print(fnmatch.fnmatch("api-1.example", "api-[0-9].*"), fnmatch.fnmatchcase("a\nb", "a?b"))
    print(fnmatch.filter(["a.py", "b.txt", "é.py"], "[!b].py"), fnmatch.fnmatch(b"\xff", b"[\xf0-\xff]"))
