"""The page about backends and the example have every kind that the plugins know."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from adapters.backend.kind import CheckKind
from filters.mixer import Mixer
from filters.tcp_mixer import TcpMixer
from mixer2.mesh.document import Document
from mixer2.mixer.check import check

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/backends.yaml"
PAGE = ROOT / "docs/backends.md"

KINDS = [*Mixer().backends(), *TcpMixer().backends()]
CHECKS = [kind for kind in KINDS if isinstance(kind, CheckKind)]
NAMES = sorted({kind.name for kind in KINDS})

# | [`usage`](#usage) | records for billing | kept, at least once |
_ROW = re.compile(r"^\| (\[`.*) \|.*\|(.*)\|$", re.MULTILINE)
_KIND = re.compile(r"`([a-z_, `]+)`\]\(#([a-z-]+)\)")
# A hash of which the page shows the first 8 of its 64 digits.
_HASH = re.compile(r"([0-9a-f]{8})\.\.\.")


def rows() -> dict[str, tuple[str, str]]:
    """By kind: the anchor of its section, and what it does on failure."""
    found = {}
    for kinds, on_failure in _ROW.findall(PAGE.read_text()):
        for names, anchor in _KIND.findall(kinds):
            for name in names.split("`, `"):
                found[name] = (anchor, on_failure.strip())
    return found


def handlers(anchor: str) -> dict[str, Any]:
    """The handlers that a section of the page shows."""
    sections = PAGE.read_text().split("\n## ")
    (section,) = [
        one for one in sections if one.partition("\n")[0].lower().replace(" ", "-") == anchor
    ]
    shown: dict[str, Any] = {}
    for block in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL):
        shown |= YAML(typ="safe").load(_HASH.sub(r"\1" * 8, block))
    return shown


def test_the_example_is_right() -> None:
    assert check(Document.read(EXAMPLE)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_example_has_a_handler_of_each_kind(name: str) -> None:
    example = YAML(typ="safe").load(EXAMPLE)

    assert any(name in handler for handler in example["handlers"].values())


def test_the_page_lists_the_kinds_that_there_are() -> None:
    assert sorted(rows()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_page_has_a_section_that_shows_the_kind(name: str) -> None:
    shown = handlers(rows()[name][0])

    assert any(name in handler for handler in shown.values())
    assert check(Document.parse(json.dumps({"handlers": shown}), PAGE)) == []


@pytest.mark.parametrize("kind", CHECKS, ids=lambda kind: kind.name)
def test_the_page_says_what_a_check_does_on_failure(kind: CheckKind) -> None:
    assert rows()[kind.name][1] == ("open" if kind.fails_open else "closed")
