"""What fnmatch and ipaddress make of the request's lines."""

import fnmatch
import ipaddress


def answer(request: bytes) -> list[str]:
    first, _, second = request.decode().partition("\n")
    lines = [str(fnmatch.fnmatchcase(first, second))]
    lines.append(str(fnmatch.fnmatchcase(first.encode(), second.encode())))
    for text in (first, second):
        try:
            address = ipaddress.ip_address(text)
            flags = f"{address.is_multicast} {address.is_link_local} {address.is_unspecified}"
            lines.append(f"{address!r} {address.exploded} {address.packed!r} {flags}")
        except ValueError as error:
            lines.append(str(error))
        try:
            network = ipaddress.ip_network(text, strict=False)
            bounds = f"{network.broadcast_address} {network.netmask} {network.prefixlen}"
            lines.append(f"{network!r} {bounds}")
            lines.append(str(ipaddress.ip_address(second) in network))
            lines.append(str(ipaddress.ip_network(text)))
        except ValueError as no_network:
            lines.append(str(no_network))
        try:
            lines.append(repr(ipaddress.IPv6Address(text)))
        except ValueError as no_v6:
            lines.append(str(no_v6))
    return lines
