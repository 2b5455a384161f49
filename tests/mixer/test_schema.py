"""The schema is what the plugin takes, field by field, and the page is what the schema says."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from adapters.mixer.policy import FIELDS
from adapters.mixer.vocabulary import EXCHANGES
from filters.mixer import Mixer as MixerPlugin
from mixer2.mesh.document import Document
from mixer2.mixer.check import check
from mixer2.mixer.descriptions import DESCRIPTIONS
from mixer2.mixer.guest import refusal
from mixer2.mixer.reference import page
from mixer2.mixer.schema import Buffer, Fault, Handler, Mixer, Producer, Rule, json_schema

ROOT = Path(__file__).parents[2]

# Settings that a kind cannot do without.
NEEDED: dict[str, dict[str, object]] = {
    "rate_limit": {"requests": 1},
    "global_rate_limit": {"cluster": "c"},
    "quota": {"cluster": "c"},
    "api_keys": {"keys": [{"consumer": "ann", "sha256": "ab" * 32}]},
    "remote_authz": {"cluster": "c"},
    "tracing": {"cluster": "c"},
    "usage": {"cluster": "c"},
    "access_log": {"cluster": "c"},
}
KINDS = [kind.name for kind in MixerPlugin().backends()]


def fields_of(reason: str | None, path: str) -> set[str]:
    """The fields that the plugin names when it refuses the field `zzz`."""
    assert reason is not None
    match = re.fullmatch(re.escape(path) + r"zzz: unknown field; there are (.*)", reason)
    assert match is not None, reason
    return set(match[1].split(", "))


def settings_model(kind: str) -> Any:
    (model,) = set(get_args(Handler.model_fields[kind].annotation)) - {type(None)}
    return model


@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_of_a_kind(kind: str) -> None:
    settings = {**NEEDED.get(kind, {}), "zzz": 1}

    reason = refusal({"handlers": {"h": {kind: settings}}})

    assert fields_of(reason, f"handlers.h.{kind}.") == set(settings_model(kind).model_fields)


def test_the_kinds_and_policies_of_a_handler() -> None:
    assert set(Handler.model_fields) == {*KINDS, *FIELDS}


def test_the_fields_of_the_other_parts() -> None:
    fixed: dict[str, object] = {"fixed": {}}
    names = {info.alias or name for name, info in Rule.model_fields.items()}
    rule = {"check": "h", "zzz": 1}
    reason = refusal({"handlers": {"h": fixed}, "rules": [rule]})
    assert fields_of(reason, "rules[0].") == names

    assert fields_of(refusal({"zzz": 1}), "") == set(Mixer.model_fields)
    buffer = {"handlers": {"h": {**fixed, "buffer": {"zzz": 1}}}}
    assert fields_of(refusal(buffer), "handlers.h.buffer.") == set(Buffer.model_fields)
    fault = {"handlers": {"h": {**fixed, "fault": {"zzz": 1}}}}
    assert fields_of(refusal(fault), "handlers.h.fault.") == set(Fault.model_fields)


def test_the_kinds_of_producers() -> None:
    kinds = {kind.name for kind in MixerPlugin().producers()}

    assert set(Producer.model_fields) == {"name", "default", "token_header", "address", *kinds}


def test_defaults_of_the_schema_are_those_of_the_plugin() -> None:
    """What is left out and what is written out as the schema's default are the same to it."""
    for kind in KINDS:
        written = settings_model(kind)(**NEEDED.get(kind, {})).model_dump(exclude_none=True)
        assert refusal({"handlers": {"h": {kind: written}}}) is None, kind


def test_the_reference_page_is_up_to_date() -> None:
    assert (ROOT / "docs/mixer-reference.md").read_text() == page(), (
        "python -m mixer2.mixer.reference > docs/mixer-reference.md"
    )


def test_every_attribute_is_described() -> None:
    assert list(DESCRIPTIONS) == EXCHANGES.names()


def test_the_schema_is_one() -> None:
    schema = json_schema()

    assert schema["properties"]["rules"]["maxItems"] == 1000
    assert set(schema["$defs"]["Rule"]["properties"]) >= {"with", "when", "check", "report"}


def test_the_example_is_short_and_right() -> None:
    file = ROOT / "examples/mixer.yaml"

    assert check(Document.read(file)) == []
    assert len(file.read_text().splitlines()) <= 15


def test_the_guide_shows_the_example() -> None:
    example = (ROOT / "examples/mixer.yaml").read_text().split("\n", 1)[1]

    assert example in (ROOT / "docs/mixer.md").read_text()
