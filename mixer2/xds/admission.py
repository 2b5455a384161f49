"""Admission: which names a client may say, and how many."""

import itertools
from collections.abc import Collection, Iterable, Mapping

from mixer2.xds.errors import Forbidden, ProtocolError
from mixer2.xds.resource import service
from mixer2.xds.subscription import WILDCARD, Subscription
from mixer2.xds.target import MaySee

MOST_NAMES = 250_000
LONGEST_NAME = 1024  # characters


class Admission:
    """Looks at names before a stream takes them.

    Args:
        node_id: Who says them.
        may_see: What it may see; everything when None.
    """

    __slots__ = ("_may_see", "_node_id")

    def __init__(self, node_id: str, may_see: MaySee | None) -> None:
        self._node_id = node_id
        self._may_see = may_see

    def check(
        self,
        type_url: str,
        names: Collection[str],
        others: Iterable[Subscription],
        held: Mapping[str, str] | None = None,
    ) -> None:
        """Refuse names that the node may not see, and names without end.

        Args:
            type_url: The type that is asked for.
            names: Names to subscribe to.
            others: The subscriptions of the stream whose names stay.
            held: Versions of what the client says it holds.

        Raises:
            Forbidden, ProtocolError: which of these it is.
        """
        may_see = self._may_see
        if may_see is not None:
            for name in names:
                if name != WILDCARD and not may_see(type_url, name):
                    raise Forbidden(
                        f"node {self._node_id!r} may not see {service(type_url)} {name!r}"
                    )
        held = held or {}
        if len(names) + len(held) + sum(len(one.names) for one in others) > MOST_NAMES:
            raise ProtocolError(f"more than {MOST_NAMES} names on one stream")
        said = itertools.chain((type_url,), names, held, held.values())
        if any(len(text) > LONGEST_NAME for text in said):
            raise ProtocolError(f"a name of more than {LONGEST_NAME} characters")
