"""Attributes of the request. Those of its headers: in `on_request_headers` and `on_log` only."""

from pal import attributes, header_name


def path() -> str | None:
    """Path and query."""
    return attributes.get_str("request.path")


def url_path() -> str | None:
    """Path without query."""
    return attributes.get_str("request.url_path")


def query() -> str | None:
    """Query, without `?`."""
    return attributes.get_str("request.query")


def host() -> str | None:
    """`:authority`."""
    return attributes.get_str("request.host")


def scheme() -> str | None:
    """`http` or `https`."""
    return attributes.get_str("request.scheme")


def method() -> str | None:
    """Method."""
    return attributes.get_str("request.method")


def referer() -> str | None:
    """Header `referer`."""
    return attributes.get_str("request.referer")


def user_agent() -> str | None:
    """Header `user-agent`."""
    return attributes.get_str("request.useragent")


def request_id() -> str | None:
    """Header `x-request-id`."""
    return attributes.get_str("request.id")


def protocol() -> str | None:
    """`HTTP/1.0`, `HTTP/1.1`, `HTTP/2` or `HTTP/3`."""
    return attributes.get_str("request.protocol")


def headers() -> list[tuple[str, str]]:
    """All headers; empty in response callbacks."""
    return attributes.get_text_map("request.headers")


def header(name: str) -> str | None:
    """Values of one header, joined with commas."""
    return attributes.get_str(f"request\0headers\0{header_name.lower(name)}")


def started_ns() -> int | None:
    """When the first byte came, nanoseconds since 1970."""
    return attributes.get_int("request.time")


def duration_ns() -> int | None:
    """From the first byte to the end of the exchange, nanoseconds; in `on_log`."""
    return attributes.get_int("request.duration")


def body_bytes() -> int | None:
    """Bytes of the body so far; of a connection those received."""
    return attributes.get_int("request.size")


def headers_bytes() -> int | None:
    """Bytes of the headers; 0 in response callbacks."""
    return attributes.get_int("request.headers_bytes")


def total_bytes() -> int | None:
    """Bytes of headers, body and trailers so far."""
    return attributes.get_int("request.total_size")
