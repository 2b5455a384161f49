"""Envoy's external authorisation v3: `CheckRequest` and `CheckResponse`.

Source: `envoy/service/auth/v3/external_auth.proto`, `attribute_context.proto`.
"""

from dataclasses import dataclass
from typing import Final

from adapters.wire.protobuf import MessageReader, MessageWriter

SERVICE: Final = "envoy.service.auth.v3.Authorization"
METHOD: Final = "Check"

OK: Final = 0
_FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class AuthzQuestion:
    """Who wants to do what.

    Attributes:
        method: HTTP method.
        host: `:authority`.
        path: `:path`, with the query.
        principal: Identity of the client, empty when there is none.
        source: Its IP address, empty when there is none.
        headers: Further headers that the service is shown; names in lower case.
    """

    method: str
    host: str
    path: str
    principal: str
    source: str
    headers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AuthzAnswer:
    """What the service says.

    Attributes:
        allowed: Whether the request may pass.
        status_code: HTTP status of the denial.
        body: Body of the denial.
        headers: Headers of the denial, or to be added to the request that may pass.
    """

    allowed: bool
    status_code: int
    body: bytes
    headers: list[tuple[str, str]]


def encode_request(question: AuthzQuestion) -> bytes:
    """A `CheckRequest`."""
    http = MessageWriter()
    http.text(2, question.method)
    for name, value in question.headers:
        pair = MessageWriter()
        pair.text(1, name)
        pair.text(2, value)
        http.message(3, pair)
    http.text(4, question.path)
    http.text(5, question.host)
    request = MessageWriter()
    request.message(2, http)
    attributes = MessageWriter()
    attributes.message(1, _peer(question))
    attributes.message(4, request)
    check = MessageWriter()
    check.message(1, attributes)
    return check.finish()


def decode_response(data: bytes) -> AuthzAnswer:
    """A `CheckResponse`. One without a status allows, as `google.rpc.Code` 0 is OK.

    Raises:
        ProtobufError: that is none.
    """
    answer = MessageReader(data)
    allowed = answer.inner(1).integer(1) == OK
    denied = answer.inner(2)
    status_code = denied.inner(1).integer(1)
    headers_denied = [_header(option) for option in denied.inners(2)]
    headers_added = [_header(option) for option in answer.inner(3).inners(2)]
    return AuthzAnswer(
        allowed,
        status_code if 200 <= status_code <= 599 else _FORBIDDEN,
        denied.last_data(3),
        headers_added if allowed else headers_denied,
    )


def _peer(question: AuthzQuestion) -> MessageWriter:
    peer = MessageWriter()
    if question.source:
        socket_address = MessageWriter()
        socket_address.text(2, question.source)
        address = MessageWriter()
        address.message(1, socket_address)
        peer.message(1, address)
    peer.text(4, question.principal)
    return peer


def _header(option: MessageReader) -> tuple[str, str]:
    name = ""
    value = ""
    header = option.inner(1)
    while header.next_field():
        if header.number == 1:
            name = header.text()
        elif header.number == 2:
            value = header.text()
        elif header.number == 3:
            value = header.data().decode("utf-8", "replace")
    return name, value
