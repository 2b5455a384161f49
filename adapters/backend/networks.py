"""Networks: lists of CIDR blocks that an address is in or not."""

import ipaddress


class Networks:
    """Networks of both versions of IP.

    Raises:
        ValueError: a text is no network.
    """

    def __init__(self, texts: list[str]) -> None:
        self._v4: list[ipaddress.IPv4Network] = []
        self._v6: list[ipaddress.IPv6Network] = []
        for text in texts:
            if ":" in text:
                self._v6.append(ipaddress.IPv6Network(text))
            else:
                self._v4.append(ipaddress.IPv4Network(text))

    def have(self, text: str) -> bool:
        """Whether an address is in one of them; what is no address is in none."""
        try:
            if ":" not in text:
                return self._has_v4(ipaddress.IPv4Address(text))
            address = ipaddress.IPv6Address(text)
            mapped = address.ipv4_mapped
            if mapped is not None and self._has_v4(mapped):
                return True
            return any(address in network for network in self._v6)
        except ValueError:
            return False

    def _has_v4(self, address: ipaddress.IPv4Address) -> bool:
        return any(address in network for network in self._v4)
