"""`global_rate_limit` and `quota`: limits that all proxies share, kept by a service.

    handlers:
      per-user:
        global_rate_limit: {cluster: quota, domain: edge}
      per-plan:
        quota: {cluster: quota, domain: edge}
        prefetch: 100
    rules:
    - check: per-user
      with: {user: "request.headers['x-user']"}

The instance's fields are the entries of the descriptor, in their order. `global_rate_limit` asks
Envoy's RateLimitService about each request, and remembers a refusal until the window ends. `quota`
asks `mixer2.quota.v1.QuotaService` (`mixer2 quota-server` is one) for tokens: as many as the
handler prefetches, good for the rest of the window, so that most requests cost no call.
"""

from typing import Final

from adapters.backend.check import Check, Question, Verdict
from adapters.backend.kind import CheckKind, Setup
from adapters.backend.rate_limit_headers import (
    TOO_MANY_REQUESTS,
    rate_limit_headers,
    retry_after,
)
from adapters.backend.settings import required
from adapters.wire import rate_limit_service
from adapters.wire.protobuf import ProtobufError
from adapters.wire.rate_limit_service import LimitAnswer
from pal import PluginContext
from pal.errors import HostcallError
from pal.grpc_call import PluginGrpcCall
from pal.grpc_callout import GrpcEnd

QUOTA_SERVICE: Final = "mixer2.quota.v1.QuotaService"
QUOTA_METHOD: Final = "Take"

_DETAILS: Final = "rate_limited"
_MS_PER_SECOND: Final = 1_000


class LimitService:
    """A service that is asked.

    Args:
        plugin: Who asks.
        cluster: The proxy's name of the service.
        service: Full name of the gRPC service.
        method: Its method.
        domain: Namespace of the limits.
        timeout_ms: Milliseconds that an answer may take.
        headers: Whether clients are told about the limit.
    """

    def __init__(
        self,
        plugin: PluginContext,
        cluster: str,
        service: str,
        method: str,
        domain: str,
        timeout_ms: int,
        headers: bool,
    ) -> None:
        self.plugin = plugin
        self.cluster = cluster
        self.service = service
        self.method = method
        self.domain = domain
        self.timeout_ms = timeout_ms
        self.headers = headers


class GlobalRateLimit(Check):
    """Asks a service.

    Args:
        service: Whom to ask.
        grants: Whether an answer that allows is good for as many uses as were asked for.
    """

    def __init__(self, service: LimitService, grants: bool) -> None:
        self._service = service
        self._grants = grants

    def check(self, question: Question) -> Verdict | None:
        """Ask; the answer comes later."""
        service = self._service
        names = question.instance.names
        entries = [(names[at], question.values[at]) for at in range(len(names))]
        request = rate_limit_service.encode_request(service.domain, [entries], question.amount)
        call = _Call(service, question, self._grants)
        try:
            call.send(
                service.cluster,
                service.service,
                service.method,
                request,
                timeout_ms=service.timeout_ms,
            )
        except HostcallError as error:
            question.fail(str(error))
        return None


class _Call(PluginGrpcCall):
    """One question under way."""

    def __init__(self, service: LimitService, question: Question, grants: bool) -> None:
        super().__init__(service.plugin)
        self._service = service
        self._question = question
        self._grants = grants

    def on_message(self, message: bytes) -> None:
        try:
            answer = rate_limit_service.decode_response(message)
        except ProtobufError as error:
            self._question.fail(f"{self._service.cluster}: {error}")
            return
        if answer.code not in (rate_limit_service.OK, rate_limit_service.OVER_LIMIT):
            self._question.fail(f"{self._service.cluster}: answer of unknown code {answer.code}")
            return
        self._question.answer(self._verdict(answer))

    def on_failure(self, failure: GrpcEnd) -> None:
        reason = f"{self._service.cluster}: gRPC status {failure.status} {failure.message}"
        self._question.fail(reason)

    def _verdict(self, answer: LimitAnswer) -> Verdict:
        headers = _headers(answer) if self._service.headers else []
        reset_ms = _reset_ms(answer)
        if answer.code == rate_limit_service.OVER_LIMIT:
            headers.append(retry_after((reset_ms + _MS_PER_SECOND - 1) // _MS_PER_SECOND))
            return Verdict(
                False,
                TOO_MANY_REQUESTS,
                b"",
                _DETAILS,
                valid_ms=reset_ms,
                response_headers=headers,
            )
        if self._grants and answer.tightest() is None:
            # No limit applies: ask again after a while, it may have been given one.
            return Verdict(True, valid_ms=_MS_PER_SECOND)
        granted = answer.granted()
        if not self._grants or granted == 0:
            # A service that grants nothing ahead has counted this request.
            return Verdict(True, response_headers=headers)
        return Verdict(True, valid_ms=reset_ms, valid_uses=granted, response_headers=headers)


def _headers(answer: LimitAnswer) -> list[tuple[str, str]]:
    status = answer.tightest()
    if status is None:
        return []
    return rate_limit_headers(
        status.requests_per_unit, status.unit_seconds, status.remaining, status.reset_seconds
    )


def _reset_ms(answer: LimitAnswer) -> int:
    """Milliseconds until the limit that counts is new; 0 when the service does not say."""
    status = answer.tightest()
    return 0 if status is None else status.reset_ms


class GlobalRateLimitKind(CheckKind):
    """The kind `global_rate_limit`."""

    def __init__(self) -> None:
        super().__init__("global_rate_limit", is_open=True, fails_open=True)

    def create(self, setup: Setup) -> Check:
        """Read `cluster`, `domain` and `headers`."""
        service = _service(setup, rate_limit_service.SERVICE, rate_limit_service.METHOD)
        return GlobalRateLimit(service, grants=False)


class QuotaKind(CheckKind):
    """The kind `quota`."""

    def __init__(self) -> None:
        super().__init__("quota", is_open=True, fails_open=True)

    def create(self, setup: Setup) -> Check:
        """Read `cluster`, `domain` and `headers`."""
        return GlobalRateLimit(_service(setup, QUOTA_SERVICE, QUOTA_METHOD), grants=True)


def _service(setup: Setup, service: str, method: str) -> LimitService:
    settings = setup.settings
    found = LimitService(
        setup.plugin,
        required(settings, "cluster"),
        service,
        method,
        settings.get_str("domain", "mixer2"),
        setup.timeout_ms,
        settings.get_bool("headers", True),
    )
    for instance in setup.instances:
        if len(instance.names) == 0:
            raise settings.refusal("domain", "a rule without values has no descriptor: name some")
    return found
