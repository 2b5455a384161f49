"""Stat names that carry labels.

    mixer2_http_requests_total{tenant=acme,method=GET,code_class=2xx}

Envoy's `stats_tags` turn such a name into a Prometheus series with labels. Metric and label names
match `[a-zA-Z_][a-zA-Z0-9_]*`; the labels of one metric always come in the same order.
"""

from typing import Final

from pal.errors import PalError

MAX_VALUE_BYTES: Final = 64
"""Bytes of a label value that are kept, before escaping."""

_HEX_DIGITS: Final = "0123456789ABCDEF"


class StatNameError(PalError):
    """Label names and values do not match."""


def stat_name(name: str, labels: list[str], values: list[str]) -> str:
    """The stat's name of one series, `name{label=value,...}`, with escaped values.

    Raises:
        StatNameError: not as many values as labels.
    """
    if len(labels) != len(values):
        raise StatNameError(f"{name}: expected {len(labels)} label values, got {len(values)}")
    if not labels:
        return name
    return _labelled(name, labels, values)


def _labelled(name: str, labels: list[str], values: list[str]) -> str:
    """The name with one label or more. In profile aot build/runtime/stat_names.c."""
    parts = [f"{labels[index]}={escape(values[index])}" for index in range(len(labels))]
    return name + "{" + ",".join(parts) + "}"


def escape(value: str) -> str:
    """A label value as it may stand in a stat's name.

    The value is cut to 64 bytes at a character's boundary; an empty one becomes `none`, because
    Prometheus takes an empty label for an absent one. `%XX` stands for `%`, braces, comma, control
    characters, bytes that are not UTF-8, and a dot at the end, which Envoy would cut off.

    In profile aot this is a function of the run-time (build/runtime/stat_names.c).
    """
    if not value:
        return "none"
    escaped: list[str] = []
    size = 0
    last_dot = False
    for character in value:
        code = ord(character)
        size += _utf8_size(code)
        if size > MAX_VALUE_BYTES:
            break
        last_dot = character == "."
        if 0xDC80 <= code <= 0xDCFF:
            escaped.append(_percent(code - 0xDC00))
        elif 0xD800 <= code <= 0xDFFF:
            escaped.append("\ufffd")
        elif code < 0x20 or code == 0x7F or character in "%{},":
            escaped.append(_percent(code))
        else:
            escaped.append(character)
    if last_dot:
        escaped[-1] = "%2E"
    return "".join(escaped)


def _utf8_size(code: int) -> int:
    if code < 0x80 or 0xDC80 <= code <= 0xDCFF:
        return 1
    if code < 0x800:
        return 2
    return 3 if code < 0x1_0000 else 4


def _percent(byte: int) -> str:
    return "%" + _HEX_DIGITS[byte >> 4] + _HEX_DIGITS[byte & 15]
