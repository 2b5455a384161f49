"""What urllib.parse makes of the request."""

from urllib.parse import (
    parse_qs,
    parse_qsl,
    quote,
    quote_plus,
    unquote,
    unquote_plus,
    unquote_to_bytes,
    urlencode,
    urlsplit,
)


def answer(request: bytes) -> list[str]:
    text = request.decode()
    lines = [quote(text), quote_plus(text, safe="/?"), quote(request, safe="")]
    lines += [repr(unquote(text)), repr(unquote_plus(text)), repr(unquote_to_bytes(request))]
    lines += [repr(parse_qs(text)), repr(parse_qsl(text, keep_blank_values=True, separator="a"))]
    lines.append(urlencode([(text, text)]))
    try:
        parts = urlsplit(text)
        lines.append(f"{list(parts)} {parts.username} {parts.password} {parts.hostname}")
        lines.append(repr(parts.geturl()))
        lines.append(str(parts.port))
    except ValueError as error:
        lines.append(str(error))
    return lines
