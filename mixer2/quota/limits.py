"""Limits, and which of them a descriptor meets.

A descriptor is a list of entries, each a key and a value. The limits of a domain form a tree: a
node matches an entry of its key and, when it names one, its value. A descriptor meets the limit of
the node that its last entry leads to; a node that names the value wins over one that does not.

Source: Envoy's `RateLimitDescriptor`, and the configuration of its reference rate limit service.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote

Entry = tuple[str, str]
"""Key and value."""

_MAX_KEY_CHARACTERS = 200


class Unit(Enum):
    """Length of a limit's window, in seconds."""

    SECOND = 1
    MINUTE = 60
    HOUR = 3_600
    DAY = 86_400
    WEEK = 604_800
    MONTH = 2_592_000
    YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in each window; windows start at multiples of their length.

    Attributes:
        requests: At least 0.
        unit: The window.
    """

    requests: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a descriptor that is known.

    Attributes:
        key: Of the entry.
        value: Of the entry; None for every value, each with a counter of its own.
        limit: Of descriptors that end here; None when those have none.
        nodes: For the next entry.
    """

    key: str
    value: str | None = None
    limit: Limit | None = None
    nodes: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of all domains, by name."""

    domains: dict[str, tuple[Node, ...]] = field(default_factory=dict)

    def find(self, domain: str, entries: Sequence[Entry]) -> Limit | None:
        """The limit that a descriptor meets; None when it has none."""
        nodes = self.domains.get(domain, ())
        found: Node | None = None
        for key, value in entries:
            candidates = [node for node in nodes if node.key == key]
            exact = [node for node in candidates if node.value == value]
            general = [node for node in candidates if node.value is None]
            best = exact or general
            if not best:
                return None
            found = best[0]
            nodes = found.nodes
        return None if found is None else found.limit


def counter_key(domain: str, entries: Sequence[Entry], unit: Unit) -> str:
    """Name of the counter of a descriptor: different descriptors never share one.

    The braces keep a domain's counters on one node of a Redis cluster. Values that clients made
    long are hashed.
    """
    text = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in entries)
    if len(text) > _MAX_KEY_CHARACTERS:
        text = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    return f"mixer2:{{{quote(domain, safe='')}}}:{unit.name.lower()}:{text}"
