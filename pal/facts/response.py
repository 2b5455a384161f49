"""Attributes of the response. They are there from `on_response_headers` on."""

from pal import attributes, header_name


def code() -> int | None:
    """Status code."""
    return attributes.get_int("response.code")


def code_details() -> str | None:
    """Who answered, and why: `%RESPONSE_CODE_DETAILS%`."""
    return attributes.get_str("response.code_details")


def grpc_status() -> int | None:
    """gRPC status, or what the HTTP status means in gRPC."""
    return attributes.get_int("response.grpc_status")


def flags() -> int | None:
    """`%RESPONSE_FLAGS%` as bits; 0 while nothing went wrong."""
    return attributes.get_int("response.flags")


def headers() -> list[tuple[str, str]]:
    """All headers; empty before the response."""
    return attributes.get_text_map("response.headers")


def header(name: str) -> str | None:
    """Values of one header, joined with commas."""
    return attributes.get_str(f"response\0headers\0{header_name.lower(name)}")


def trailers() -> list[tuple[str, str]]:
    """All trailers; empty before them."""
    return attributes.get_text_map("response.trailers")


def body_bytes() -> int | None:
    """Bytes of the body so far; of a connection those sent."""
    return attributes.get_int("response.size")


def headers_bytes() -> int | None:
    """Bytes of the headers."""
    return attributes.get_int("response.headers_bytes")


def total_bytes() -> int | None:
    """Bytes of headers, body and trailers so far."""
    return attributes.get_int("response.total_size")


def backend_latency_ns() -> int | None:
    """From the request's last byte sent to the first of the response, nanoseconds; in `on_log`."""
    return attributes.get_int("response.backend_latency")
