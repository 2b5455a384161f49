"""Attribute producers: attributes that the configuration adds to the vocabulary.

    attributes:   # in this order
    - {name: tenant, header: x-tenant, default: unknown}
    - {name: api, path_template: ["/users/{id}", "/files/{rest=**}"], default: other}
    - {name: network, cidr: {office: [10.0.0.0/8], partner: [192.0.2.0/24, "2001:db8::/32"]}}
    - {name: caller, jwt_claim: sub}
    - {name: plan, expression: "tenant == 'acme' ? 'gold' : 'free'"}

They stand in order: an expression may name what stands above it. No two may have the same output,
and none may hide an attribute of the proxy. A producer runs when its output is first asked for, at
most once in an exchange.
"""

from typing import Final

from adapters.mixer.bag import Attribute, AttributeBag
from adapters.mixer.expression.errors import EvaluationError, ExpressionError
from adapters.mixer.expression.operand import Expression, as_text
from adapters.mixer.expression.parser import parse
from adapters.mixer.scope import Scope
from adapters.mixer.types import Type
from pal.config import Config

_FIRST: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_LATER: Final = "0123456789."


class Producer(Attribute):
    """An attribute that is found out from others.

    Attributes:
        default: What it is when nothing is found; None for absent.
    """

    def __init__(self) -> None:
        super().__init__("", Type.TEXT)
        self.default: str | None = None

    def read(self, bag: AttributeBag) -> object:
        """What is found, or the default."""
        found = self.produce(bag)
        return self.default if found is None else found

    def produce(self, bag: AttributeBag) -> str | None:
        """Find it out; None when there is nothing to be found."""
        raise NotImplementedError


class ProducerKind:
    """A kind of producer. Its name is the field that holds its settings.

    Args:
        name: How configuration calls it.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def create(self, section: Config, scope: Scope) -> Producer:
        """A producer of this kind.

        Args:
            section: The producer's section; the kind's own field is `name`.
            scope: The attributes above it.

        Raises:
            ConfigurationError: the section will not do.
        """
        raise NotImplementedError


class HeaderKind(ProducerKind):
    """The kind `header`: first value of a header of the request."""

    def __init__(self) -> None:
        super().__init__("header")

    def create(self, section: Config, scope: Scope) -> Producer:
        """Read the header's name."""
        return _FromHeader(section.get_header_name("header", ""))


class _FromHeader(Producer):
    def __init__(self, header: str) -> None:
        super().__init__()
        self._header = header

    def produce(self, bag: AttributeBag) -> str | None:
        return bag.request.get(self._header)


class ExpressionKind(ProducerKind):
    """The kind `expression`: the value of an expression, as text."""

    def __init__(self) -> None:
        super().__init__("expression")

    def create(self, section: Config, scope: Scope) -> Producer:
        """Compile the expression."""
        try:
            expression = parse(section.get_str("expression", ""), scope, False)
        except ExpressionError as error:
            raise section.refusal("expression", str(error)) from error
        if expression.kind is Type.MAP or expression.kind is Type.LIST:
            raise section.refusal("expression", "expected one value, got a map or a list")
        return _Computed(expression)


class _Computed(Producer):
    def __init__(self, expression: Expression) -> None:
        super().__init__()
        self._expression = expression

    def produce(self, bag: AttributeBag) -> str | None:
        try:
            return as_text(self._expression, bag)
        except EvaluationError:
            return None


def produce_all(sections: list[Config], kinds: list[ProducerKind], scope: Scope) -> None:
    """Add the configured attributes to a scope, in their order.

    Raises:
        ConfigurationError: a section will not do, or an output is there already.
    """
    for section in sections:
        name = section.get_str("name", "")
        if not _is_name(name):
            expected = "expected a name such as tenant or api.path"
            raise section.refusal("name", f"{expected}, got '{name}'")
        if scope.is_taken(name):
            raise section.refusal("name", f"there is an attribute {name} already")
        producer = _kind(section, kinds).create(section, scope)
        producer.name = name
        if section.has("default"):
            producer.default = section.get_str("default", "")
        scope.add(producer)


def _kind(section: Config, kinds: list[ProducerKind]) -> ProducerKind:
    found: ProducerKind | None = None
    for kind in kinds:
        if section.has(kind.name):
            if found is not None:
                raise section.refusal(kind.name, f"beside {found.name}: expected one source")
            found = kind
    if found is None:
        known = ", ".join([kind.name for kind in kinds])
        raise section.refusal("name", f"expected one source beside it: {known}")
    return found


def _is_name(name: str) -> bool:
    """Whether each part between dots is a name."""
    at_start = True
    for letter in name:
        if at_start and letter not in _FIRST:
            return False
        if letter not in _FIRST and letter not in _LATER:
            return False
        at_start = letter == "."
    return not at_start
