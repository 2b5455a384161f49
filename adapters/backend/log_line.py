"""An exchange as a line of an access log: JSON, or a text of the operator's own.

Beside the instance's fields there are

    time            when the request came, RFC 3339 in UTC
    method          of the request
    host            of the request
    path            of the request, with the query
    code            status of the response; 0 for none
    duration_ms     milliseconds, rounded
    request_bytes   received from the client, where measured
    response_bytes  sent to the client, where measured
"""

from typing import Final

from adapters.backend.instance import Instance, ValueType
from adapters.backend.report import Passage
from adapters.events import HttpExchange
from adapters.wire import json_text
from adapters.wire.timestamp import rfc3339

SIZES: Final = ("request_bytes", "response_bytes")
ABSENT: Final = "-"
_NS_PER_MS: Final = 1_000_000


class TemplateError(ValueError):
    """A template that will not do; the message says what is wrong with it."""


class LineFields:
    """The fields that every line has.

    Attributes:
        texts: Names of those that are text.
        numbers: Names of those that are numbers.
    """

    def __init__(self, texts: list[str], numbers: list[str]) -> None:
        self.texts = texts
        self.numbers = numbers

    def text(self, name: str, exchange: HttpExchange, passage: Passage | None) -> str:
        """A text of an exchange; empty for none."""
        raise NotImplementedError

    def number(self, name: str, exchange: HttpExchange, passage: Passage | None) -> int:
        """A number of an exchange; below 0 for none."""
        raise NotImplementedError


class ExchangeFields(LineFields):
    """The fields of HTTP exchanges."""

    def __init__(self) -> None:
        super().__init__(
            ["time", "method", "host", "path"],
            ["code", "duration_ms", "request_bytes", "response_bytes"],
        )

    def text(self, name: str, exchange: HttpExchange, passage: Passage | None) -> str:
        """Of the request."""
        request = exchange.request
        if name == "time":
            return rfc3339(request.started_ns)
        if name == "method":
            return request.method
        return request.host if name == "host" else request.path

    def number(self, name: str, exchange: HttpExchange, passage: Passage | None) -> int:
        """Of the exchange."""
        if name == "code":
            return exchange.status_code
        if name == "duration_ms":
            return rounded_ms(exchange.duration_ns)
        return exchange.request_bytes if name == "request_bytes" else exchange.response_bytes


def rounded_ms(duration_ns: int) -> int:
    """Nanoseconds as milliseconds."""
    return (duration_ns + _NS_PER_MS // 2) // _NS_PER_MS


class LineFormat:
    """How an exchange becomes a line, without the line's end."""

    def line(self, values: list[str], exchange: HttpExchange, passage: Passage | None) -> str:
        """The line.

        Args:
            values: The instance's values.
            exchange: The exchange.
            passage: What was kept of it.
        """
        raise NotImplementedError


class JsonLine(LineFormat):
    """A JSON object of all built-in fields and all of an instance.

    Numbers and booleans are such in JSON too; a value that the exchange does not have is left out.
    """

    def __init__(self, instance: Instance, fields: LineFields) -> None:
        self._fields = fields
        self._names = [json_text.string(name) for name in instance.names]
        self._plain = [kind is not ValueType.TEXT for kind in instance.types]

    def line(self, values: list[str], exchange: HttpExchange, passage: Passage | None) -> str:
        """The object, on one line."""
        parts: list[str] = []
        for name in self._fields.texts:
            text = self._fields.text(name, exchange, passage)
            parts.append(f'"{name}":{json_text.string(text)}')
        for name in self._fields.numbers:
            number = self._fields.number(name, exchange, passage)
            if number >= 0:
                parts.append(f'"{name}":{number}')
        parts += [
            f"{self._names[at]}:{self._json(at, value)}" for at, value in enumerate(values) if value
        ]
        return "{" + ",".join(parts) + "}"

    def _json(self, at: int, value: str) -> str:
        # JSON has no word for infinity and NaN, which are doubles too.
        if self._plain[at] and not value.endswith(("inf", "nan")):
            return value
        return json_text.string(value)


class TextLine(LineFormat):
    """A template whose `{name}` is replaced; `{{` and `}}` are braces.

    Values are escaped as in JSON, so that none can begin a line of its own. A value that the
    exchange does not have is `-`.

    Raises:
        TemplateError: a brace stands alone, or a name is unknown.
    """

    def __init__(self, template: str, instance: Instance, fields: LineFields) -> None:
        self._fields = fields
        self._names = instance.names
        # Texts and the names between them: one text more.
        self._texts: list[str] = []
        self.names: list[str] = []
        text = ""
        at = 0
        while at < len(template):
            character = template[at]
            if character in "{}" and template[at : at + 2] == character * 2:
                text += character
                at += 2
            elif character == "{":
                end = template.find("}", at)
                if end < 0:
                    raise TemplateError("a { without its }; {{ stands for the brace itself")
                self._texts.append(text)
                text = ""
                self.names.append(self._known(template[at + 1 : end]))
                at = end + 1
            elif character == "}":
                raise TemplateError("a } without its {; }} stands for the brace itself")
            else:
                text += character
                at += 1
        self._texts.append(text)

    def line(self, values: list[str], exchange: HttpExchange, passage: Passage | None) -> str:
        """The template with values."""
        parts: list[str] = []
        for at in range(len(self.names)):
            parts.append(self._texts[at])
            parts.append(self._value(self.names[at], values, exchange, passage))
        parts.append(self._texts[-1])
        return "".join(parts)

    def _known(self, name: str) -> str:
        built_in = self._fields.texts + self._fields.numbers
        if name not in self._names and name not in built_in:
            known = ", ".join([*built_in, *self._names])
            raise TemplateError(f"unknown field {{{name}}}; there are {known}")
        return name

    def _value(
        self, name: str, values: list[str], exchange: HttpExchange, passage: Passage | None
    ) -> str:
        for at in range(len(self._names)):
            if self._names[at] == name:
                return json_text.escaped(values[at]) or ABSENT
        if name in self._fields.numbers:
            number = self._fields.number(name, exchange, passage)
            return str(number) if number >= 0 else ABSENT
        return json_text.escaped(self._fields.text(name, exchange, passage)) or ABSENT
