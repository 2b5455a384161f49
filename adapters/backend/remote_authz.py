"""`remote_authz`: a service of the operator's decides, over gRPC or HTTP; its verdicts are kept.

    handlers:
      policy:
        remote_authz: {cluster: authz, valid: 30s}
    rules:
    - check: policy
      with: {authorization: "request.headers['authorization']"}

The service sees method, host, path, principal and address of the client; every other field of the
instance is shown as a header of its name, with `-` for `_`. A verdict is good for `valid` for all
requests with equal values, 0s for one request only.

`protocol: grpc` is Envoy's `envoy.service.auth.v3.Authorization`. With `protocol: http` the
service gets the request's method and, behind `path_prefix`, its path: 2xx allows, 5xx and no answer
are failures, and everything else is the answer to the client, with its body up to 16 KiB. Of an
answer that allows, `upstream_headers` are set on the request, empty where there are none.
"""

from typing import Final

from adapters.backend.check import Check, Question, Verdict
from adapters.backend.kind import CheckKind, Field, Setup
from adapters.backend.settings import duration_ms, required
from adapters.wire import ext_authz
from adapters.wire.ext_authz import AuthzQuestion
from adapters.wire.protobuf import ProtobufError
from pal import PluginContext, header_name
from pal.errors import HostcallError
from pal.grpc_call import PluginGrpcCall
from pal.grpc_callout import GrpcEnd
from pal.http_callout import CalloutFailure, CalloutResponse, PluginHttpCallout

_DETAILS: Final = "denied_by_service"
_MAX_BODY_BYTES: Final = 16_384
_SHOWN_TO_CLIENTS: Final = [
    "content-type",
    "location",
    "retry-after",
    "set-cookie",
    "www-authenticate",
]

_METHOD: Final = 0
_HOST: Final = 1
_PATH: Final = 2
_PRINCIPAL: Final = 3
_SOURCE: Final = 4
_FIRST_HEADER: Final = 5


