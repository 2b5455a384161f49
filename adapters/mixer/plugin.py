"""The mixer as a plugin: a stream's way through the rules.

class Mine(MixerPlugin):
    def backends(self) -> list[BackendKind]:
        return [FixedKind(), CounterKind()]
"""

from adapters.backend.check import Verdict
from adapters.backend.kind import BackendKind
from adapters.backend.report import Passage
from adapters.events import UNMEASURED, HttpExchange, HttpRequest
from adapters.mixer.bag import AttributeBag
from adapters.mixer.check_handler import Waiting
from adapters.mixer.closing import Closing
from adapters.mixer.dry_run import DryRun, note
from adapters.mixer.loading import Loader
from adapters.mixer.producer import ProducerKind
from adapters.mixer.rules import CheckRule, Rules
from pal import Action, ErrorPolicy, HttpContext, PluginContext, attributes, clock
from pal.callout import StreamTie


class MixerStream(HttpContext):
    """One exchange: checked when the request comes, reported when it is over."""

    def __init__(self, plugin: "MixerPlugin") -> None:
        super().__init__(plugin)
        self._rules = plugin.rules
        self._bag: AttributeBag | None = None
        self._passages: list[Passage | None] | None = None
        self._response_headers_to_set: list[tuple[str, str]] | None = None
        self._next_check = 0

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """Read the request, tell those who want its begin, and ask the checks."""
        request = self._read(clock.now_ns())
        rules = self._rules
        if len(rules.beginners) > 0:
            headers = self.request_headers
            self._passages = [one.begin(headers, request.started_ns) for one in rules.beginners]
        return self.proceed() if len(rules.checks) > 0 else Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        """Set what verdicts want to be on the response."""
        wanted = self._response_headers_to_set
        if wanted is not None:
            for name, value in wanted:
                self.response_headers.set(name, value)
        return Action.CONTINUE

    def on_log(self) -> None:
        """Tell the reports."""
        rules = self._rules
        if len(rules.reports) == 0:
            return
        now_ns = clock.now_ns()
        bag = self._bag
        request = None if bag is None else bag.head
        if bag is None or request is None:
            # Answered by an earlier filter: the headers are there (again), the time has passed.
            request = self._read(attributes.get_int("request.time") or now_ns)
            bag = self._bag
        assert bag is not None
        bag.status_code = self.response_code()
        bag.response = self.response_headers
        exchange = HttpExchange(
            request,
            bag.status_code,
            max(0, now_ns - request.started_ns),
            _size("request.total_size") if rules.wants_sizes else UNMEASURED,
            _size("response.total_size") if rules.wants_sizes else UNMEASURED,
        )
        passages = self._passages
        for rule in rules.reports:
            handler = rule.handler
            if rule.condition.holds(bag, handler.meter):
                values = rule.bound.values(bag, handler.meter)
                place = handler.place
                passage = None if passages is None or place < 0 else passages[place]
                handler.report(rule.bound.instance, values, exchange, passage)

    def proceed(self) -> Action:
        """Ask the checks that have not been asked yet."""
        checks = self._rules.checks
        bag = self._bag
        assert bag is not None
        request = bag.head
        assert request is not None
        while self._next_check < len(checks):
            rule = checks[self._next_check]
            self._next_check += 1
            handler = rule.handler
            if not rule.condition.holds(bag, handler.meter):
                continue
            instance = rule.bound.instance
            values = rule.bound.values(bag, handler.meter)
            key = handler.key(instance, values)
            verdict = handler.kept(key, instance, values, request)
            if verdict is None:
                waiting = DryRun(rule) if rule.dry_run else _Held(self, rule)
                verdict = handler.ask(key, instance, values, request, waiting)
            if verdict is None:
                if rule.dry_run:
                    continue
                return Action.PAUSE
            action = self.enforce(rule, verdict)
            if action is not Action.CONTINUE:
                return action
        return Action.CONTINUE

    def enforce(self, rule: CheckRule, verdict: Verdict) -> Action:
        """Do as a verdict says; CONTINUE when the request passes."""
        meter = rule.handler.meter
        if rule.dry_run:
            note(rule, verdict)
            return Action.CONTINUE
        if not verdict.allowed:
            meter.denied.increment()
            return self.send_local_response(
                verdict.status, verdict.body, verdict.response_headers, verdict.details
            )
        meter.allowed.increment()
        for name, value in verdict.request_headers or []:
            self.request_headers.set(name, value)
        wanted = verdict.response_headers
        if wanted is not None:
            before = self._response_headers_to_set
            self._response_headers_to_set = wanted if before is None else before + wanted
        return Action.CONTINUE

    def _read(self, at_ns: int) -> HttpRequest:
        headers = self.request_headers
        request = HttpRequest(
            headers.get(":method") or "",
            headers.get(":authority") or "",
            headers.get(":path") or "",
            "",
            at_ns,
        )
        bag = AttributeBag(self._rules.slots, headers)
        bag.head = request
        self._bag = bag
        return request


class _Held(Waiting):
    """A request that is held until there is a verdict."""

    def __init__(self, stream: MixerStream, rule: CheckRule) -> None:
        self._stream = stream
        self._rule = rule

    def decided(self, verdict: Verdict) -> None:
        """Go on with the request, if there still is one."""
        tie = StreamTie(self._stream, False)
        if not tie.enter():
            return
        try:
            action = self._stream.enforce(self._rule, verdict)
            if action is Action.CONTINUE:
                action = self._stream.proceed()
            tie.conclude(action)
        except Exception as error:  # noqa: BLE001 - the error policy decides, as in a callback
            tie.raised(error)


class MixerPlugin(PluginContext):
    """The plugin. A subclass says which kinds of backends and producers there are.

    Attributes:
        rules: What the configuration says.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rules: Rules = Rules([], [], [], 0)
        self._closing = Closing(self)

    def backends(self) -> list[BackendKind]:
        """The kinds of backends that configuration may name."""
        raise NotImplementedError

    def producers(self) -> list[ProducerKind]:
        """The kinds of attribute producers that configuration may name."""
        raise NotImplementedError

    def load(self, configuration: bytes) -> Rules:
        """The rules of a configuration.

        Raises:
            ConfigurationError: it will not do.
        """
        return Loader(self, self.backends(), self.producers()).load(configuration)

    def on_configure(self) -> bool:
        """Load the configuration."""
        self.rules = self.load(self.configuration)
        # A mistake of the mixer's own is no verdict either.
        self.error_policy = ErrorPolicy.REFUSE if self.rules.fails_closed else ErrorPolicy.PASS
        return True

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return MixerStream(self)

    def on_done(self) -> bool:
        """Stay until what is buffered is on its way."""
        return self._closing.begin(self.rules)


def _size(path: str) -> int:
    size = attributes.get_int(path)
    return UNMEASURED if size is None else size
