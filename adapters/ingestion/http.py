"""HTTP: from the values of headers and clocks to the facts of an exchange.

Sans-I/O: whoever reads header maps and attributes hands their values in, None for what is not
there. Nothing is refused here, because telemetry never breaks traffic.
"""

from adapters.events import HttpExchange, HttpRequest


def request(
    method: str | None, host: str | None, path: str | None, tenant: str | None, at_ns: int
) -> HttpRequest:
    """The facts of a request's head.

    Args:
        method: Value of `:method`.
        host: Value of `:authority`.
        path: Value of `:path`.
        tenant: Value of the header that names the tenant.
        at_ns: Now, nanoseconds since 1970.
    """
    return HttpRequest(
        "" if method is None else method,
        "" if host is None else host,
        "" if path is None else path,
        "" if tenant is None else tenant,
        at_ns,
    )


def exchange(
    head: HttpRequest, status_code: int, at_ns: int, request_bytes: int, response_bytes: int
) -> HttpExchange:
    """The facts of an exchange that is over.

    Args:
        head: The request's facts.
        status_code: Status code of the response; 0 for none.
        at_ns: Now, on the clock of `head.started_ns`. That clock may have been set back
            meanwhile: no duration is below 0.
        request_bytes: Bytes received from the client, or UNMEASURED.
        response_bytes: Bytes sent to the client, or UNMEASURED.
    """
    duration = at_ns - head.started_ns
    return HttpExchange(head, status_code, max(0, duration), request_bytes, response_bytes)