class AuthzService:
    """A service that is asked.

    Attributes:
        plugin: Who asks.
        cluster: The proxy's name of the service.
        authority: Host of HTTP requests.
        path_prefix: Before the path of HTTP requests.
        timeout_ms: Milliseconds that an answer may take.
        valid_ms: Milliseconds for which a verdict is good.
        upstream_headers: Headers of an HTTP answer that the upstream gets, in lower case.
    """

    def __init__(
        self,
        plugin: PluginContext,
        cluster: str,
        authority: str,
        path_prefix: str,
        timeout_ms: int,
        valid_ms: int,
        upstream_headers: list[str],
    ) -> None:
        self.plugin = plugin
        self.cluster = cluster
        self.authority = authority
        self.path_prefix = path_prefix
        self.timeout_ms = timeout_ms
        self.valid_ms = valid_ms
        self.upstream_headers = upstream_headers

    def denial(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> Verdict:
        """A verdict that is the service's answer to the client."""
        return Verdict(
            False,
            status,
            body[:_MAX_BODY_BYTES],
            _DETAILS,
            valid_ms=self.valid_ms,
            response_headers=headers,
        )

    def permission(self, headers: list[tuple[str, str]]) -> Verdict:
        """A verdict that lets pass, with headers for the upstream."""
        return Verdict(True, valid_ms=self.valid_ms, request_headers=headers)


class GrpcAuthz(Check):
    """Asks over gRPC."""

    def __init__(self, service: AuthzService) -> None:
        self._service = service

    def check(self, question: Question) -> Verdict | None:
        """Ask; the answer comes later."""
        service = self._service
        values = question.values
        asked = AuthzQuestion(
            values[_METHOD],
            values[_HOST],
            values[_PATH],
            values[_PRINCIPAL],
            values[_SOURCE],
            _headers(question),
        )
        call = _GrpcAsk(service, question)
        message = ext_authz.encode_request(asked)
        try:
            call.send(
                service.cluster,
                ext_authz.SERVICE,
                ext_authz.METHOD,
                message,
                timeout_ms=service.timeout_ms,
            )
        except HostcallError as error:
            question.fail(str(error))
        return None


class _GrpcAsk(PluginGrpcCall):
    """A question under way."""

    def __init__(self, service: AuthzService, question: Question) -> None:
        super().__init__(service.plugin)
        self._service = service
        self._question = question

    def on_message(self, message: bytes) -> None:
        service = self._service
        try:
            answer = ext_authz.decode_response(message)
        except ProtobufError as error:
            self._question.fail(f"{service.cluster}: {error}")
            return
        headers = [pair for pair in answer.headers if header_name.is_valid(pair[0])]
        if answer.allowed:
            self._question.answer(service.permission(headers))
        else:
            self._question.answer(service.denial(answer.status_code, answer.body, headers))

    def on_failure(self, failure: GrpcEnd) -> None:
        reason = f"{self._service.cluster}: gRPC status {failure.status} {failure.message}"
        self._question.fail(reason)


class HttpAuthz(Check):
    """Asks over HTTP."""

    def __init__(self, service: AuthzService) -> None:
        self._service = service

    def check(self, question: Question) -> Verdict | None:
        """Ask; the answer comes later."""
        service = self._service
        values = question.values
        headers = _headers(question)
        headers.append(("x-forwarded-host", values[_HOST]))
        if values[_PRINCIPAL]:
            headers.append(("x-forwarded-client-principal", values[_PRINCIPAL]))
        if values[_SOURCE]:
            headers.append(("x-forwarded-for", values[_SOURCE]))
        ask = _HttpAsk(service, question)
        path = service.path_prefix + values[_PATH]
        try:
            ask.send(
                service.cluster,
                values[_METHOD],
                path,
                service.authority,
                headers,
                timeout_ms=service.timeout_ms,
            )
        except HostcallError as error:
            question.fail(str(error))
        return None


class _HttpAsk(PluginHttpCallout):
    """A question under way."""

    def __init__(self, service: AuthzService, question: Question) -> None:
        super().__init__(service.plugin)
        self._service = service
        self._question = question

    def on_response(self, response: CalloutResponse) -> None:
        service = self._service
        status = response.status
        if 200 <= status <= 299:
            # What the service does not say is emptied: a client must not say it in its place.
            headers = response.headers
            told = [(name, headers.get(name) or "") for name in service.upstream_headers]
            self._question.answer(service.permission(told))
        elif 300 <= status <= 499:
            body = response.body if response.body_size <= _MAX_BODY_BYTES else b""
            shown = _named(response, _SHOWN_TO_CLIENTS)
            self._question.answer(service.denial(status, body, shown))
        else:
            self._question.fail(f"{service.cluster}: HTTP status {status}")

    def on_failure(self, failure: CalloutFailure) -> None:
        self._question.fail(f"{self._service.cluster}: {failure.name.lower()}")


class RemoteAuthzKind(CheckKind):
    """The kind `remote_authz`."""

    def __init__(self) -> None:
        super().__init__("remote_authz", is_open=True, shares_verdicts=True)

    def fields(self) -> list[Field]:
        """Who wants to do what."""
        return [
            Field("method", "request.method"),
            Field("host", "request.host"),
            Field("path", "request.path"),
            Field("principal", "connection.uri_san_peer_certificate"),
            Field("source", "source.ip"),
        ]

    def create(self, setup: Setup) -> Check:
        """Read `cluster`, `protocol`, `valid`, and `authority`, `path_prefix`, `upstream_headers`.

        The last three are for HTTP.
        """
        settings = setup.settings
        cluster = required(settings, "cluster")
        protocol = settings.get_str("protocol", "grpc")
        if protocol not in ("grpc", "http"):
            raise settings.refusal("protocol", f"expected grpc or http, got {protocol}")
        prefix = settings.get_str("path_prefix", "")
        if prefix and not prefix.startswith("/"):
            raise settings.refusal("path_prefix", "expected a path, which starts with /")
        wanted = settings.get_str_list("upstream_headers", [])
        for index in range(len(wanted)):
            if not header_name.is_valid(wanted[index]):
                raise settings.refusal(f"upstream_headers[{index}]", "not a header name")
        service = AuthzService(
            setup.plugin,
            cluster,
            settings.get_str("authority", cluster),
            prefix,
            setup.timeout_ms,
            duration_ms(settings, "valid", "5s"),
            [header_name.lower(name) for name in wanted],
        )
        return GrpcAuthz(service) if protocol == "grpc" else HttpAuthz(service)


def _headers(question: Question) -> list[tuple[str, str]]:
    """The instance's own fields as headers."""
    names = question.instance.names
    values = question.values
    return [
        (header_name.lower(names[at].replace("_", "-")), values[at])
        for at in range(_FIRST_HEADER, len(values))
        if values[at]
    ]


def _named(response: CalloutResponse, names: list[str]) -> list[tuple[str, str]]:
    """Those of an answer's headers that have these names."""
    return [(name, value) for name in names for value in response.headers.get_all(name)]
