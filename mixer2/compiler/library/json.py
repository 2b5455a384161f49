"""JSON for compiled filters: what `import json` means in profile aot.

Guest code, in place of CPython's module of the same name: equal results, and equal errors with
equal positions, for `loads` and `dumps` of the JSON types. Beyond that: `bytes` are UTF-8 (with or
without a byte order mark), and nesting is limited to 200 levels, where CPython has its stack.

Source: RFC 8259, and CPython 3.11's `json` for what the RFC leaves open: NaN and infinities are
read and written, of two equal names the last wins, lone surrogates are allowed.
"""

from ._json_decoder import JSONDecodeError as JSONDecodeError
from ._json_decoder import decode
from ._json_encoder import write
from ._json_value import JsonValue


def loads(s: str | bytes) -> JsonValue:
    """The value of a JSON text.

    Raises:
        JSONDecodeError: it is not JSON.
        UnicodeDecodeError: `s` is bytes and not UTF-8.
        RecursionError: it is nested too deep.
    """
    if isinstance(s, bytes):
        text = (s[3:] if s.startswith(b"\xef\xbb\xbf") else s).decode("utf-8", "surrogatepass")
    else:
        text = s
        if text.startswith("\ufeff"):
            raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", text, 0)
    return decode(text)


def dumps(
    obj: object,
    *,
    ensure_ascii: bool = True,
    allow_nan: bool = True,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """The JSON text of a value.

    Args:
        obj: None, bool, int, float, str, or lists, tuples and dicts of these.
        ensure_ascii: Escape all characters beyond ASCII.
        allow_nan: Write NaN and infinities, which JSON does not know.
        separators: What stands between items, and between a name and its value.
        sort_keys: Write the names of a dict in their order.

    Raises:
        TypeError: a value or a name is of another type.
        ValueError: a float is NaN or infinite, and `allow_nan` is False.
        RecursionError: the value is nested too deep, or contains itself.
    """
    if separators is None:
        separators = (", ", ": ")
    return write(obj, ensure_ascii, allow_nan, separators[0], separators[1], sort_keys)
