"""Rules that enforce nothing: what they would have done is counted and logged."""

from adapters.backend.check import Verdict
from adapters.mixer.check_handler import Waiting
from adapters.mixer.rules import CheckRule
from pal import log


class DryRun(Waiting):
    """A verdict that changes nothing."""

    def __init__(self, rule: CheckRule) -> None:
        self._rule = rule

    def decided(self, verdict: Verdict) -> None:
        """Note it."""
        note(self._rule, verdict)


def note(rule: CheckRule, verdict: Verdict) -> None:
    """Count and log what a dry run would have done."""
    meter = rule.handler.meter
    if verdict.allowed:
        meter.allowed.increment()
        return
    meter.would_deny.increment()
    log.info(f"dry run: {rule.name} would deny with {verdict.status} {verdict.details}")
