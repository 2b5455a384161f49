"""Attribute bags: what is known of one exchange, looked up when it is needed and then kept."""

from typing import Final

from adapters.events import HttpRequest, TcpConnection
from adapters.mixer.types import Type
from pal import HeaderMap


class Attribute:
    """A named fact about exchanges.

    Args:
        name: What expressions call it.
        kind: Its type.
        from_response: Whether it is there only once the exchange is over, for reports.

    Attributes:
        is_named: Whether the configuration names it.
        slot: Its place in every bag, given when the configuration is loaded; below 0: nobody asks
            for it twice in an exchange.
    """

    def __init__(self, name: str, kind: Type, from_response: bool = False) -> None:
        self.name = name
        self.kind = kind
        self.from_response = from_response
        self.is_named = False
        self.slot = -1

    def read(self, bag: "AttributeBag") -> object:
        """Find it out: `str`, `int` (also of durations), `float` or `bool`; None when absent."""
        raise NotImplementedError


class _Absent:
    """What stands in the place of an attribute that the exchange does not have."""


_ABSENT: Final = _Absent()


class AttributeBag:
    """The attributes of one exchange.

    Args:
        size: How many slots there are.
        request: Headers of the request.

    Attributes:
        head: Method, host and path of the request, where somebody has read them already.
        response: Headers of the response, set when the exchange is over.
        status_code: Of the response, set when the exchange is over; 0 without one.
        connection: Of a connection without exchanges its facts, set when it is over.
    """

    def __init__(self, size: int, request: HeaderMap) -> None:
        self.request = request
        self.head: HttpRequest | None = None
        self.response: HeaderMap | None = None
        self.status_code = 0
        self.connection: TcpConnection | None = None
        # None: not looked up yet.
        self._values: list[object] = [None] * size

    def path(self) -> str | None:
        """Path of the request, with the query."""
        head = self.head
        return self.request.get(":path") if head is None else head.path or None

    def response_header(self, name: str) -> str | None:
        """First value of a header of the response; None without one, or without a response."""
        response = self.response
        return None if response is None or self.status_code == 0 else response.get(name)

    def value(self, attribute: Attribute) -> object:
        """Value of an attribute; one that has a slot is read at most once."""
        slot = attribute.slot
        if slot < 0:
            return attribute.read(self)
        kept = self._values[slot]
        if kept is None:
            found = attribute.read(self)
            self._values[slot] = _ABSENT if found is None else found
            return found
        return None if kept is _ABSENT else kept
