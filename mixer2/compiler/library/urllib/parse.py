"""URLs for compiled filters: what `import urllib.parse` means in profile aot.

Source: RFC 3986, and CPython 3.11's module for what it leaves open. Hosts beyond ASCII are not
looked at in their NFKC form.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from .. import _bytes
from .._ipaddress_text import AddressValueError, parse_v4, parse_v6

_HEX_DIGITS: Final = "0123456789ABCDEF"
_UNRESERVED: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SCHEME: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."
_CONTROLS_AND_SPACE: Final = (
    "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
    "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f "
)
# Schemes whose URLs have `//` also when there is no host.
_WITH_HOST: Final = (
    " ftp http gopher nntp telnet imap wais file mms https shttp snews prospero rtsp rtspu rsync "
    "svn svn+ssh sftp nfs git git+ssh ws wss "
)
_PERCENT: Final = 0x25


def quote(
    string: str | bytes, safe: str = "/", encoding: str = "utf-8", errors: str = "strict"
) -> str:
    """Text with all but letters, digits, `_.-~` and `safe` as %xx."""
    if isinstance(string, str):
        return quote_from_bytes(string.encode(encoding, errors), safe)
    return quote_from_bytes(string, safe)


def quote_plus(
    string: str | bytes, safe: str = "", encoding: str = "utf-8", errors: str = "strict"
) -> str:
    """As `quote`, with + for spaces."""
    return quote(string, safe + " ", encoding, errors).replace(" ", "+")


def quote_from_bytes(bs: bytes, safe: str = "/") -> str:
    """Bytes with all but letters, digits, `_.-~` and `safe` as %xx."""
    parts: list[str] = []
    for byte in bs:
        character = chr(byte)
        if byte < 0x80 and (character in _UNRESERVED or character in safe):
            parts.append(character)
        else:
            parts.append(f"%{_HEX_DIGITS[byte >> 4]}{_HEX_DIGITS[byte & 15]}")
    return "".join(parts)


def unquote(string: str | bytes, encoding: str = "utf-8", errors: str = "replace") -> str:
    """Text with %xx replaced by what they stand for."""
    if isinstance(string, bytes):
        return unquote_to_bytes(string).decode(encoding, errors)
    if "%" not in string:
        return string
    if string.isascii():
        return unquote_to_bytes(string).decode(encoding, errors)
    # What is not ASCII stays as it is, and ends a run of bytes.
    parts: list[str] = []
    run: list[str] = []
    for character in string:
        if character <= "\x7f":
            run.append(character)
            continue
        if run:
            parts.append(unquote_to_bytes("".join(run)).decode(encoding, errors))
            run = []
        parts.append(character)
    parts.append(unquote_to_bytes("".join(run)).decode(encoding, errors))
    return "".join(parts)


def unquote_plus(string: str, encoding: str = "utf-8", errors: str = "replace") -> str:
    """As `unquote`, with spaces for +."""
    return unquote(string.replace("+", " "), encoding, errors)


def unquote_to_bytes(string: str | bytes) -> bytes:
    """Bytes with %xx replaced by what they stand for."""
    data = string.encode() if isinstance(string, str) else string
    if b"%" not in data:
        return data
    values: list[int] = []
    at = 0
    while at < len(data):
        value = data[at]
        at += 1
        if value == _PERCENT and at + 1 < len(data):
            high = _digit(data[at])
            low = _digit(data[at + 1])
            if high >= 0 and low >= 0:
                value = high << 4 | low
                at += 2
        values.append(value)
    return _bytes.from_ints(values)


def _digit(character: int) -> int:
    if 0x30 <= character <= 0x39:
        return character - 0x30
    letter = character | 0x20
    return letter - 0x57 if 0x61 <= letter <= 0x66 else -1


class SplitResult(NamedTuple):
    """The parts of a URL."""

    scheme: str
    netloc: str
    path: str
    query: str
    fragment: str

    @property
    def username(self) -> str | None:
        """What stands before the host and a colon."""
        user, at, _ = self.netloc.rpartition("@")
        return user.partition(":")[0] if at else None

    @property
    def password(self) -> str | None:
        """What stands before the host, behind a colon."""
        _, colon, password = self.netloc.rpartition("@")[0].partition(":")
        return password if colon else None

    @property
    def hostname(self) -> str | None:
        """The host in lower case, without brackets."""
        host = _host_and_port(self.netloc)[0]
        if not host:
            return None
        name, percent, zone = host.partition("%")
        return name.lower() + percent + zone

    @property
    def port(self) -> int | None:
        """The port.

        Raises:
            ValueError: it is none.
        """
        text = _host_and_port(self.netloc)[1]
        if not text:
            return None
        if text.strip("0123456789"):
            raise ValueError(f"Port could not be cast to integer value as {text!r}")
        port = _bytes.decimal(text.lstrip("0") or "0")
        if not 0 <= port <= 65535:
            raise ValueError("Port out of range 0-65535")
        return port

    def geturl(self) -> str:
        """The URL that has these parts."""
        return urlunsplit((self.scheme, self.netloc, self.path, self.query, self.fragment))


def _host_and_port(netloc: str) -> tuple[str, str]:
    _, _, place = netloc.rpartition("@")
    _, bracket, bracketed = place.partition("[")
    if bracket:
        host, _, rest = bracketed.partition("]")
        return host, rest.partition(":")[2]
    host, _, port = place.partition(":")
    return host, port


def urlsplit(url: str, scheme: str = "", allow_fragments: bool = True) -> SplitResult:
    """The parts of a URL.

    Args:
        url: `scheme://netloc/path?query#fragment`, most of it optional.
        scheme: Where the URL has none.
        allow_fragments: Whether `#` ends the rest.

    Raises:
        ValueError: brackets that hold no IPv6 address.
    """
    rest = _cleaned(url.lstrip(_CONTROLS_AND_SPACE))
    scheme = _cleaned(scheme.strip(_CONTROLS_AND_SPACE))
    netloc = ""
    query = ""
    fragment = ""
    before, colon, behind = rest.partition(":")
    if colon and before and before[0] in _LETTERS and not before.strip(_SCHEME):
        scheme = before.lower()
        rest = behind
    if rest[:2] == "//":
        end = 2
        while end < len(rest) and rest[end] not in "/?#":
            end += 1
        netloc = rest[2:end]
        rest = rest[end:]
        _check_brackets(netloc)
    if allow_fragments:
        rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    return SplitResult(scheme, netloc, rest, query, fragment)


def _cleaned(text: str) -> str:
    return text.replace("\t", "").replace("\r", "").replace("\n", "")


def _check_brackets(netloc: str) -> None:
    opens = "[" in netloc
    if opens != ("]" in netloc):
        raise ValueError("Invalid IPv6 URL")
    if not opens:
        return
    host = netloc.partition("[")[2].partition("]")[0]
    if host.startswith("v"):
        version, dot, address = host[1:].partition(".")
        if not version or version.strip("0123456789abcdefABCDEF") or not dot or not address:
            raise ValueError("IPvFuture address is invalid")
        return
    address, percent, scope = host.partition("%")
    try:
        parse_v6(address)
        if not percent or (scope and "%" not in scope):
            return
    except AddressValueError:
        if _is_v4(host):
            raise ValueError("An IPv4 address cannot be in brackets") from None
    raise ValueError(f"{host!r} does not appear to be an IPv4 or IPv6 address")


def _is_v4(text: str) -> bool:
    try:
        parse_v4(text)
    except AddressValueError:
        return False
    return True


def urlunsplit(components: tuple[str, str, str, str, str]) -> str:
    """The URL that has these parts: scheme, netloc, path, query, fragment."""
    scheme, netloc, url, query, fragment = components
    if netloc or (scheme and f" {scheme} " in _WITH_HOST and url[:2] != "//"):
        if url and url[:1] != "/":
            url = "/" + url
        url = "//" + netloc + url
    if scheme:
        url = scheme + ":" + url
    if query:
        url = url + "?" + query
    if fragment:
        url = url + "#" + fragment
    return url


def parse_qsl(
    qs: str,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str = "replace",
    max_num_fields: int | None = None,
    separator: str = "&",
) -> list[tuple[str, str]]:
    """The names and values of a query, in their order.

    Raises:
        ValueError: more fields than `max_num_fields`; with `strict_parsing`, a field without `=`.
    """
    if not separator:
        raise ValueError("Separator must be of type string or bytes.")
    fields = qs.split(separator) if qs else []
    if max_num_fields is not None and len(fields) > max_num_fields:
        raise ValueError("Max number of fields exceeded")
    pairs: list[tuple[str, str]] = []
    for field in fields:
        if not field and not strict_parsing:
            continue
        name, equals, value = field.partition("=")
        if not equals and strict_parsing:
            raise ValueError(f"bad query field: {field!r}")
        if keep_blank_values or value:
            pair = unquote_plus(name, encoding, errors), unquote_plus(value, encoding, errors)
            pairs.append(pair)
    return pairs


def parse_qs(
    qs: str,
    keep_blank_values: bool = False,
    strict_parsing: bool = False,
    encoding: str = "utf-8",
    errors: str = "replace",
    max_num_fields: int | None = None,
    separator: str = "&",
) -> dict[str, list[str]]:
    """The values of a query, by name. Arguments and errors are those of `parse_qsl`."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(
        qs, keep_blank_values, strict_parsing, encoding, errors, max_num_fields, separator
    ):
        if name in found:
            found[name].append(value)
        else:
            found[name] = [value]
    return found


def urlencode(query: dict[str, str] | Sequence[tuple[str, str]], safe: str = "") -> str:
    """A query of these names and values, which are text."""
    if isinstance(query, dict):
        return "&".join([_field(name, value, safe) for name, value in query.items()])
    return "&".join([_field(name, value, safe) for name, value in query])


def _field(name: str, value: str, safe: str) -> str:
    return f"{quote_plus(name, safe)}={quote_plus(value, safe)}"
