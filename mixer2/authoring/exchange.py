"""The request that the author wants to see, before and after the filter."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import aiohttp

from mixer2.authoring.echo import Echo
from mixer2.authoring.errors import RunError

Headers: TypeAlias = Sequence[tuple[str, str]]
Mark: TypeAlias = Literal[" ", "-", "+"]

_METHOD_MAY_HAVE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ-")


@dataclass(frozen=True, slots=True)
class Request:
    """What to send to Envoy.

    Attributes:
        method: HTTP method.
        path: Path with query.
        headers: Further headers.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str, headers: Iterable[str] = ()) -> "Request":
        """Read `PATH` or `METHOD PATH`, and `NAME: VALUE` for each header.

        Raises:
            RunError: one of them is not of that form.
        """
        method, space, path = text.strip().rpartition(" ")
        if space and not _METHOD_MAY_HAVE.issuperset(method):
            raise RunError(f"--request {text!r}: expected PATH, or METHOD PATH")
        parsed = []
        for header in headers:
            name, colon, value = header.partition(":")
            if not colon or not name.strip() or name.strip() != name:
                raise RunError(f"--header {header!r}: expected NAME: VALUE")
            parsed.append((name.lower(), value.strip()))
        return cls(method or "GET", f"/{path.lstrip('/')}", tuple(parsed))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response, on both sides of the filter.

    Attributes:
        sent: What the client sent.
        arrived: What the upstream got; None when it got nothing, or is not ours to ask.
        answered: What the upstream answered; None as before.
        received: What the client got.
        is_observed: Whether the upstream is ours, so that None means that it got nothing.
    """

    sent: Headers
    arrived: Headers | None
    answered: Headers | None
    received: Headers
    is_observed: bool


async def exchange(url: str, request: Request, echo: Echo | None) -> Exchange:
    """Send a request.

    Args:
        url: Where Envoy is.
        request: What to send.
        echo: The upstream; None when it is the author's own.

    Raises:
        aiohttp.ClientError: there was no answer.
    """
    already = echo.count if echo is not None else 0
    async with (
        aiohttp.ClientSession(
            # What aiohttp would add tells nothing about the filter.
            skip_auto_headers=["accept", "accept-encoding", "user-agent", "content-type"]
        ) as client,
        client.request(
            request.method, url + request.path, headers=request.headers, allow_redirects=False
        ) as response,
    ):
        body = await response.read()
        sent = _lower(response.request_info.headers.items())
        received = _lower(response.headers.items())
    seen = echo.exchange_of(body, already) if echo is not None else None
    return Exchange(
        sent=[(":method", request.method), (":path", request.path), *sent],
        arrived=seen.request if seen is not None else None,
        answered=seen.response if seen is not None else None,
        received=[(":status", str(response.status)), *received],
        is_observed=echo is not None,
    )


def compared(before: Headers, after: Headers) -> list[tuple[Mark, str, str]]:
    """Name and value of every header by name: `-` only before, `+` only after, blank in both."""
    left = Counter(before)
    lines: list[tuple[Mark, str, str]] = []
    for each in after:
        mark: Mark = " " if left[each] > 0 else "+"
        left[each] -= 1
        lines.append((mark, *each))
    lines += [("-", *each) for each, count in left.items() for _ in range(count)]
    return sorted(lines, key=lambda line: (line[1], line[0] == "+"))


def _lower(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers]
