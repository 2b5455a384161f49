"""A mixer with backends whose services the tests play: `remote` checks, `collector` collects."""

from adapters.backend.check import Check, CheckError, Question, Verdict
from adapters.backend.counter import CounterKind
from adapters.backend.fixed import FixedKind
from adapters.backend.instance import Instance
from adapters.backend.kind import BackendKind, CheckKind, Field, ReportKind, Setup
from adapters.backend.report import Delivery, Exporter, Passage, Report
from adapters.events import HttpExchange
from adapters.mixer.path_template import PathTemplateKind
from adapters.mixer.plugin import MixerPlugin
from adapters.mixer.producer import ExpressionKind, HeaderKind, ProducerKind
from pal import HeaderMap
from pal.http_callout import CalloutFailure, CalloutResponse, PluginHttpCallout


class Remote(Check):
    """Asks cluster `auth`; headers of its answer say how long and how often that is good."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    def check(self, question: Question) -> Verdict | None:
        if question.values[0] == "raise":
            raise ValueError("in check")
        if question.values[0] == "refuse":
            raise CheckError("no such user")
        _Ask(self.setup, question).send(
            "auth",
            "GET",
            f"/{question.amount}/{question.values[0]}",
            "auth",
            timeout_ms=self.setup.timeout_ms,
        )
        return None


class _Ask(PluginHttpCallout):
    def __init__(self, setup: Setup, question: Question) -> None:
        super().__init__(setup.plugin)
        self._question = question

    def on_response(self, response: CalloutResponse) -> None:
        if response.status >= 500:
            self._question.fail(f"status {response.status}")
            return
        verdict = Verdict(
            response.status == 200,
            response.status,
            response.body,
            "said_auth",
            valid_ms=int(response.headers.get("valid-ms") or "0"),
            valid_uses=int(response.headers.get("valid-uses") or "0"),
            request_headers=[("x-consumer", "known")],
            response_headers=[("x-verdict", str(response.status))],
        )
        self._question.answer(verdict)

    def on_failure(self, failure: CalloutFailure) -> None:
        self._question.fail(failure.name)


class RemoteKind(CheckKind):
    def __init__(self) -> None:
        super().__init__("remote", is_open=True)

    def fields(self) -> list[Field]:
        return [Field("user", "request.headers['x-user']")]

    def create(self, setup: Setup) -> Check:
        return Remote(setup)


class SharedKind(RemoteKind):
    """As `remote`, and a verdict is good for all workers."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "shared"
        self.shares_verdicts = True


class Collector(Exporter):
    """Posts lines of `path code` to cluster `collector`."""

    def __init__(self, setup: Setup, at_least_once: bool) -> None:
        super().__init__(wants_begin=True, at_least_once=at_least_once)
        self._setup = setup

    def begin(self, headers: HeaderMap, started_ns: int) -> Passage | None:
        headers.set("x-begun", "yes")
        return Begun(headers.get("x-user") or "")

    def record(
        self,
        instance: Instance,
        values: list[str],
        exchange: HttpExchange,
        passage: Passage | None,
    ) -> bytes | None:
        user = passage.user if isinstance(passage, Begun) else "-"
        if user == "raise":
            raise ValueError("in record")
        return f"{user} {values[0]} {exchange.status_code}\n".encode()

    def export(self, records: list[bytes], delivery: Delivery) -> None:
        _Post(self._setup, delivery).send(
            "collector", "POST", "/", "collector", body=b"".join(records), timeout_ms=200
        )


class Begun(Passage):
    def __init__(self, user: str) -> None:
        self.user = user


class _Post(PluginHttpCallout):
    def __init__(self, setup: Setup, delivery: Delivery) -> None:
        super().__init__(setup.plugin)
        self._delivery = delivery

    def on_response(self, response: CalloutResponse) -> None:
        if response.status == 200:
            self._delivery.delivered()
        else:
            self._delivery.fail(f"status {response.status}")

    def on_failure(self, failure: CalloutFailure) -> None:
        self._delivery.fail(failure.name)


class CollectorKind(ReportKind):
    def __init__(self) -> None:
        super().__init__("collector")

    def fields(self) -> list[Field]:
        return [Field("path", "request.path")]

    def create(self, setup: Setup) -> Report:
        return Collector(setup, setup.settings.get_bool("at_least_once", False))


class RemoteMixer(MixerPlugin):
    def backends(self) -> list[BackendKind]:
        return [RemoteKind(), SharedKind(), CollectorKind(), FixedKind(), CounterKind()]

    def producers(self) -> list[ProducerKind]:
        return [HeaderKind(), PathTemplateKind(), ExpressionKind()]
