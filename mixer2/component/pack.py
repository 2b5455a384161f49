"""A filter's component to a core module: its snapshot is put into the template."""

import json
from dataclasses import dataclass
from typing import Final

from mixer2.component.component_format import Component, read_component
from mixer2.component.errors import ComponentError, MalformedError
from mixer2.component.flatten import main_module
from mixer2.component.template import GLUE_PAGE, Template
from mixer2.component.wasm_format import (
    DATA,
    DATA_COUNT,
    EXPORTS,
    FUNCTION,
    MEMORIES,
    Export,
    Reader,
    encode_exports,
    leb,
    memory_pages,
    module,
    read_exports,
    sections,
)

# mixer2/component/guest/entry.py puts its report between these.
_BEGIN: Final = b"\1mixer2 report\2"
_END: Final = b"\3mixer2 end\4"

# What a module exports beside its callbacks.
_ALWAYS: Final = ("memory", "proxy_abi_version_0_2_1", "proxy_on_memory_allocate")


class SnapshotTooLargeError(ComponentError):
    """The filter's snapshot leaves no room for the glue."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the snapshot says of itself.

    Attributes:
        callbacks: What the module is to export.
        files: The modules that were imported, as paths in the component.
        python: Version of CPython.
    """

    callbacks: list[str]
    files: list[str]
    python: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A module, and what its snapshot says of itself."""

    wasm: bytes
    report: Report


def pack(wasm: bytes, template: Template) -> Packed:
    """Make a core module of a component.

    Raises:
        MalformedError: it is no component of a filter.
        TemplateMismatchError: it is of other code than the template.
        SnapshotTooLargeError: it has more memory than there is room for.
    """
    component = read_component(wasm)
    template.check_code(component)
    count, snapshot = _snapshot(component)
    report = _report(snapshot)
    parts = []
    for kind, content in sections(template.code):
        if kind == DATA:
            reader = Reader(content, "data section")
            total = count + reader.number()
            parts.append((kind, leb(total) + snapshot + content[reader.at :]))
        elif kind == DATA_COUNT:
            parts.append((kind, leb(count + Reader(content, "data count").number())))
        elif kind == EXPORTS:
            parts.append((kind, encode_exports(_exports(template.code, report))))
        else:
            parts.append((kind, content))
    return Packed(module(parts), report)


def _snapshot(component: Component) -> tuple[int, bytes]:
    """Number of the snapshot's segments, and the segments."""
    parts = dict(sections(component.modules[main_module(component)]))
    pages = memory_pages(parts[MEMORIES])
    if pages > GLUE_PAGE:
        raise SnapshotTooLargeError(
            f"the filter with all that it imports takes {pages // 16} MiB of memory when it "
            f"starts, and {GLUE_PAGE // 16} MiB is the limit"
        )
    reader = Reader(parts[DATA], "data section")
    count = reader.number()
    return count, parts[DATA][reader.at :]


def _report(snapshot: bytes) -> Report:
    at = snapshot.find(_BEGIN)
    while at >= 0:
        end = snapshot.find(_END, at)
        try:
            return Report(**json.loads(snapshot[at + len(_BEGIN) : end]))
        except (TypeError, ValueError):
            # Memory that is free again holds all sorts of things.
            at = snapshot.find(_BEGIN, at + 1)
    raise MalformedError("snapshot", "the report of its entry module", "none")


def _exports(code: bytes, report: Report) -> list[Export]:
    """What the filter needs of the template's exports: each callback costs a call per event."""
    wanted = {*_ALWAYS, *report.callbacks}
    exports = [one for one in read_exports(code) if one.name in wanted]
    missing = set(report.callbacks) - {one.name for one in exports if one.kind == FUNCTION}
    if missing:
        raise MalformedError("template", "every callback", f"none of {', '.join(sorted(missing))}")
    return exports
