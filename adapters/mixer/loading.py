"""Loading: from the configuration to rules, or to an error that says what is wrong where."""

from typing import Final

from adapters.backend.check import Check
from adapters.backend.instance import Instance
from adapters.backend.kind import BackendKind, CheckKind, ReportKind, Setup
from adapters.backend.report import Exporter
from adapters.mixer.chance import Chance
from adapters.mixer.check_handler import CheckHandler
from adapters.mixer.expression.errors import ExpressionError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.expression.parser import parse
from adapters.mixer.instances import BoundInstance
from adapters.mixer.policy import FIELDS, Policy, fraction
from adapters.mixer.producer import ProducerKind, produce_all
from adapters.mixer.report_handler import ReportHandler
from adapters.mixer.rules import CheckRule, Condition, ReportRule, Rules
from adapters.mixer.scope import Scope
from adapters.mixer.shared_verdicts import SharedVerdicts
from adapters.mixer.types import Type, value_type
from adapters.mixer.vocabulary import EXCHANGES, Vocabulary
from pal import PluginContext, clock
from pal.config import Config

_MOST_RULES: Final = 1000
_LEASE_SLACK_MS: Final = 100
"""What a claim outlasts the time-out of the call by, so that the answer still finds it."""


class Draft:
    """A handler that the rules are being read for.

    Attributes:
        name: Its name.
        section: Its section of the configuration.
        kind: What backend it is.
        instances: What the rules so far give it.
    """

    def __init__(self, name: str, section: Config, kind: BackendKind) -> None:
        self.name = name
        self.section = section
        self.kind = kind
        self.policy = Policy(section, isinstance(kind, CheckKind) and kind.fails_open)
        self.instances: list[Instance] = []


class RuleDraft:
    """A rule for one handler, before there are handlers."""

    def __init__(
        self, name: str, condition: Condition, draft: Draft, bound: BoundInstance, dry_run: bool
    ) -> None:
        self.name = name
        self.condition = condition
        self.draft = draft
        self.bound = bound
        self.dry_run = dry_run


