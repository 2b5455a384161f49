"""Heartbeats: what keeps resources with a time to live alive while the stream lives.

Source: envoyproxy.io, "xDS REST and gRPC protocol", "TTL".
"""

from mixer2.xds.messages import Response
from mixer2.xds.resource import Resource

_SHARE = 0.5  # of the time to live, after which it is renewed


class Heartbeats:
    """When which resource of one stream has to be renewed."""

    __slots__ = ("_due",)

    def __init__(self) -> None:
        self._due: dict[tuple[str, str], tuple[float, Resource]] = {}

    @property
    def next_at(self) -> float | None:
        """When the next one is due; None for never."""
        return min(at for at, _ in self._due.values()) if self._due else None

    def restart(self, response: Response, now: float) -> None:
        """Count from now for what the client just accepted."""
        for one in (*response.resources, *response.heartbeats):
            if one.ttl is not None:
                self._due[one.type_url, one.name] = (now + one.ttl * _SHARE, one)
            elif self._due:
                self._due.pop((one.type_url, one.name), None)

    def due(self, type_url: str, now: float) -> list[Resource]:
        """Take out what is due; it counts anew once the client has accepted its heartbeat."""
        found = [
            (key, one) for key, (at, one) in self._due.items() if at <= now and key[0] == type_url
        ]
        for key, _ in found:
            del self._due[key]
        return [one for _, one in found]
