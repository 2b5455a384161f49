"""Everything that is wrong with a configuration of the mixer, with its places in the file."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mixer2.mesh.document import Document
from mixer2.mesh.errors import InvalidMesh, Problem
from mixer2.mixer.guest import refusal
from mixer2.mixer.schema import Mixer

_COLUMN = re.compile(r"column (\d+): (.*)", re.DOTALL)
_OF_KEYS = ("unknown field", "unknown value", "unknown kind")
_MOST_SHOWN = 40


def check_file(path: Path, *, of_connections: bool = False) -> list[Problem]:
    """Problems of a configuration file: YAML, or JSON, which is YAML too.

    Args:
        path: The file.
        of_connections: Whether it is for the mixer of TCP connections.
    """
    try:
        document = Document.read(path)
    except InvalidMesh as error:
        return list(error.problems)
    return check(document, of_connections=of_connections)


def check(document: Document, *, of_connections: bool = False) -> list[Problem]:
    """Problems of a configuration, in the order of the file; none when the plugin takes it."""
    data = {} if document.data is None else document.data
    try:
        Mixer.model_validate(data)
    except ValidationError as error:
        return sorted({_problem(document, one) for one in error.errors(include_url=False)})
    return sorted(
        {
            _place(document, data, reason)
            for reason in _refusals(data, partial(refusal, of_connections=of_connections))
        }
    )


def _refusals(data: dict[str, Any], refusal: Callable[[object], str | None]) -> list[str]:
    """What the plugin has against a configuration of the right shape.

    It stops at the first mistake; so it is asked about the parts one by one, each beside what it
    builds on.
    """
    attributes = {"attributes": data.get("attributes", [])}
    reason = refusal(attributes)
    if reason is not None:
        return [reason]
    reasons: list[str] = []
    handlers: dict[str, Any] = data.get("handlers", {})
    good: dict[str, Any] = {}
    for name, handler in handlers.items():
        reason = refusal({**attributes, "handlers": {name: handler}})
        if reason is None:
            good[name] = handler
        else:
            reasons.append(reason)
    shared = {**attributes, "handlers": good, "instances": data.get("instances", {})}
    for index, rule in enumerate(data.get("rules", [])):
        named = _names(rule.get("check")) + _names(rule.get("report"))
        if all(name in good or name not in handlers for name in named):
            reason = refusal({**shared, "rules": [rule]})
            if reason is not None:
                reasons.append(reason.replace("rules[0]", f"rules[{index}]", 1))
    if not reasons:
        reason = refusal(data)
        if reason is not None:
            reasons.append(reason)
    return reasons


def _names(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _place(document: Document, data: Any, reason: str) -> Problem:
    """A reason of the plugin's, `path: what`, at its place in the file."""
    path, _, what = reason.partition(": ")
    location: list[int | str] = []
    part = data
    rest = path
    while rest:
        step, rest = _step(part, rest)
        if step is None:
            # A field that is not there: the place of what it is missing from.
            what = f"{rest}: {what}"
            break
        location.append(step)
        part = part[step]
    column = _COLUMN.fullmatch(what)
    if column is None:
        return document.problem(location, what, at_key=what.startswith(_OF_KEYS))
    return _within(document, location, int(column[1]), column[2])


def _step(part: Any, path: str) -> tuple[int | str | None, str]:
    """The key or index that a path begins with, and the path behind it."""
    if isinstance(part, list):
        index = re.match(r"\[(\d+)\]\.?", path)
        if index is not None and int(index[1]) < len(part):
            return int(index[1]), path[index.end() :]
        return None, path
    if isinstance(part, dict):
        # Names of handlers may hold dots: the longest key that fits is the one.
        for key in sorted(part, key=len, reverse=True):
            behind = path[len(key) :]
            if path.startswith(key) and (not behind or behind[0] in ".["):
                return key, behind.removeprefix(".")
    return None, path


def _within(document: Document, location: list[int | str], column: int, what: str) -> Problem:
    """A place inside an expression: exact where it stands in one line as it is."""
    problem = document.problem(location, what)
    lines = (
        document.path.read_text(errors="replace").splitlines() if document.path.is_file() else []
    )
    line = lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
    quoted = line[problem.column - 1 : problem.column] in ("'", '"')
    if line[problem.column - 1 : problem.column] in ("|", ">"):
        return Problem(problem.path, problem.line, problem.column, f"column {column}: {what}")
    shift = column - 1 + (1 if quoted else 0)
    return Problem(problem.path, problem.line, problem.column + shift, what)


def _problem(document: Document, error: Any) -> Problem:
    """A problem of the shape."""
    location = [step for step in error["loc"] if step != "[key]"]
    match error["type"]:
        case "extra_forbidden":
            return document.problem(location, f"unknown field {location[-1]!r}", at_key=True)
        case "missing":
            return document.problem(location[:-1], f"`{location[-1]}` is missing")
    # Names of the alternatives of a union are no steps in the file.
    while location and document.value(location) is None:
        location.pop()
    what = error["msg"].replace("Input should be", "expected")
    value = error.get("input")
    if value is None or isinstance(value, str | int | float):
        what += f", got {'nothing' if value is None else repr(value)[:_MOST_SHOWN]}"
    return document.problem(location, what)