class Loader:
    """Loads one configuration.

    Args:
        plugin: Owner of what the handlers start.
        backends: The kinds of backends that there are.
        producers: The kinds of attribute producers that there are.
        vocabulary: What the proxy knows of this kind of traffic.
    """

    def __init__(
        self,
        plugin: PluginContext,
        backends: list[BackendKind],
        producers: list[ProducerKind],
        vocabulary: Vocabulary = EXCHANGES,
    ) -> None:
        self._plugin = plugin
        self._backends = backends
        self._producers = producers
        self._scope = Scope(vocabulary)
        self._drafts: dict[str, Draft] = {}
        self._chance = Chance(clock.now_ns() >> 10)

    def load(self, configuration: bytes) -> Rules:
        """The rules of a configuration.

        Raises:
            ConfigurationError: it will not do.
        """
        config = Config.parse(configuration)
        produce_all(config.get_sections("attributes"), self._producers, self._scope)
        handlers = config.get_section("handlers")
        for name in handlers.names():
            section = handlers.get_section(name)
            self._drafts[name] = Draft(name, section, self._kind(handlers, name, section))
        instances = config.get_section("instances")
        sections = config.get_sections("rules")
        if len(sections) > _MOST_RULES:
            raise config.refusal("rules", f"expected at most {_MOST_RULES}, got {len(sections)}")
        rules: list[RuleDraft] = []
        for index in range(len(sections)):
            rules.extend(self._rule(index, sections[index], instances))
        for name in instances.names():
            section = instances.get_section(name)
            for field in section.names():
                section.get_str(field, "")
        made = self._made(rules)
        config.refuse_unknown_fields()
        return made

    def _kind(self, handlers: Config, name: str, section: Config) -> BackendKind:
        found: BackendKind | None = None
        for kind in self._backends:
            if section.has(kind.name):
                if found is not None:
                    raise section.refusal(kind.name, f"beside {found.name}: expected one kind")
                found = kind
        if found is not None:
            return found
        known = ", ".join([kind.name for kind in self._backends])
        for field in section.names():
            if field not in FIELDS:
                raise section.refusal(field, f"unknown kind of backend; there are {known}")
        raise handlers.refusal(name, f"expected a kind of backend: {known}")

    def _rule(self, index: int, section: Config, instances: Config) -> list[RuleDraft]:
        """The rule, once for each handler that it names; none when it is not enabled."""
        name = section.get_str("name", f"rules[{index}]")
        checks = section.get_str_or_list("check")
        reports = section.get_str_or_list("report")
        if len(checks) + len(reports) == 0:
            raise section.refusal("check", "expected check or report, with the name of a handler")
        if checks and reports:
            raise section.refusal("report", "beside check: write two rules")
        over = len(reports) > 0
        named = self._scope.named()
        when = self._condition(section, over)
        if len(checks) + len(reports) > 1:
            self._scope.repeat(named)
        sample = fraction(section, "sample", 1.0)
        dry_run = section.get_bool("dry_run", False)
        if dry_run and over:
            raise section.refusal("dry_run", "a report enforces nothing")
        condition = Condition(when, sample, self._chance)
        values = self._values(section, instances)
        field = "report" if over else "check"
        found: list[RuleDraft] = []
        for handler in reports if over else checks:
            draft = self._drafts.get(handler)
            if draft is None:
                known = ", ".join(list(self._drafts)) or "none"
                raise section.refusal(field, f"unknown handler {handler}; there are {known}")
            if isinstance(draft.kind, ReportKind) is not over:
                other = "check" if over else "report"
                raise section.refusal(field, f"{handler} is a {draft.kind.name}: write {other}")
            bound = self._bound(draft, section, values, over)
            found.append(RuleDraft(name, condition, draft, bound, dry_run))
        return found if section.get_bool("enabled", True) else []

    def _condition(self, section: Config, over: bool) -> Expression | None:
        if not section.has("when"):
            return None
        when = self._parsed(section, "when", section.get_str("when", ""), over)
        if when.kind is not Type.BOOL:
            raise section.refusal("when", "expected a condition, which is true or false")
        return when

    def _values(self, section: Config, instances: Config) -> Config:
        """The section with the rule's expressions."""
        if not section.has("instance"):
            return section.get_section("with")
        if section.has("with"):
            raise section.refusal("with", "beside instance: expected one of them")
        name = section.get_str("instance", "")
        if not instances.has(name):
            known = ", ".join(instances.names()) or "none"
            raise section.refusal("instance", f"unknown instance {name}; there are {known}")
        return instances.get_section(name)

    def _bound(self, draft: Draft, rule: Config, values: Config, over: bool) -> BoundInstance:
        kind = draft.kind
        names: list[str] = []
        expressions: list[Expression] = []
        for field in kind.fields():
            source = values.get_str(field.name, field.expression)
            if not source:
                raise rule.refusal("with", f"{kind.name} needs {field.name}")
            names.append(field.name)
            expressions.append(self._parsed(values, field.name, source, over))
        for name in values.names():
            if name in names:
                continue
            if not kind.is_open:
                known = ", ".join(names) or "no values"
                raise values.refusal(name, f"unknown value; {kind.name} takes {known}")
            names.append(name)
            expressions.append(self._parsed(values, name, values.get_str(name, ""), over))
        types = []
        for index in range(len(expressions)):
            found = value_type(expressions[index].kind)
            if found is None:
                raise values.refusal(names[index], "expected one value, got a map or a list")
            types.append(found)
        instance = Instance(len(draft.instances), names, types)
        draft.instances.append(instance)
        return BoundInstance(instance, expressions)

    def _parsed(self, section: Config, field: str, source: str, over: bool) -> Expression:
        try:
            return parse(source, self._scope, over)
        except ExpressionError as error:
            raise section.refusal(field, str(error)) from error

    def _made(self, rules: list[RuleDraft]) -> Rules:
        checks: dict[str, CheckHandler] = {}
        reports: dict[str, ReportHandler] = {}
        for name, draft in self._drafts.items():
            settings = draft.section.get_section(draft.kind.name)
            timeout_ms = draft.policy.timeout_ms
            setup = Setup(name, settings, draft.instances, self._plugin, timeout_ms)
            kind = draft.kind
            if isinstance(kind, CheckKind):
                checks[name] = self._check_handler(draft, kind.create(setup))
            elif isinstance(kind, ReportKind):
                report = kind.create(setup)
                if draft.policy.fault.delay_ms > 0 and not isinstance(report, Exporter):
                    reason = "expected fail without delay: what is told at once cannot wait"
                    raise draft.section.refusal("fault", reason)
                reports[name] = ReportHandler(
                    name, report, draft.policy, self._chance, self._plugin
                )
        check_rules: list[CheckRule] = []
        report_rules: list[ReportRule] = []
        for rule in rules:
            name = rule.draft.name
            if name in checks:
                check_rules.append(
                    CheckRule(rule.name, rule.condition, checks[name], rule.bound, rule.dry_run)
                )
            else:
                report_rules.append(ReportRule(rule.condition, reports[name], rule.bound))
        used = [reports[name] for name in reports if self._is_used(name, rules)]
        return Rules(check_rules, report_rules, used, self._scope.size)

    def _is_used(self, name: str, rules: list[RuleDraft]) -> bool:
        return any(rule.draft.name == name for rule in rules)

    def _check_handler(self, draft: Draft, check: Check) -> CheckHandler:
        policy = draft.policy
        shared: SharedVerdicts | None = None
        kind = draft.kind
        is_shared = isinstance(kind, CheckKind) and kind.shares_verdicts
        if is_shared and policy.cache > 0 and policy.prefetch == 0:
            lease_ms = policy.timeout_ms + _LEASE_SLACK_MS
            configuration = self._plugin.configuration
            shared = SharedVerdicts(draft.name, configuration, policy.cache, lease_ms)
        is_single = len(draft.instances) == 1
        return CheckHandler(
            draft.name, check, policy, self._chance, self._plugin, is_single, shared
        )
