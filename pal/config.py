"""Configuration: typed fields of a JSON object, with errors for the person who wrote it.

    config = Config.parse(self.configuration)
    header = config.get_str("tenant_header", "x-tenant")
    limit = config.get_int("max_tenants", 100, minimum=1)
    config.refuse_unknown_fields()

Every error is a `ConfigurationError` that names the field by its path
(`max_tenants: expected an integer, got a string`) and refuses the configuration when it leaves
`on_configure`.
"""

import json
from typing import Final

from pal.errors import ConfigurationError

_HEADER_NAME_CHARACTERS: Final = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
_NO_LIMIT: Final = 2**62 - 1
"""Largest int of profile aot."""


class Config:
    """One JSON object. A field that is not there has its default.

    Args:
        fields: The object's fields.
        path: Where the object stands, empty for the whole configuration.
    """

    def __init__(self, fields: dict[str, object], path: str) -> None:
        self._fields = fields
        self._path = path
        self._known: set[str] = set()
        self._sections: list[Config] = []

    @staticmethod
    def parse(data: bytes) -> "Config":
        """Read a configuration; no bytes at all are the empty object.

        Raises:
            ConfigurationError: it is not UTF-8, not JSON, or not an object.
        """
        if len(data) == 0:
            return Config({}, "")
        value, reason = _loads(data)
        if reason:
            raise ConfigurationError(f"not JSON: {reason}")
        if not isinstance(value, dict):
            raise ConfigurationError(f"expected an object, got {_kind(value)}")
        return Config(value, "")

    def get_str(self, name: str, default: str) -> str:
        """Value of a text field."""
        value = self._value(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._unexpected(name, "a string", value)
        return value

    def get_header_name(self, name: str, default: str) -> str:
        """Value of a field that names a header, in lower case (RFC 9110, "token")."""
        value = self.get_str(name, default).lower()
        for character in value:
            if character not in _HEADER_NAME_CHARACTERS:
                raise self.refusal(name, f"not a header name: {value}")
        if len(value) == 0:
            raise self.refusal(name, "expected a header name, got the empty string")
        return value

    def get_int(
        self, name: str, default: int, minimum: int = -_NO_LIMIT, maximum: int = _NO_LIMIT
    ) -> int:
        """Value of an integer field, which must be `minimum` to `maximum`."""
        value = self._value(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._unexpected(name, "an integer", value)
        if value < minimum:
            raise self.refusal(name, f"expected at least {minimum}, got {value}")
        if value > maximum:
            raise self.refusal(name, f"expected at most {maximum}, got {value}")
        return value

    def get_float(self, name: str, default: float) -> float:
        """Value of a number field."""
        value = self._value(name)
        if value is None:
            return default
        if isinstance(value, bool):
            raise self._unexpected(name, "a number", value)
        if isinstance(value, int):
            return float(value)
        if not isinstance(value, float):
            raise self._unexpected(name, "a number", value)
        return value

    def get_bool(self, name: str, default: bool) -> bool:
        """Value of a field that is true or false."""
        value = self._value(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._unexpected(name, "true or false", value)
        return value

    def get_str_list(self, name: str, default: list[str]) -> list[str]:
        """Value of a field that is a list of strings."""
        value = self._value(name)
        if value is None:
            return default
        if not isinstance(value, list):
            raise self._unexpected(name, "a list of strings", value)
        texts: list[str] = []
        for index, item in enumerate(value):
            if not isinstance(item, str):
                raise self._unexpected(f"{name}[{index}]", "a string", item)
            texts.append(item)
        return texts

    def get_section(self, name: str) -> "Config":
        """The object in a field; the empty object when the field is not there."""
        value = self._value(name)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self._unexpected(name, "an object", value)
        section = Config(value, self._path_of(name) + ".")
        self._sections.append(section)
        return section

    def refuse_unknown_fields(self) -> None:
        """Refuse the fields that nobody asked for, here and in the sections that were asked for.

        Call it last: a misspelt field would else be a default that nobody wanted.
        """
        for name in self._fields:
            if name not in self._known:
                known = ", ".join(sorted(self._known))
                raise self.refusal(name, f"unknown field; there are {known}")
        for section in self._sections:
            section.refuse_unknown_fields()

    def refusal(self, name: str, reason: str) -> ConfigurationError:
        """The error for a field whose value does not do: `raise config.refusal("a", "why")`."""
        return ConfigurationError(f"{self._path_of(name)}: {reason}")

    def _value(self, name: str) -> object:
        self._known.add(name)
        if name not in self._fields:
            return None
        value = self._fields[name]
        if value is None:
            raise self.refusal(name, "null has no meaning here; leave the field out")
        return value

    def _unexpected(self, name: str, expected: str, value: object) -> ConfigurationError:
        return self.refusal(name, f"expected {expected}, got {_kind(value)}")

    def _path_of(self, name: str) -> str:
        return self._path + name


def _loads(data: bytes) -> tuple[object, str]:
    """The value of a JSON text, and why there is none."""
    try:
        return json.loads(data), ""
    except (ValueError, OverflowError, RecursionError) as error:
        return None, str(error)


def _kind(value: object) -> str:
    """What a JSON value is, in JSON's words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return "an integer"
    if isinstance(value, float):
        return "a fractional number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"
