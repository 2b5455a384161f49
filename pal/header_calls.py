"""One host call on a header map: what `HeaderMap` does, where nothing is to be kept.

A compiled program calls these in place of a header map's methods where it cannot tell the
difference (mixer2/compiler/passes/header_calls.py).
"""

from pal import hostcalls, status
from pal.abi import MAP_REQUEST_HEADERS, MAP_REQUEST_TRAILERS, MAP_RESPONSE_HEADERS
from pal.errors import HeadersUnavailableError, HostcallError, PalError


def get(map_type: int, name: str) -> str | None:
    """First value of a header; None when there is none.

    Raises:
        HeadersUnavailableError: the proxy does not show the map in this callback.
    """
    value = hostcalls.get_header_map_value(map_type, name)
    if value is None:
        code = hostcalls.last_status()
        if code != status.NOT_FOUND:
            raise refused(map_type, "get_header_map_value", code)
    return value


def contains(map_type: int, name: str) -> bool:
    """Whether there is a header; raises as `get` does."""
    return get(map_type, name) is not None


def replace(map_type: int, name: str, value: str) -> None:
    """Give a header one value in place of all that it had; raises as `get` does."""
    code = hostcalls.replace_header_map_value(map_type, name, value)
    if code != status.OK:
        raise refused(map_type, "replace_header_map_value", code)


def add(map_type: int, name: str, value: str) -> None:
    """Append a value to a header; raises as `get` does."""
    code = hostcalls.add_header_map_value(map_type, name, value)
    if code != status.OK:
        raise refused(map_type, "add_header_map_value", code)


def remove(map_type: int, name: str) -> None:
    """Remove all values of a header; raises as `get` does."""
    code = hostcalls.remove_header_map_value(map_type, name)
    if code != status.OK:
        raise refused(map_type, "remove_header_map_value", code)


def refused(map_type: int, call: str, code: int) -> PalError:
    """What is wrong when a call on a header map fails with a status."""
    return unavailable(map_type) if code == status.BAD_ARGUMENT else HostcallError(call, code)


def unavailable(map_type: int) -> HeadersUnavailableError:
    """Says when the proxy shows a map."""
    if map_type == MAP_REQUEST_HEADERS:
        return HeadersUnavailableError(
            "request headers are there in on_request_headers (and, read-only, in on_log); "
            "read there what later callbacks need, it is kept"
        )
    if map_type == MAP_RESPONSE_HEADERS:
        return HeadersUnavailableError(
            "response headers are there from on_response_headers on, read-only in on_log"
        )
    if map_type == MAP_REQUEST_TRAILERS:
        return HeadersUnavailableError("request trailers are there in on_request_trailers")
    return HeadersUnavailableError(
        "response trailers are there in on_response_trailers, read-only in on_log"
    )
