"""The producer `cidr`: what network an address belongs to.

    {name: network, cidr: {office: [10.0.0.0/8], partner: [192.0.2.0/24, "2001:db8::/32"]}}

The value is the name of the first list that has the address. The address is `source.ip`, or what
the expression `address` says.
"""

from adapters.backend.networks import Networks
from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import EvaluationError, ExpressionError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.expression.parser import parse
from adapters.mixer.producer import Producer, ProducerKind
from adapters.mixer.scope import Scope
from adapters.mixer.types import Type
from pal.config import Config


class NetworkClassKind(ProducerKind):
    """The kind `cidr`."""

    def __init__(self) -> None:
        super().__init__("cidr")

    def create(self, section: Config, scope: Scope) -> Producer:
        """Read the lists, in their order, and `address`."""
        lists = section.get_section("cidr")
        names = lists.names()
        if not names:
            raise section.refusal("cidr", "expected names with lists of networks, got none")
        networks: list[Networks] = []
        for name in names:
            try:
                networks.append(Networks(lists.get_str_or_list(name)))
            except ValueError as error:
                raise lists.refusal(name, str(error)) from error
        return _NetworkClass(address_of(section, scope), names, networks)


def address_of(section: Config, scope: Scope) -> Expression:
    """The expression `address` of a producer: `source.ip` unless it says another.

    Raises:
        ConfigurationError: it is none, or no text.
    """
    try:
        address = parse(section.get_str("address", "source.ip"), scope, False)
    except ExpressionError as error:
        raise section.refusal("address", str(error)) from error
    if address.kind is not Type.TEXT:
        raise section.refusal("address", "expected a string")
    return address


class _NetworkClass(Producer):
    def __init__(self, address: Expression, names: list[str], networks: list[Networks]) -> None:
        super().__init__()
        self._address = address
        self._names = names
        self._networks = networks

    def produce(self, bag: AttributeBag) -> str | None:
        try:
            address = self._address.text(bag)
        except EvaluationError:
            return None
        for index in range(len(self._names)):
            if self._networks[index].have(address):
                return self._names[index]
        return None
