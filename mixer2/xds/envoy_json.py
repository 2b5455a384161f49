"""Messages of Envoy from their JSON form, checked against Envoy's own descriptors.

Every extension that xds-protos knows may stand in an Any: its code is imported when it is named.

Source: protobuf.dev, "ProtoJSON Format".
"""

import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib import import_module
from json import dumps
from typing import Any, TypeAlias

from google.protobuf import json_format, symbol_database
from google.protobuf.message import Message

from mixer2.xds.errors import InvalidResource

_PREFIX = "type.googleapis.com/"
_PACKAGES = ("envoy.", "udpa.", "xds.", "google.protobuf.")
_FIELD = re.compile(r"Failed to parse (\w+) field: ")
_PLACE = re.compile(r' at "?[A-Z]\w*((?:\.[\w-]+|\[[^]]*\])*)"?\.?(?=\s|$)')
_UNKNOWN = re.compile(r'has no field named "(\w+)"')
_STEP = re.compile(r"\.([\w-]+)|\[([^]]*)\]")

Location: TypeAlias = tuple[int | str, ...]


class InvalidJson(InvalidResource):
    """JSON that is not the message it should be.

    Args:
        why: What is wrong.
        location: Where: field names and indices, as far as they are known.
        unknown: The last of `location` is a field that there is not.
    """

    def __init__(self, why: str, location: Location = (), *, unknown: bool = False) -> None:
        self.why = why
        self.location = location
        self.unknown = unknown
        place = ".".join(map(str, location))
        super().__init__(f"{place}: {why}" if place else why)


def message_of(type_url: str, value: Mapping[str, Any]) -> Message:
    """Make the message of a type from its JSON form.

    Raises:
        InvalidJson: there is no such type, or `value` is none of it.
    """
    for location, inner in _types_in(value):
        _message_class(inner, location)
    message: Message = _message_class(type_url)()
    fields = {name: one for name, one in value.items() if name != "@type"}
    try:
        json_format.ParseDict(fields, message)
    except json_format.ParseError as error:
        raise _explained(str(error)) from error
    return message


def version_of_json(value: Mapping[str, Any]) -> str:
    """Return a version for what `value` describes.

    Serialised, equal messages may differ from process to process: maps within an Any have no order.
    """
    return sha256(dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def _types_in(value: Any, here: Location = ()) -> Iterator[tuple[Location, str]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("@type"), str):
            yield (*here, "@type"), value["@type"]
        for key, one in value.items():
            yield from _types_in(one, (*here, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _types_in(one, (*here, index))


def _message_class(type_url: str, location: Location = ("@type",)) -> Any:
    found = _known_class(type_url)
    if found is None:
        raise InvalidJson(f"Envoy has no message {type_url!r}", location)
    return found


@cache
def _known_class(type_url: str) -> Any:
    name = type_url.removeprefix(_PREFIX)
    if name.startswith(_PACKAGES):
        _import_package(name)
        try:
            return symbol_database.Default().GetSymbol(name)
        except KeyError:
            pass
    return None


def _import_package(name: str) -> None:
    """Import the generated modules of the package that `name` is in."""
    package = name.rpartition(".")[0]
    try:
        found = import_module(package)
    except ImportError:
        return
    for module in pkgutil.iter_modules(found.__path__):
        if module.name.endswith("_pb2"):
            import_module(f"{package}.{module.name}")


def _explained(text: str) -> InvalidJson:
    """Split a ParseError into what is wrong and where."""
    fields = _FIELD.findall(text)
    why = _FIELD.sub("", text)
    place = _PLACE.search(why)
    location: Location = tuple(fields)
    if place is not None:
        location = tuple(
            int(index) if index.isdecimal() else name or index.strip("\"'")
            for name, index in _STEP.findall(place[1])
        )
        why = why[: place.start()]
    why = why.split("\n")[0].rstrip(". ")
    unknown = _UNKNOWN.search(why)
    if unknown is None:
        return InvalidJson(why, location)
    return InvalidJson(why, (*location, unknown[1]), unknown=True)
