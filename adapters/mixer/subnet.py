"""The producer `subnet`: the network of a client, for limits that one machine cannot get around.

    {name: client, subnet: {v4: 32, v6: 64}}

The value is a network such as `2001:db8::/64`, of so many bits as the section says for the version
of IP; an IPv4 address that is written as IPv6 is IPv4. The address is `source.ip`, or what the
expression `address` says.
"""

import ipaddress

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import EvaluationError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.network_class import address_of
from adapters.mixer.producer import Producer, ProducerKind
from adapters.mixer.scope import Scope
from pal.config import Config


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
            text = self._address.text(bag)
            if ":" not in text:
                return self._of_v4(text)
            mapped = ipaddress.IPv6Address(text).ipv4_mapped
            if mapped is not None:
                return self._of_v4(str(mapped))
            return str(ipaddress.IPv6Network(f"{text}/{self._v6}", strict=False))
        except (EvaluationError, ValueError):
            return None

    def _of_v4(self, text: str) -> str:
        return str(ipaddress.IPv4Network(f"{text}/{self._v4}", strict=False))
