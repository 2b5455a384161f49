"""Removals: what of a client can be taken away, and in which order."""

from collections.abc import Iterator, Mapping

from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    EXTENSION,
    LISTENER,
    ROUTES,
    Reference,
)
from mixer2.xds.subscription import Subscription

_ORDER = (LISTENER, ROUTES, EXTENSION, CLUSTER, ENDPOINTS)
_MENTIONS = {  # what a resource may refer to of which only the version is known
    LISTENER: {ROUTES, EXTENSION, CLUSTER},
    ROUTES: {CLUSTER},
    EXTENSION: {CLUSTER},
    CLUSTER: {ENDPOINTS},
}


def removable(subscriptions: Mapping[str, Subscription]) -> Iterator[tuple[str, list[str]]]:
    """Yield names that do not exist any more and that nothing at the client refers to, by type.

    What refers comes before what is referred to. Names whose removal the client rejected are not
    among them.

    Args:
        subscriptions: All of a stream.
    """
    others = [type_url for type_url in subscriptions if type_url not in _ORDER]
    for type_url in (*_ORDER, *others):
        subscription = subscriptions.get(type_url)
        if subscription is None or not subscription.gone:
            continue
        gone = sorted(subscription.gone - subscription.stubborn)
        names = [name for name in gone if _is_free(Reference(type_url, name), subscriptions)]
        if names:
            yield type_url, names


def _is_free(reference: Reference, subscriptions: Mapping[str, Subscription]) -> bool:
    """Whether nothing that the client holds, or was sent, refers to a resource."""
    for subscription in subscriptions.values():
        if reference in subscription.references():
            return False
        mentions = reference.type_url in _MENTIONS.get(subscription.type_url, ())
        if mentions and not all(one.known for one in subscription.held):
            return False
    return True
