"""From a mesh file to a `Mesh`, or to everything that is wrong with it."""

from collections.abc import Container, Iterable
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mixer2.mesh.check import check
from mixer2.mesh.document import Document
from mixer2.mesh.envoy.raw import raw_resource
from mixer2.mesh.errors import InvalidMesh, Problem
from mixer2.mesh.schema.base import Part
from mixer2.mesh.schema.mesh import Mesh
from mixer2.mesh.sniffing import expanded
from mixer2.xds import resource
from mixer2.xds.envoy_json import InvalidJson

_MOST_SHOWN = 40  # characters of a value that a message repeats


def read_mesh(path: Path) -> tuple[Mesh, Document]:
    """Read and check a mesh file; paths in it are relative to its folder, sniffers written out.

    Raises:
        InvalidMesh: with all of its problems.
    """
    return mesh_of(Document.read(path))


def mesh_of(document: Document) -> tuple[Mesh, Document]:
    """Read a mesh from a document.

    Raises:
        InvalidMesh: with all of its problems.
    """
    try:
        mesh = Mesh.model_validate(document.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        problems = [_problem(document, one) for one in found]
        raise InvalidMesh([*problems, *_problems_of_the_rest(document, found)]) from error
    problems = [*check(mesh, document), *_raw_problems(mesh, document)]
    if problems:
        raise InvalidMesh(problems)
    return expanded(mesh), document


def _problems_of_the_rest(document: Document, found: Iterable[Any]) -> list[Problem]:
    """Check the parts in which nothing was found, as if the others were good."""
    bad = {(*error["loc"], None, None)[:2] for error in found}
    rest = {
        section: _without(section, parts, bad) if isinstance(parts, dict) else parts
        for section, parts in document.data.items()
        if (section, None) not in bad and not (section == "raw" and any(s == "raw" for s, _ in bad))
    }
    try:
        mesh = Mesh.model_validate(rest)
    except ValidationError:
        return []
    unread = frozenset(str(name) for _, name in bad)
    return [*check(mesh, document, unread), *_raw_problems(mesh, document)]


def _without(section: str, parts: dict[str, Any], bad: Container[Any]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if (section, name) not in bad}


def _raw_problems(mesh: Mesh, document: Document) -> list[Problem]:
    """What Envoy's own descriptors have against resources in Envoy's own YAML."""
    problems = []
    seen: set[tuple[str, str]] = set()
    for index, raw in enumerate(mesh.raw):
        here = ("raw", index, "resource")
        try:
            made = raw_resource(raw.resource)
        except InvalidJson as error:
            place = (*here, *error.location)
            problems.append(document.problem(place, error.why, at_key=error.unknown))
            continue
        key = (made.type_url, made.name)
        if key in seen or made.name in _names_of_type(mesh, made.type_url):
            problems.append(document.problem(here, f"there is another {made}"))
        seen.add(key)
    return problems


def _names_of_type(mesh: Mesh, type_url: str) -> Container[str]:
    """The names that resources of a type have which come of the rest of the mesh."""
    match type_url:
        case resource.LISTENER:
            return mesh.listeners
        case resource.ROUTES:
            return mesh.routes
        case resource.EXTENSION:
            return mesh.filters
    return mesh.services


def _problem(document: Document, error: Any) -> Problem:
    location = _as_written(document, error["loc"])
    match error["type"]:
        case "extra_forbidden":
            key = str(location[-1])
            close = get_close_matches(key, _known_keys(), n=1)
            hint = f"; did you mean {close[0]!r}?" if close and close[0] != key else ""
            return document.problem(location, f"unknown key {key!r}{hint}", at_key=True)
        case "missing":
            what = f"`{location[-1]}` is missing"
            return document.problem(location[:-1], what)
        case "value_error":
            return document.problem(location, str(error["ctx"]["error"]))
    at_key = location[-1:] == ("[key]",)
    if at_key:
        location = location[:-1]
    if error["type"] == "string_pattern_mismatch" and at_key:
        what = f"{location[-1]!r} is no name: letters and digits, with ._/- between them"
        return document.problem(location, what, at_key=True)
    what = error["msg"].replace("Input should be", "expected").replace("Value error, ", "")
    value = error.get("input")
    if value is None or isinstance(value, str | int | float):
        shown = "nothing" if value is None else repr(value)[:_MOST_SHOWN]
        what = f"{what}, got {shown}"
    return document.problem(location, what, at_key=at_key)


def _as_written(document: Document, location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Where a value stands in the file, which may lack the virtual host around a table's rules."""
    if location[0:1] == ("routes",) and location[3:4] == ("rules",):
        written = document.data["routes"][location[1]]
        if "rules" not in written[location[2]]:
            return (*location[:2], *location[4:])
    return location


@cache
def _known_keys() -> tuple[str, ...]:
    keys: dict[str, None] = {}
    waiting: list[type[Part]] = [Part]
    while waiting:
        part = waiting.pop()
        waiting += part.__subclasses__()
        keys.update(dict.fromkeys(part.model_fields))
    return tuple(keys)
