"""Rules: when which handler gets which values."""

from adapters.mixer.bag import AttributeBag
from adapters.mixer.chance import Chance
from adapters.mixer.check_handler import CheckHandler
from adapters.mixer.expression.errors import AbsentError, EvaluationError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.instances import BoundInstance
from adapters.mixer.meters import HandlerMeter
from adapters.mixer.report_handler import ReportHandler


class Condition:
    """Whether a rule is for an exchange.

    Args:
        when: The rule's expression; None for every exchange.
        sample: Share of those exchanges, 0.0 to 1.0.
        chance: Decides which.
    """

    def __init__(self, when: Expression | None, sample: float, chance: Chance) -> None:
        self._when = when
        self._sample = sample
        self._chance = chance

    def holds(self, bag: AttributeBag, meter: HandlerMeter) -> bool:
        """True when the rule is for this exchange. An absent attribute makes it false."""
        when = self._when
        if when is not None:
            try:
                if not when.truth(bag):
                    return False
            except AbsentError:
                return False
            except EvaluationError:
                meter.expression_error()
                return False
        if self._sample < 1.0 and not self._chance.strikes(self._sample):
            meter.sampled_out()
            return False
        return True


class CheckRule:
    """A rule that asks a check handler.

    Args:
        name: As logs call it.
        condition: For which requests.
        handler: Whom to ask.
        bound: The values.
        dry_run: Whether the verdict is only logged and counted.
    """

    def __init__(
        self,
        name: str,
        condition: Condition,
        handler: CheckHandler,
        bound: BoundInstance,
        dry_run: bool,
    ) -> None:
        self.name = name
        self.condition = condition
        self.handler = handler
        self.bound = bound
        self.dry_run = dry_run


class ReportRule:
    """A rule that tells a report handler; arguments as of `CheckRule`."""

    def __init__(self, condition: Condition, handler: ReportHandler, bound: BoundInstance) -> None:
        self.condition = condition
        self.handler = handler
        self.bound = bound


class Rules:
    """What a configuration comes to.

    Args:
        checks: Rules that check, in their order.
        reports: Rules that report.
        handlers: The report handlers that a rule names.
        slots: Attributes that expressions name.

    Attributes:
        beginners: The handlers that are told when a request comes.
        wants_sizes: Whether a handler needs the exchanges' sizes.
        fails_closed: Whether a check that has no verdict keeps requests out.
    """

    def __init__(
        self,
        checks: list[CheckRule],
        reports: list[ReportRule],
        handlers: list[ReportHandler],
        slots: int,
    ) -> None:
        self.checks = checks
        self.reports = reports
        self.handlers = handlers
        self.slots = slots
        self.beginners: list[ReportHandler] = []
        self.wants_sizes = False
        self.fails_closed = False
        for rule in checks:
            if not rule.dry_run and not rule.handler.fails_open:
                self.fails_closed = True
        for handler in handlers:
            if handler.wants_sizes:
                self.wants_sizes = True
            if handler.wants_begin:
                handler.place = len(self.beginners)
                self.beginners.append(handler)
