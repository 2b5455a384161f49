"""Data of the snapshot of every kind that has hashes in it, and what is looked up in it later."""

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import functools
import gc
import re
import sys
import types
import weakref
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from pal import Action, HttpContext, PluginContext


class Colour(enum.Enum):
    RED = "red"


class Named(str):
    __slots__ = ()


class Point(NamedTuple):
    x: str
    y: str


@dataclasses.dataclass(frozen=True)
class Frozen:
    name: str


class Keyed:
    def __init__(self, name: str) -> None:
        self.name = name

    def __hash__(self) -> int:
        return hash(("keyed", self.name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and self.name == other.name


@functools.lru_cache(maxsize=3)
def doubled(text: str) -> str:
    return text * 2


@functools.singledispatch
def kind(_value: object) -> str:
    return "object"


@kind.register
def _(_value: str) -> str:
    return "str"


HASH_WHEN_BUILT = hash("some text")
MANY = {f"key {number}": number for number in range(5000)}
HALF = {f"key {number}": number for number in range(100)}
for _number in range(0, 100, 2):
    del HALF[f"key {_number}"]
MIXED: dict[Any, int] = {
    key: number
    for number, key in enumerate(
        [
            *("a", "é", "☃", "😀", 2, b"bytes", None, 1.5, (1, "x"), range(3)),
            *(frozenset({"p", "q"}), ("n", ("m", frozenset({("z", "y")})))),
            *(Frozen("f"), Keyed("k"), Colour.RED, Named("n"), Point("x", "y")),
            *(PurePosixPath("/a/b"), decimal.Decimal("2.5"), re.compile("a")),
            *(dt.date(2020, 1, 2), dt.time(1, 2), dt.timedelta(1)),
            dt.datetime(2020, 1, 2, tzinfo=dt.UTC),
        ]
    )
}
SET = {f"s{number}" for number in range(1000)} - {f"s{number}" for number in range(0, 1000, 7)}
NESTED = frozenset({"a", frozenset({"b", ("c", frozenset({"d"}))})})
ORDERED = collections.OrderedDict((f"o{number}", number) for number in range(50))
KEPT = [Keyed(f"kept {number}") for number in range(20)]
WEAK_KEYS = weakref.WeakKeyDictionary({one: one.name for one in KEPT})
WEAK = weakref.WeakSet(KEPT)
DEAD = [weakref.proxy(Keyed("dead"))]
INTERNED = sys.intern("made when it was built")
for _number in range(10):
    doubled(f"text {_number}")


def fresh(text: str) -> str:
    """An equal text whose hash nobody has asked for."""
    return "".join(list(text))


def keys_again() -> list[Any]:
    """The keys of MIXED, made anew."""
    return [
        *(
            fresh("a"),
            fresh("é"),
            fresh("☃"),
            fresh("😀"),
            2,
            bytes(bytearray(b"bytes")),
            None,
            1.5,
        ),
        *((1, fresh("x")), range(3), frozenset({fresh("p"), fresh("q")})),
        (fresh("n"), (fresh("m"), frozenset({(fresh("z"), fresh("y"))}))),
        *(Frozen(fresh("f")), Keyed(fresh("k")), Colour(fresh("red")), Named(fresh("n"))),
        *(Point(fresh("x"), fresh("y")), PurePosixPath(fresh("/a/b")), decimal.Decimal("2.5")),
        *(re.compile(fresh("a")), dt.date(2020, 1, 2), dt.time(1, 2)),
        *(dt.timedelta(1), dt.datetime(2020, 1, 2, tzinfo=dt.UTC)),
    ]


def ordered_moves() -> bool:
    ORDERED.move_to_end(fresh("o3"))
    ORDERED.update({fresh(f"new {number}"): number for number in range(200)})
    removed = [ORDERED.pop(fresh(f"new {number}")) for number in range(200)]
    return list(ORDERED)[-1] == "o3" and ORDERED["o9"] == 9 and removed == list(range(200))


def lost() -> int:
    """Members of all dictionaries and sets that are not found in them."""
    count = 0
    for one in gc.get_objects():
        if type(one) in (dict, set, frozenset):
            members: Any = list(one)
            count += sum(member not in one for member in members)
    return count


def found() -> dict[str, bool]:
    """What is there, by what it is."""
    mixed = keys_again()
    classes = [one for one in gc.get_objects() if issubclass(type(one), type)]
    for number in range(10):
        doubled(fresh(f"text {number}"))
    return {
        "many": all(MANY[fresh(f"key {number}")] == number for number in range(5000)),
        "none": fresh("key 5000") not in MANY,
        "half": [HALF.get(fresh(f"key {n}")) for n in range(4)] == [None, 1, None, 3],
        **{f"{key!r}": MIXED.get(key) == number for number, key in enumerate(mixed)},
        "set": all((fresh(f"s{number}") in SET) == (number % 7 != 0) for number in range(1000)),
        "nested": frozenset({fresh("b"), ("c", frozenset({fresh("d")}))}) in NESTED,
        "ordered": ordered_moves(),
        "weak keys": all(WEAK_KEYS[Keyed(fresh(one.name))] == one.name for one in KEPT),
        "weak set": all(Keyed(fresh(one.name)) in WEAK for one in KEPT),
        "interned": sys.intern(fresh("made when it was built")) is INTERNED,
        "static": sys.intern(fresh("__init__")) is sys.intern("__init__"),
        "cache": doubled(fresh("text 9")) == "text 9text 9" and doubled.cache_info().currsize == 3,
        "dispatch": kind("x") == "str",
        "attribute": getattr(KEPT[3], fresh("name")) == "kept 3",
        "classes": all(fresh(name) in vars(one) for one in classes for name in list(vars(one))),
        "modules": all(sys.modules[fresh(name)] for name in list(sys.modules)),
        "proxy": isinstance(types.MappingProxyType(MANY)[fresh("key 7")], int),
        "all": lost() == 0,
    }


class Seeding(HttpContext):
    def __init__(self, plugin: PluginContext) -> None:
        super().__init__(plugin)
        self._answer = ""

    def on_request_headers(self, end_of_stream: bool) -> Action:
        if self.request_headers.get("x-do") == "hash":
            is_built = hash("some text") == HASH_WHEN_BUILT
            self._answer = "built" if is_built else str(hash("some text"))
        else:
            self._answer = ", ".join(name for name, is_found in found().items() if not is_found)
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        self.response_headers.set("x-answer", self._answer)
        return Action.CONTINUE


class SeedingPlugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Seeding(self)
