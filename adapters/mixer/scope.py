"""Scopes: which attributes an expression may name, and the slots of those that are named."""

from typing import Final

from adapters.mixer.bag import Attribute
from adapters.mixer.types import Type
from adapters.mixer.vocabulary import (
    EXCHANGES,
    Entry,
    RequestHeader,
    ResponseHeader,
    Vocabulary,
)
from pal import header_name
from pal.text import before

_MOST_SUGGESTIONS: Final = 12


class Scope:
    """The attributes of one configuration. Those that it names more than once have a slot.

    Args:
        vocabulary: What the proxy knows of this kind of traffic.

    Attributes:
        size: How many slots there are so far.
    """

    def __init__(self, vocabulary: Vocabulary = EXCHANGES) -> None:
        self.size = 0
        self._vocabulary = vocabulary
        self._known: dict[str, Attribute] = {}
        self._named: list[Attribute] = []
        self._produced: list[str] = []

    def is_taken(self, name: str) -> bool:
        """Whether there is such an attribute, or one that is a part or a whole of it."""
        for other in self._vocabulary.names() + self._produced:
            if other == name or other.startswith(name + ".") or name.startswith(other + "."):
                return True
        return False

    def add(self, attribute: Attribute) -> None:
        """Let expressions name what a producer makes; the name is not taken yet."""
        self._produced.append(attribute.name)
        self._known[attribute.name] = attribute

    def map_of(self, name: str) -> Entry | None:
        """The map of that name; None when it is none."""
        entry = self._vocabulary.find(name)
        return entry if entry is not None and entry.kind is Type.MAP else None

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, which is no map; None when there is none."""
        known = self._known.get(name)
        if known is None:
            entry = self._vocabulary.find(name)
            if entry is None or entry.kind is Type.MAP:
                return None
            known = self._vocabulary.attribute(entry)
        return self._name(known)

    def header(self, entry: Entry, key: str) -> Attribute:
        """The attribute that is one entry of a map of headers."""
        header = header_name.lower(key)
        name = f"{entry.name}['{header}']"
        known = self._known.get(name)
        if known is None:
            if entry.from_response:
                known = ResponseHeader(name, header)
            else:
                known = RequestHeader(name, header)
        return self._name(known)

    def named(self) -> int:
        """How often attributes have been named so far."""
        return len(self._named)

    def repeat(self, since: int) -> None:
        """What was named since then (a number of `named`) is asked for more than once."""
        for attribute in self._named[since:]:
            self._name(attribute)

    def suggestion(self, name: str) -> str:
        """What there is in the place of an unknown name."""
        first = before(name, ".") + "."
        near = [
            other for other in self._produced + self._vocabulary.names() if other.startswith(first)
        ]
        if not near:
            near = self._produced.copy()
            for other in self._vocabulary.names():
                group = before(other, ".") + ".*"
                if group not in near:
                    near.append(group)
        return "there are " + ", ".join(near[:_MOST_SUGGESTIONS])

    def _name(self, attribute: Attribute) -> Attribute:
        if attribute.is_named and attribute.slot < 0:
            attribute.slot = self.size
            self.size += 1
        attribute.is_named = True
        self._known[attribute.name] = attribute
        self._named.append(attribute)
        return attribute
