"""The reference table of the mesh file's keys, made from the schema.

python -m mixer2.mesh.reference docs/mesh.md     # puts it between the two marks in the file
"""

import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import JsonValue
from pydantic.fields import FieldInfo

from mixer2.mesh.schema import base
from mixer2.mesh.schema.base import Part
from mixer2.mesh.schema.mesh import Mesh
from mixer2.mesh.schema.nodes import NodeGroups
from mixer2.mesh.schema.routes import RouteTable, Switch

BEGIN, END = "<!-- keys: begin -->", "<!-- keys: end -->"

_NAMED: tuple[tuple[Any, str], ...] = (
    (base.Duration, "duration"),
    (base.Percent, "percentage"),
    (base.Port, "port"),
    (base.Name, "name"),
    (base.Names, "name, or list of names"),
    (base.Texts, "text, or list of texts"),
    (base.IpAddress, "IP address"),
    (base.NodePath, "path on the node"),
    (NodeGroups, "node group, or list of them"),
    (Switch, "on, off"),
    (RouteTable, "list of rules, or of virtual hosts"),
    (JsonValue, "anything"),
    (Path, "path"),
    (str, "text"),
    (int, "number"),
    (float, "number"),
    (bool, "true, false"),
    (Any, "anything"),
)


def reference() -> str:
    """Return all keys as Markdown, a table for each mapping."""
    return "\n".join(_tables(Mesh, "", set()))


def _tables(part: type[Part], path: str, done: set[type[Part]]) -> Iterator[str]:
    done.add(part)
    title = f"`{path}`" if path else "The file"
    summary = " ".join((part.__doc__ or "").split("\n\n")[0].split())
    yield f"### {title}\n\n{summary}\n"
    yield "| key | value | default | |\n|---|---|---|---|"
    inner: list[tuple[str, type[Part]]] = []
    for name, field in part.model_fields.items():
        kind = _annotation(field)
        yield f"| `{name}` | {_text(kind)} | {_default(field)} | {field.description or ''} |"
        inner += [(f"{path}.{name}{step}".lstrip("."), one) for step, one in _parts(kind)]
    yield ""
    for where, one in inner:
        if one not in done:
            yield from _tables(one, where, done)


def _annotation(field: FieldInfo) -> Any:
    """Put together again what pydantic took apart: the type and its constraints."""
    kind = field.annotation
    for whole, _ in _NAMED:
        if get_origin(whole) is Annotated and _matches(whole, field):
            return whole
    return kind


def _matches(whole: Any, field: FieldInfo) -> bool:
    kind, *constraints = get_args(whole)
    flat = [one for it in constraints for one in getattr(it, "metadata", [it])]
    return kind == field.annotation and all(one in field.metadata for one in flat)


def _text(kind: Any) -> str:
    for named, text in _NAMED:
        if kind is named or (get_origin(named) is Annotated and kind == named):
            return text
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _text(arguments[0])
    if origin in {types.UnionType, typing.Union}:
        return _text(next(one for one in arguments if one is not type(None)))
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in arguments)
    if origin is list:
        return f"list of {_plural(_text(arguments[0]))}"
    if origin is dict:
        return f"{_plural(_text(arguments[1]))} by name"
    return "mapping"


def _plural(text: str) -> str:
    if text in {"anything", "on, off"} or "," in text or text.startswith("list"):
        return text
    return f"{text}es" if text.endswith("s") else f"{text}s"


def _parts(kind: Any) -> Iterator[tuple[str, type[Part]]]:
    """The mappings within a type, and how one gets to them."""
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Part):
        yield "", kind
    elif origin is list:
        yield from ((f"[]{step}", one) for step, one in _parts(arguments[0]))
    elif origin is dict:
        yield from ((f".NAME{step}", one) for step, one in _parts(arguments[1]))
    elif origin is Annotated or origin in {types.UnionType, typing.Union}:
        for one in arguments[:1] if origin is Annotated else arguments:
            yield from _parts(one)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ("", [], {}) or isinstance(value, Part):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return ", ".join(f"`{_plain(one)}`" for one in value)
    return f"`{_plain(value)}`"


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).replace("|", "\\|")


def with_reference(document: str) -> str:
    """Return a document with the reference between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{reference()}{END}{after}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_reference(target.read_text(encoding="utf-8")), encoding="utf-8")
