"""What can be put in order."""

from typing import Any, Protocol, TypeVar


class Comparable(Protocol):
    """What has `<`."""

    def __lt__(self, other: Any, /) -> bool: ...


Item = TypeVar("Item", bound=Comparable)
