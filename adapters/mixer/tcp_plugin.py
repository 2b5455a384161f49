"""The mixer for TCP connections: checked when a client connects, reported when it is over.

class Mine(TcpMixerPlugin):
    def backends(self) -> list[BackendKind]:
        return [FixedKind(), ConnectionMetricsKind()]
"""

from adapters.backend.check import Verdict
from adapters.backend.connection_report import ConnectionPassage, as_exchange
from adapters.backend.kind import BackendKind
from adapters.events import HttpRequest
from adapters.ingestion import tcp
from adapters.mixer.bag import AttributeBag
from adapters.mixer.check_handler import Waiting
from adapters.mixer.closing import Closing
from adapters.mixer.connection_vocabulary import CONNECTIONS
from adapters.mixer.dry_run import DryRun, note
from adapters.mixer.loading import Loader
from adapters.mixer.producer import ProducerKind
from adapters.mixer.rules import CheckRule, Rules
from pal import ErrorPolicy, HeaderMap, attributes, clock
from pal.facts import connection
from pal.tcp import CloseSource, TcpAction, TcpContext, TcpPluginContext, refuse

_NO_HEADERS = 0


class MixerConnection(TcpContext):
    """One connection."""

    def __init__(self, plugin: "TcpMixerPlugin") -> None:
        super().__init__(plugin)
        self._rules = plugin.rules
        self._bag = AttributeBag(plugin.rules.slots, HeaderMap(_NO_HEADERS))
        self._started_ns = clock.now_ns()
        self._connection = tcp.Connection(self._started_ns)
        self._next_check = 0
        self._denial = ""

    def on_new_connection(self) -> TcpAction:
        """Ask the checks; nothing goes to the upstream before they have answered."""
        return self.proceed()

    def on_downstream_data(self, size: int, end_of_stream: bool) -> TcpAction:
        """Note when the client ends its half: an upstream that then closes did not begin it."""
        if end_of_stream:
            self._connection.close(tcp.DOWNSTREAM)
        return TcpAction.CONTINUE

    def on_upstream_close(self, source: CloseSource) -> None:
        """Note who closed, if that was the upstream."""
        self._connection.close(tcp.UPSTREAM)

    def on_downstream_close(self, source: CloseSource) -> None:
        """Note who closed, if that was not the upstream."""
        self._connection.close(tcp.DOWNSTREAM if source is CloseSource.REMOTE else tcp.PROXY)

    def on_log(self) -> None:
        """Tell the reports."""
        rules = self._rules
        if len(rules.reports) == 0:
            return
        self._connection.receive_data(_size("request.total_size"))
        self._connection.send_data(_size("response.total_size"))
        facts = self._connection.facts(
            clock.now_ns(),
            connection.source_address(),
            connection.destination_address(),
            connection.server_name(),
            connection.tls_version(),
            self._denial or connection.termination_details(),
        )
        bag = self._bag
        bag.connection = facts
        exchange = as_exchange(facts, self._started_ns)
        passage = ConnectionPassage(facts)
        for rule in rules.reports:
            handler = rule.handler
            if rule.condition.holds(bag, handler.meter):
                values = rule.bound.values(bag, handler.meter)
                handler.report(rule.bound.instance, values, exchange, passage)

    def proceed(self) -> TcpAction:
        """Ask the checks that have not been asked yet."""
        checks = self._rules.checks
        bag = self._bag
        request = HttpRequest("", "", "", "", self._started_ns)
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
                return TcpAction.PAUSE
            if not self.passes(rule, verdict):
                return self.close()
        return TcpAction.CONTINUE

    def passes(self, rule: CheckRule, verdict: Verdict) -> bool:
        """Whether a verdict lets the connection go on."""
        meter = rule.handler.meter
        if rule.dry_run:
            note(rule, verdict)
            return True
        if verdict.allowed:
            meter.allowed.increment()
            return True
        meter.denied.increment()
        self._denial = verdict.details
        return False


class _Held(Waiting):
    """A connection that is held until there is a verdict."""

    def __init__(self, held: MixerConnection, rule: CheckRule) -> None:
        self._held = held
        self._rule = rule

    def decided(self, verdict: Verdict) -> None:
        """Go on with the connection, if there still is one."""
        held = self._held
        if not held.enter():
            return
        try:
            if not held.passes(self._rule, verdict):
                held.close()
            elif held.proceed() is TcpAction.CONTINUE:
                held.continue_downstream()
        except Exception as error:  # noqa: BLE001 - the error policy decides, as in a callback
            if not refuse(held, error):
                held.continue_downstream()


class TcpMixerPlugin(TcpPluginContext):
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
        return Loader(self, self.backends(), self.producers(), CONNECTIONS).load(configuration)

    def on_configure(self) -> bool:
        """Load the configuration."""
        self.rules = self.load(self.configuration)
        # A mistake of the mixer's own is no verdict either.
        self.error_policy = ErrorPolicy.REFUSE if self.rules.fails_closed else ErrorPolicy.PASS
        return True

    def create_tcp_context(self) -> TcpContext:
        """A context for a new connection."""
        return MixerConnection(self)

    def on_done(self) -> bool:
        """Stay until what is buffered is on its way."""
        return self._closing.begin(self.rules)


def _size(path: str) -> int:
    return attributes.get_int(path) or 0
