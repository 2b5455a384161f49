"""The reference page of the mixer's configuration, made of its schema and of the vocabulary."""

from typing import Any

from adapters.mixer.expression import functions
from adapters.mixer.types import type_name
from adapters.mixer.vocabulary import EXCHANGES
from mixer2.mixer.descriptions import DESCRIPTIONS
from mixer2.mixer.schema import json_schema

_HEAD = """\
# The mixer's configuration: reference

Made from the schema by `python -m mixer2.mixer.reference`; a test compares.
[mixer.md](mixer.md) is the guide. `mixer2 check FILE` checks a configuration,
`mixer2 check --schema` prints the JSON Schema for editors.
"""

_FIRST = ("Mixer", "Rule", "Handler", "Buffer", "Fault", "Producer")


def page() -> str:
    """The whole page, Markdown."""
    schema = json_schema()
    definitions = {"Mixer": schema, **schema["$defs"]}
    names = [*_FIRST, *(name for name in definitions if name not in _FIRST)]
    parts = [_HEAD]
    parts += [_section(name, definitions) for name in names]
    parts += [_attributes(), _functions()]
    return "\n".join(parts)


def _section(name: str, definitions: dict[str, Any]) -> str:
    part = definitions[name]
    required = part.get("required", [])
    lines = [f"## {name}", "", part.get("description", "").strip(), ""]
    lines += ["| field | type | default | |", "|---|---|---|---|"]
    for field, about in part["properties"].items():
        default = "required" if field in required else _default(about)
        text = about.get("description") or _described(about, definitions)
        lines.append(f"| `{field}` | {_type(about)} | {default} | {text} |")
    return "\n".join([*lines, ""])


def _default(about: dict[str, Any]) -> str:
    default = about.get("default")
    if default is None or default == "":
        return ""
    if isinstance(default, bool):
        return "`true`" if default else "`false`"
    return f"`{default}`"


def _type(about: dict[str, Any]) -> str:
    """What a field takes, in a few words, with its bounds."""
    if "$ref" in about:
        name = about["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in about:
        return " or ".join(_type(one) for one in about["anyOf"] if one.get("type") != "null")
    if "enum" in about:
        return ", ".join(f"`{value}`" for value in about["enum"])
    kind = str(about["type"])
    if kind == "array":
        return f"list of {_type(about['items'])}"
    if kind == "object":
        return f"map of {_type(about['additionalProperties'])}"
    low, high = about.get("minimum"), about.get("maximum")
    bounds = f" {low:,} to {high:,}" if low is not None and high is not None else ""
    return kind + (bounds or (f" from {low:,}" if low is not None else ""))


def _described(about: dict[str, Any], definitions: dict[str, Any]) -> str:
    for one in [about, *about.get("anyOf", [])]:
        if "$ref" in one:
            described: str = definitions[one["$ref"].rsplit("/", 1)[1]].get("description", "")
            return described.strip()
        if "description" in one:
            return str(one["description"])
    return ""


def _attributes() -> str:
    lines = ["## Attributes", "", "What expressions may name. Durations are in nanoseconds."]
    lines += ["Those marked *end* are known when the exchange is over: to rules that report.", ""]
    lines += ["| attribute | type | | |", "|---|---|---|---|"]
    for name, description in DESCRIPTIONS.items():
        entry = EXCHANGES.find(name)
        assert entry is not None, name
        when = "*end*" if entry.from_response else ""
        lines.append(f"| `{name}` | {type_name(entry.kind)} | {when} | {description} |")
    return "\n".join([*lines, ""])


def _functions() -> str:
    called = ", ".join(f"`{name}()`" for name in functions.FUNCTIONS)
    methods = ", ".join(f"`.{name}()`" for name in functions.METHODS)
    operators = "`? :`, `||`, `&&`, `== != < <= > >= in`, `+ -`, `* / %`, `! -`, `.` and `[ ]`"
    lines = ["## Operators and functions", "", f"Operators, weakest first: {operators}.", ""]
    lines += [f"Functions: {called}.", "", f"Methods: {methods}."]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - the page is its output
