"""Asks one check backend about each request, without anything of the mixer.

Configuration: {"kind": NAME, "settings": {...}, "names": ["x-user", ...]}. Values are those of the
kind's fields and then of the names, each the request's header of the same name; `x-amount` says how
many uses are asked for. Verdicts are in the log.
"""

from adapters.backend.api_keys import ApiKeysKind
from adapters.backend.authz import AuthzKind
from adapters.backend.check import Check, CheckError, Question, Verdict
from adapters.backend.global_rate_limit import GlobalRateLimitKind, QuotaKind
from adapters.backend.instance import Instance, ValueType
from adapters.backend.kind import CheckKind, Setup
from adapters.backend.rate_limit import RateLimitKind
from adapters.backend.remote_authz import RemoteAuthzKind
from adapters.events import HttpRequest
from pal import Action, ConfigurationError, HttpContext, PluginContext, clock, log
from pal.callout import StreamTie
from pal.config import Config

KINDS: list[CheckKind] = [
    RateLimitKind(),
    GlobalRateLimitKind(),
    QuotaKind(),
    ApiKeysKind(),
    AuthzKind(),
    RemoteAuthzKind(),
]


class Checking(HttpContext):
    def __init__(self, plugin: "CheckingPlugin") -> None:
        super().__init__(plugin)
        self._checking = plugin
        self.response_headers_to_set: list[tuple[str, str]] = []

    def on_request_headers(self, end_of_stream: bool) -> Action:
        headers = self.request_headers
        instance = self._checking.instance
        names = [":authority" if name == "host" else name for name in instance.names]
        values = [headers.get(name) or "" for name in names]
        request = HttpRequest(
            headers.get(":method") or "",
            headers.get(":authority") or "",
            headers.get(":path") or "",
            "",
            clock.now_ns(),
        )
        question = Asked(instance, values, request, int(headers.get("x-amount") or "1"), self)
        try:
            verdict = self._checking.check.check(question)
        except CheckError as error:
            return self.failed(str(error))
        if verdict is None:
            return Action.PAUSE
        return self.decided(verdict)

    def decided(self, verdict: Verdict) -> Action:
        log.info(f"{verdict.allowed} {verdict.valid_ms} {verdict.valid_uses} {verdict.details}")
        headers = verdict.response_headers or []
        if not verdict.allowed:
            return self.send_local_response(verdict.status, verdict.body, headers)
        self.response_headers_to_set = headers
        for name, value in verdict.request_headers or []:
            self.request_headers.set(name, value)
        return Action.CONTINUE

    def failed(self, reason: str) -> Action:
        log.info(f"failed: {reason}")
        return self.send_local_response(599)

    def on_response_headers(self, end_of_stream: bool) -> Action:
        for name, value in self.response_headers_to_set:
            self.response_headers.set(name, value)
        return Action.CONTINUE


class Asked(Question):
    """A question that holds its request."""

    def __init__(
        self,
        instance: Instance,
        values: list[str],
        request: HttpRequest,
        amount: int,
        stream: Checking,
    ) -> None:
        super().__init__(instance, values, request, amount)
        self._stream = stream
        self._tie = StreamTie(stream, holds_response=False)

    def answer(self, verdict: Verdict) -> None:
        if self._tie.enter():
            self._tie.conclude(self._stream.decided(verdict))

    def fail(self, reason: str) -> None:
        if self._tie.enter():
            self._tie.conclude(self._stream.failed(reason))


class CheckingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.instance = Instance(0, [], [])
        self.check = Check()

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        names = config.get_str_list("names", [])
        wanted = config.get_str("kind", "")
        settings = config.get_section("settings")
        for kind in KINDS:
            if kind.name == wanted:
                names = [field.name for field in kind.fields()] + names
                self.instance = Instance(0, names, [ValueType.TEXT for _ in names])
                setup = Setup("under-test", settings, [self.instance], self, timeout_ms=200)
                self.check = kind.create(setup)
                config.refuse_unknown_fields()
                return True
        raise ConfigurationError(f"kind: no such kind: {wanted}")

    def create_http_context(self) -> HttpContext:
        return Checking(self)
