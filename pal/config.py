"""Configuration: typed fields of a JSON object, with errors for the person who wrote it.

    config = Config.parse(self.configuration)
    header = config.get_str("tenant_header", "x-tenant")
    limit = config.get_int("max_tenants", 100, minimum=1)
    config.refuse_unknown_fields()

Every error is a `ConfigurationError` that names the field by its path
(`max_tenants: expected an integer, got a string`) and refuses the configuration when it leaves
`on_configure`. A field that stands twice counts once, the last time.
"""

from typing import Final

from pal import digits, header_name, json_scan
from pal.errors import ConfigurationError
from pal.json_scan import Scanner

_NO_LIMIT: Final = 2**62 - 1
"""Largest int of profile aot."""

_MOST_DIGITS: Final = 18
"""Of an integer: so many always fit into 63 bits."""


class _Fields:
    """The fields of one object: where their values start, and which of them were asked for."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.names: list[str] = []
        self.starts: list[int] = []
        self.known: list[str] = []


class Config:
    """One JSON object. A field that is not there has its default.

    Args:
        data: The whole document, known to be JSON; empty for an object without fields.
        start: Where the object's brace stands.
        path: Where the object stands, empty for the whole configuration.
        objects: The fields of the objects that were asked for, in the whole configuration.
    """

    def __init__(self, data: bytes, start: int, path: str, objects: list[_Fields]) -> None:
        self._data = data
        self._path = path
        self._fields = _Fields(path)
        self._objects = objects
        objects.append(self._fields)
        if len(data) > 0:
            self._read_fields(start)

    @staticmethod
    def parse(data: bytes) -> "Config":
        """Read a configuration; no bytes at all are the empty object.

        Raises:
            ConfigurationError: it is not UTF-8, not JSON, or not an object.
        """
        if len(data) == 0:
            return Config(data, 0, "", [])
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"not JSON: {error}")  # noqa: B904 - one line tells it all
        scanner = Scanner(data)
        start = scanner.document()
        scanner.position = start
        if scanner.kind() != json_scan.OBJECT:
            raise ConfigurationError(f"expected an object, got {_kind(scanner)}")
        return Config(data, start, "", [])

    def get_str(self, name: str, default: str) -> str:
        """Value of a text field."""
        value = self._value(name)
        if value is None:
            return default
        if value.kind() != json_scan.STRING:
            raise self._unexpected(name, "a string", value)
        return value.string()

    def get_header_name(self, name: str, default: str) -> str:
        """Value of a field that names a header, in lower case (RFC 9110, "token")."""
        value = self.get_str(name, default)
        if not value:
            raise self.refusal(name, "expected a header name, got the empty string")
        if not header_name.is_valid(value):
            raise self.refusal(name, f"not a header name: {value}")
        return header_name.lower(value)

    def get_int(
        self, name: str, default: int, minimum: int = -_NO_LIMIT, maximum: int = _NO_LIMIT
    ) -> int:
        """Value of an integer field, which must be `minimum` to `maximum`."""
        value = self._value(name)
        if value is None:
            return default
        if value.kind() != json_scan.NUMBER or value.is_fractional():
            raise self._unexpected(name, "an integer", value)
        text = value.number()
        if len(text) > _MOST_DIGITS:
            raise self.refusal(name, f"expected at most {_MOST_DIGITS} digits, got {text}")
        number = digits.leading_int(text)
        if number < minimum:
            raise self.refusal(name, f"expected at least {minimum}, got {text}")
        if number > maximum:
            raise self.refusal(name, f"expected at most {maximum}, got {text}")
        return number

    def get_float(self, name: str, default: float) -> float:
        """Value of a number field."""
        value = self._value(name)
        if value is None:
            return default
        if value.kind() != json_scan.NUMBER:
            raise self._unexpected(name, "a number", value)
        return float(value.number())

    def get_bool(self, name: str, default: bool) -> bool:
        """Value of a field that is true or false."""
        value = self._value(name)
        if value is None:
            return default
        kind = value.kind()
        if kind not in (json_scan.TRUE, json_scan.FALSE):
            raise self._unexpected(name, "true or false", value)
        return kind == json_scan.TRUE

    def get_str_list(self, name: str, default: list[str]) -> list[str]:
        """Value of a field that is a list of strings."""
        value = self._value(name)
        if value is None:
            return default
        if value.kind() != json_scan.LIST:
            raise self._unexpected(name, "a list of strings", value)
        texts: list[str] = []
        while value.next_item():
            if value.kind() != json_scan.STRING:
                raise self._unexpected(f"{name}[{len(texts)}]", "a string", value)
            start = value.position
            texts.append(value.string())
            value.position = start
            value.skip_value()
        return texts

    def names(self) -> list[str]:
        """Names of the fields that are there, in their order; each once."""
        found: list[str] = []
        for name in self._fields.names:
            if name not in found:
                found.append(name)
        return found

    def has(self, name: str) -> bool:
        """Whether a field is there; asking makes it a known one."""
        if name not in self._fields.known:
            self._fields.known.append(name)
        return name in self._fields.names

    def get_sections(self, name: str) -> list["Config"]:
        """The objects of a field that is a list of them; empty when it is not there."""
        sections: list[Config] = []
        value = self._value(name)
        if value is None:
            return sections
        if value.kind() != json_scan.LIST:
            raise self._unexpected(name, "a list of objects", value)
        while value.next_item():
            path = f"{name}[{len(sections)}]"
            if value.kind() != json_scan.OBJECT:
                raise self._unexpected(path, "an object", value)
            path = self._path_of(path) + "."
            sections.append(Config(self._data, value.position, path, self._objects))
            value.skip_value()
        return sections

    def get_str_or_list(self, name: str) -> list[str]:
        """The strings of a field that is one string or a list of them; empty without it."""
        value = self._value(name)
        if value is None:
            return []
        if value.kind() == json_scan.STRING:
            return [value.string()]
        return self.get_str_list(name, [])

    def get_section(self, name: str) -> "Config":
        """The object in a field; the empty object when the field is not there."""
        path = self._path_of(name) + "."
        value = self._value(name)
        if value is None:
            return Config(b"", 0, path, self._objects)
        if value.kind() != json_scan.OBJECT:
            raise self._unexpected(name, "an object", value)
        return Config(self._data, value.position, path, self._objects)

    def refuse_unknown_fields(self) -> None:
        """Refuse the fields that nobody asked for, here and in the sections that were asked for.

        Call it last: a misspelt field would else be a default that nobody wanted.
        """
        for fields in self._objects:
            if fields.path[: len(self._path)] != self._path:
                continue
            for name in fields.names:
                if name not in fields.known:
                    known = ", ".join(fields.known)
                    reason = f"unknown field; there are {known}"
                    raise ConfigurationError(f"{fields.path}{name}: {reason}")

    def refusal(self, name: str, reason: str) -> ConfigurationError:
        """The error for a field whose value does not do: `raise config.refusal("a", "why")`."""
        return ConfigurationError(f"{self._path_of(name)}: {reason}")

    def _read_fields(self, start: int) -> None:
        scanner = Scanner(self._data)
        scanner.position = start
        while scanner.next_name():
            self._fields.names.append(scanner.string())
            scanner.enter_field()
            self._fields.starts.append(scanner.position)
            scanner.skip_value()

    def _value(self, name: str) -> Scanner | None:
        """A scanner at a field's value; None when the field is not there."""
        fields = self._fields
        if name not in fields.known:
            fields.known.append(name)
        index = len(fields.names) - 1
        while index >= 0 and fields.names[index] != name:
            index -= 1
        if index < 0:
            return None
        scanner = Scanner(self._data)
        scanner.position = fields.starts[index]
        if scanner.kind() == json_scan.NULL:
            raise self.refusal(name, "null has no meaning here; leave the field out")
        return scanner

    def _unexpected(self, name: str, expected: str, value: Scanner) -> ConfigurationError:
        return self.refusal(name, f"expected {expected}, got {_kind(value)}")

    def _path_of(self, name: str) -> str:
        return self._path + name


def _kind(value: Scanner) -> str:
    """What an author calls the value at a scanner's position."""
    kind = value.kind()
    if kind == json_scan.STRING:
        return "a string"
    if kind == json_scan.NUMBER:
        return "a fractional number" if value.is_fractional() else "an integer"
    if kind == json_scan.TRUE:
        return "true"
    if kind == json_scan.FALSE:
        return "false"
    if kind == json_scan.LIST:
        return "a list"
    if kind == json_scan.OBJECT:
        return "an object"
    return "null"
