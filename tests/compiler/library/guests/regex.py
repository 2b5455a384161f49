"""Compiles a pattern, and does everything with it."""

import json
import re
from typing import Any


def answer(request: bytes) -> list[str]:
    wanted: Any = json.loads(request)
    is_text = bool(wanted["is_text"])
    pattern = str(wanted["pattern"])
    text = str(wanted["text"])
    template = str(wanted["template"])
    flags = int(wanted["flags"])
    start = int(wanted["start"])
    end = int(wanted["end"])
    try:
        if is_text:
            return all_of(re.compile(pattern, flags), text, start, end, template)
        compiled = re.compile(pattern.encode("latin-1"), flags)
        return all_of_bytes(compiled, text.encode("latin-1"), start, end)
    except re.error as error:
        return [f"error {error} {error.msg} {error.pos} {error.lineno} {error.colno}"]
    except ValueError as other_error:
        return [f"ValueError {other_error}"]


def shown(found: re.Match[str] | None) -> str:
    if found is None:
        return "None"
    names = sorted(found.groupdict().items())
    span = found.span()
    return (
        f"{span} {found.group()!r} {found.groups()} {names} {found.lastindex} {found.lastgroup} "
        f"{found.pos} {found.endpos} {[found.span(i) for i in range(len(found.groups()) + 1)]}"
    )


def all_of(pattern: re.Pattern[str], text: str, start: int, end: int, template: str) -> list[str]:
    lines = [
        f"{pattern.groups} {sorted(pattern.groupindex.items())} {pattern.flags}",
        shown(pattern.match(text)),
        shown(pattern.fullmatch(text)),
        shown(pattern.search(text)),
        shown(pattern.search(text, start, end)),
        shown(pattern.match(text, start)),
        " / ".join([shown(found) for found in pattern.finditer(text)]),
        repr(pattern.findall(text, start, end)),
        repr(pattern.split(text)),
        repr(pattern.split(text, 2)),
        repr(pattern.subn(upper, text)),
    ]
    try:
        lines.append(repr(pattern.subn(template, text)))
        lines.append(repr(pattern.sub(template, text, 1)))
        found = pattern.search(text)
        lines.append("" if found is None else repr(found.expand(template)))
    except re.error as error:
        lines.append(f"error {error} {error.pos}")
    except IndexError as other_error:
        lines.append(f"IndexError {other_error}")
    return lines


def upper(found: re.Match[str]) -> str:
    return f"<{str(found.group()).upper()}>"


def all_of_bytes(pattern: re.Pattern[bytes], text: bytes, start: int, end: int) -> list[str]:
    lines: list[str] = []
    for found in (pattern.match(text), pattern.fullmatch(text), pattern.search(text, start, end)):
        if found is None:
            lines.append("None")
        else:
            lines.append(f"{found.span()} {found.group()!r} {found.groups()} {found.groupdict()}")
    lines.append(repr(pattern.findall(text)))
    lines.append(repr(pattern.split(text)))
    lines.append(repr(pattern.sub(b"[\\g<0>]", text)))
    return lines
