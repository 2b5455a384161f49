"""Operands that look at the exchange: attributes and header maps."""

from adapters.mixer import vocabulary
from adapters.mixer.bag import Attribute, AttributeBag
from adapters.mixer.expression.errors import AbsentError
from adapters.mixer.expression.operand import Expression, TextConstant
from adapters.mixer.types import Type


class AttributeOperand(Expression):
    """An attribute by its name, or an entry of a map by a constant key."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(attribute.kind)
        self._attribute = attribute

    def text(self, bag: AttributeBag) -> str:
        """The attribute, which is text."""
        value = bag.value(self._attribute)
        if isinstance(value, str):
            return value
        raise AbsentError(self._attribute.name)

    def integer(self, bag: AttributeBag) -> int:
        """The attribute, which is an int or a duration."""
        value = bag.value(self._attribute)
        if isinstance(value, int):
            return value
        raise AbsentError(self._attribute.name)

    def double(self, bag: AttributeBag) -> float:
        """The attribute, which is a double."""
        value = bag.value(self._attribute)
        if isinstance(value, float):
            return value
        raise AbsentError(self._attribute.name)

    def truth(self, bag: AttributeBag) -> bool:
        """The attribute, which is a bool."""
        value = bag.value(self._attribute)
        if isinstance(value, bool):
            return value
        raise AbsentError(self._attribute.name)

    def value_text(self, bag: AttributeBag) -> str:
        """As backends get it: what is absent is no exception here, since it is common."""
        value = bag.value(self._attribute)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        return str(value) if isinstance(value, float) else ""

    def is_there(self, bag: AttributeBag) -> bool:
        """Whether the exchange has it."""
        return bag.value(self._attribute) is not None


class HeadersOperand(Expression):
    """All headers of the request or the response."""

    def __init__(self, headers: vocabulary.Entry) -> None:
        super().__init__(Type.MAP)
        self.headers = headers

    def entry(self, bag: AttributeBag, key: str) -> str | None:
        """First value of a header."""
        if not self.headers.from_response:
            return bag.request.get(key)
        return bag.response_header(key)


class Entry(Expression):
    """An entry of a map, by a key that is not constant."""

    def __init__(self, entries: Expression, key: Expression) -> None:
        super().__init__(Type.TEXT)
        self._entries = entries
        self._key = key

    def text(self, bag: AttributeBag) -> str:
        """The entry."""
        key = self._key.text(bag)
        value = self._entries.entry(bag, key)
        if value is None:
            raise AbsentError(key)
        return value


class HasKey(Expression):
    """`key in map`."""

    def __init__(self, key: Expression, entries: Expression) -> None:
        super().__init__(Type.BOOL)
        self._key = key
        self._entries = entries

    def truth(self, bag: AttributeBag) -> bool:
        """Whether there is such an entry."""
        return self._entries.entry(bag, self._key.text(bag)) is not None


class Has(Expression):
    """`has(attribute)`."""

    def __init__(self, operand: AttributeOperand) -> None:
        super().__init__(Type.BOOL)
        self._operand = operand

    def truth(self, bag: AttributeBag) -> bool:
        """Whether the exchange has it."""
        return self._operand.is_there(bag)


class Contained(Expression):
    """`value in [constants]`, all text."""

    def __init__(self, value: Expression, items: list[TextConstant]) -> None:
        super().__init__(Type.BOOL)
        self._value = value
        self._items = [item.value for item in items]

    def truth(self, bag: AttributeBag) -> bool:
        """Whether one of the items is the value."""
        return self._value.text(bag) in self._items
