"""The producer `subnet`: the network of a client, for limits that one machine cannot get around.

    {name: client, subnet: {v4: 32, v6: 64}}

The value is a network such as `2001:db8::/64`, of so many bits as the section says for the version
of IP; an IPv4 address that is written as IPv6 is IPv4. The address is `source.ip`, or what the
expression `address` says.
"""

from typing import Final

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import EvaluationError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.network_class import address_of
from adapters.mixer.producer import Producer, ProducerKind
from adapters.mixer.scope import Scope
from pal import ip_address
from pal.config import Config

_BITS_BEFORE_V4: Final = 96


class SubnetKind(ProducerKind):
    """The kind `subnet`."""

    def __init__(self) -> None:
        super().__init__("subnet")

    def create(self, section: Config, scope: Scope) -> Producer:
        """Read `v4`, `v6` (bits) and `address`."""
        settings = section.get_section("subnet")
        v4 = settings.get_int("v4", 32, minimum=0, maximum=32)
        v6 = settings.get_int("v6", 64, minimum=0, maximum=128)
        settings.refuse_unknown_fields()
        return _Subnet(address_of(section, scope), v4, v6)


class _Subnet(Producer):
    def __init__(self, address: Expression, v4: int, v6: int) -> None:
        super().__init__()
        self._address = address
        self._v4 = v4
        self._v6 = v6

    def produce(self, bag: AttributeBag) -> str | None:
        try:
            address = ip_address.packed(self._address.text(bag))
        except EvaluationError:
            return None
        if not address:
            return None
        if address.startswith(ip_address.MAPPED):
            v4 = ip_address.masked(address, _BITS_BEFORE_V4 + self._v4)
            return f"{ip_address.text(v4)}/{self._v4}"
        return f"{ip_address.text(ip_address.masked(address, self._v6))}/{self._v6}"
