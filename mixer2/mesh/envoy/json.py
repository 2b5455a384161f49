"""What all parts of Envoy's JSON have in common."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from mixer2.xds.envoy_json import message_of, version_of_json
from mixer2.xds.protos import serialised
from mixer2.xds.resource import Reference, Resource

Json: TypeAlias = dict[str, Any]

EXTENSIONS = "type.googleapis.com/envoy.extensions."
ADS: Json = {"ads": {}, "resource_api_version": "V3"}


def seconds(value: float) -> str:
    """Return a duration as protobuf's JSON has it."""
    return f"{value:.9f}".rstrip("0").rstrip(".") + "s"


def percentage(value: float) -> Json:
    """Return a percentage, exact to a ten-thousandth."""
    return {"numerator": round(value * 10_000), "denominator": "MILLION"}


def typed(extension: str, **fields: Any) -> Json:
    """Return the JSON of an Any.

    Args:
        extension: The type below `envoy.extensions.`.
        fields: Those of the message; None for one that is not set.
    """
    return {"@type": EXTENSIONS + extension, **given(**fields)}


def given(**fields: Any) -> Json:
    """Return those of `fields` that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def resource_of(
    type_url: str, name: str, value: Json, references: Iterable[Reference] = ()
) -> Resource:
    """Make a resource from its JSON.

    Raises:
        InvalidJson: `value` is none of this type.
    """
    content = serialised(message_of(type_url, value))
    return Resource(type_url, name, version_of_json(value), content, tuple(references))
