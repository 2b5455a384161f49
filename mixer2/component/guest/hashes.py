"""The hash seed of a VM, in place of the one that its snapshot was taken with.

What `remember` finds while the snapshot is made, `renew` hands to the glue (glue/hashes.c), which
looks for objects of these types in all of memory.
"""

import functools
import gc
import sys
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import PurePath

from wit_world.imports import system

# enum family in glue/hashes.c.
_STR, _BYTES, _TUPLE, _DICT, _ORDERED, _SET, _FROZENSET, _REFERENCE, _MOMENT, _CLASS = range(1, 11)

_types: list[int] = []


def remember() -> None:
    """Note where types lie, and let caches go that have hashes in them."""
    families: list[tuple[type, int]] = [
        *((str, _STR), (bytes, _BYTES), (tuple, _TUPLE), (dict, _DICT), (OrderedDict, _ORDERED)),
        *((set, _SET), (frozenset, _FROZENSET), (weakref.ref, _REFERENCE), (type, _CLASS)),
    ]
    datetime = sys.modules.get("datetime")
    if datetime is not None:
        families += [(datetime.date, _MOMENT), (datetime.time, _MOMENT)]
    # A class after its base, whose family it may change.
    by_class = {one: family for base, family in families for one in _with_subclasses(base)}
    _types[:] = [number for one, family in by_class.items() for number in (id(one), family)]
    for found in gc.get_objects():
        # isinstance() would ask a weak proxy for its referent.
        if type(found) is functools._lru_cache_wrapper:  # noqa: SLF001
            found.cache_clear()
        elif issubclass(type(found), PurePath) and hasattr(found, "_hash"):
            del found._hash  # noqa: SLF001


def renew(end: int) -> bool:
    """Draw a seed; False when the snapshot's stays.

    Args:
        end: Where the snapshot's objects end in memory.
    """
    found: int = system.renew_hashes(_types, end)
    return found > 0


def _with_subclasses(base: type) -> Iterator[type]:
    yield base
    subclasses: list[type] = type.__subclasses__(base)
    for one in subclasses:
        yield from _with_subclasses(one)
