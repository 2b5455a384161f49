"""Header maps, with the manners of Envoy's.

Names are lower case, in the order of arrival, pseudo-headers before all others. A name may have
several values, except those that Envoy keeps in one place ("inline"): adding to one of them
appends to its value with a comma. Source: Envoy, `header_map_impl.cc`.
"""

import string
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias, Union

from mixer2.testhost import pairs

HeadersLike: TypeAlias = Union[Mapping[str, str], Iterable[tuple[str, str]], "HeaderMap"]
"""What a test may write for headers: a dict, or pairs when a name has several values."""

# Only ASCII letters have a case in names of headers.
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class HeaderMap:
    """Headers or trailers of one message.

    Args:
        headers: What is in it at first.
        inline: Names of which there is at most one entry (see `INLINE_REQUEST_HEADERS`).
    """

    __slots__ = ("_entries", "_inline")

    def __init__(self, headers: HeadersLike = (), inline: frozenset[str] = frozenset()) -> None:
        self._entries: list[tuple[str, str]] = []
        self._inline = inline
        for name, value in _items(headers):
            self.add(name, value)

    def __getitem__(self, name: str) -> str:
        """First value. Raises KeyError with the names that are there."""
        value = self.get(name)
        if value is None:
            raise KeyError(f"no header {name!r}; there are {sorted(set(self))}")
        return value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self._entries])

    def __len__(self) -> int:
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, HeaderMap):
            return self._entries == other._entries
        if isinstance(other, Mapping):
            return sorted(self._entries) == sorted(other.items())
        if isinstance(other, list):
            return self._entries == other
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # mutable

    def __repr__(self) -> str:
        return f"HeaderMap({self._entries!r})"

    def get(self, name: str) -> str | None:
        """First value, or None."""
        name = self._key(name)
        return next((value for key, value in self._entries if key == name), None)

    def get_all(self, name: str) -> list[str]:
        """All values, in order."""
        name = self._key(name)
        return [value for key, value in self._entries if key == name]

    def items(self) -> list[tuple[str, str]]:
        """All entries, in order."""
        return list(self._entries)

    def add(self, name: str, value: str) -> None:
        """Append an entry, or to the one entry of an inline header."""
        name = self._key(name)
        if name in self._inline:
            for index, (key, old) in enumerate(self._entries):
                if key == name:
                    self._entries[index] = (
                        name,
                        f"{old},{value}" if old and value else old + value,
                    )
                    return
        if name.startswith(":"):
            end_of_pseudo = sum(key.startswith(":") for key, _ in self._entries)
            self._entries.insert(end_of_pseudo, (name, value))
        else:
            self._entries.append((name, value))

    def set(self, name: str, value: str) -> None:
        """Replace all entries of a name by one, at the end."""
        self.remove(name)
        self.add(name, value)

    def remove(self, name: str) -> None:
        """Remove all entries of a name."""
        name = self._key(name)
        self._entries = [entry for entry in self._entries if entry[0] != name]

    def clear(self) -> None:
        """Remove everything."""
        self._entries = []

    def copy(self) -> "HeaderMap":
        """An independent map with the same entries."""
        twin = HeaderMap(inline=self._inline)
        twin._entries = list(self._entries)
        return twin

    def _key(self, name: str) -> str:
        """The name under which an entry is kept. In a request, `host` is `:authority`."""
        name = name.translate(_LOWER)
        return ":authority" if name == "host" and ":authority" in self._inline else name

    @property
    def byte_size(self) -> int:
        """Bytes of all names and values."""
        return sum(
            len(pairs.encode_text(name)) + len(pairs.encode_text(value))
            for name, value in self._entries
        )

    def to_pairs(self) -> bytes:
        """The whole map in the pairs format."""
        return pairs.encode(
            (pairs.encode_text(name), pairs.encode_text(value)) for name, value in self._entries
        )

    def replace_by_pairs(self, data: bytes) -> None:
        """Clear the map, then add what `data` holds: nothing, when it is malformed."""
        self.clear()
        for name, value in pairs.decode(data):
            self.add(pairs.decode_text(name), pairs.decode_text(value))


def _items(headers: HeadersLike) -> Iterable[tuple[str, str]]:
    if isinstance(headers, HeaderMap | Mapping):
        return headers.items()
    return headers


INLINE_REQUEST_HEADERS: Final = frozenset(
    """
    :authority :method :path :protocol :scheme accept accept-encoding
    access-control-request-headers access-control-request-method
    access-control-request-private-network authorization cache-control cdn-loop connection
    content-encoding content-length content-type expect grpc-accept-encoding grpc-timeout
    if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive origin
    pragma proxy-connection proxy-status referer te transfer-encoding upgrade user-agent via
    x-client-trace-id x-envoy-attempt-count x-envoy-decorator-operation
    x-envoy-downstream-service-cluster x-envoy-downstream-service-node
    x-envoy-expected-rq-timeout-ms x-envoy-external-address x-envoy-force-trace
    x-envoy-hedge-on-per-try-timeout x-envoy-internal x-envoy-ip-tags
    x-envoy-is-timeout-retry x-envoy-max-retries x-envoy-original-host x-envoy-original-path
    x-envoy-original-url x-envoy-retriable-header-names x-envoy-retriable-status-codes
    x-envoy-retry-grpc-on x-envoy-retry-on x-envoy-upstream-alt-stat-name
    x-envoy-upstream-rq-per-try-timeout-ms x-envoy-upstream-rq-timeout-alt-response
    x-envoy-upstream-rq-timeout-ms x-envoy-upstream-stream-duration-ms
    x-forwarded-client-cert x-forwarded-for x-forwarded-host x-forwarded-port
    x-forwarded-proto x-request-id
    """.split()  # noqa: SIM905  (a table of words, not a list of one name a line)
)
"""Request headers that Envoy keeps in one place, as Envoy 1.40 was seen to."""

INLINE_RESPONSE_HEADERS: Final = frozenset(
    """
    :status access-control-allow-credentials access-control-allow-headers
    access-control-allow-methods access-control-allow-origin
    access-control-allow-private-network access-control-expose-headers
    access-control-max-age age cache-control connection content-encoding content-length
    content-type date etag expires grpc-message grpc-status keep-alive last-modified
    location proxy-connection proxy-status server transfer-encoding upgrade vary via
    x-envoy-attempt-count x-envoy-decorator-operation x-envoy-degraded
    x-envoy-immediate-health-check-fail x-envoy-ratelimited x-envoy-upstream-canary
    x-envoy-upstream-healthchecked-cluster x-envoy-upstream-service-time x-request-id
    """.split()  # noqa: SIM905  (a table of words, not a list of one name a line)
)
"""Response headers that Envoy keeps in one place, as Envoy 1.40 was seen to."""

INLINE_RESPONSE_TRAILERS: Final = frozenset({"grpc-message", "grpc-status"})
"""Of request trailers there are none."""
