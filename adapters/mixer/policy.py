"""Policies: what the mixer does for a handler, whatever its backend is.

on_failure   open or closed       whether requests pass when a check has no verdict
timeout      500ms                of one remote call
cache        10000                verdicts that a worker keeps; 0 for none
prefetch     0                    uses that are asked for ahead; 0 for none
buffer       {size, interval, limit, attempts}    of what is exported
fault        {probability, delay, fail}           of what is to go wrong on purpose
"""

from typing import Final

from adapters.backend.settings import duration_ms
from adapters.mixer.chance import Chance
from pal.config import Config

FIELDS: Final = ["on_failure", "timeout", "cache", "prefetch", "buffer", "fault"]

_LONGEST_MS: Final = 3_600_000


class BufferPolicy:
    """How records wait for their export.

    Attributes:
        size: Records in a batch.
        interval_ms: Milliseconds after which a batch goes that is not full.
        limit: Records that wait at most; what comes then is dropped.
        attempts: How often a batch is sent before it is dropped.
    """

    def __init__(self, section: Config) -> None:
        self.size = section.get_int("size", 100, minimum=1, maximum=10_000)
        self.interval_ms = _interval_ms(section)
        self.limit = section.get_int("limit", 10_000, minimum=1, maximum=1_000_000)
        self.attempts = section.get_int("attempts", 3, minimum=1, maximum=1000)
        if self.limit < self.size:
            raise section.refusal("limit", f"expected at least size, which is {self.size}")


class FaultPolicy:
    """What goes wrong on purpose.

    Attributes:
        probability: Of each call to the backend, 0.0 to 1.0.
        delay_ms: Milliseconds that a struck call waits first.
        fails: Whether a struck call fails, without reaching the backend.
    """

    def __init__(self, section: Config) -> None:
        self.probability = fraction(section, "probability", 0.0)
        self.delay_ms = duration_ms(section, "delay", "0")
        self.fails = section.get_bool("fail", False)
        if self.probability > 0.0 and self.delay_ms == 0 and not self.fails:
            raise section.refusal("probability", "expected delay or fail beside it")

    def strikes(self, chance: Chance) -> bool:
        """Whether it hits this call."""
        return self.probability > 0.0 and chance.strikes(self.probability)


class Policy:
    """The policies of one handler; see the module's docstring for the attributes.

    Args:
        section: The handler's section of the configuration.
        fails_open: What its kind does on failure when the configuration does not say.
    """

    def __init__(self, section: Config, fails_open: bool) -> None:
        on_failure = section.get_str("on_failure", "open" if fails_open else "closed")
        if on_failure not in ("open", "closed"):
            raise section.refusal("on_failure", f"expected open or closed, got {on_failure}")
        self.fails_open = on_failure == "open"
        self.timeout_ms = duration_ms(section, "timeout", "500ms", minimum_ms=1)
        if self.timeout_ms > _LONGEST_MS:
            raise section.refusal("timeout", "expected at most 1h")
        self.cache = section.get_int("cache", 10_000, minimum=0, maximum=1_000_000)
        self.prefetch = section.get_int("prefetch", 0, minimum=0, maximum=1_000_000)
        if self.prefetch > 0 and self.cache == 0:
            raise section.refusal("prefetch", "expected a cache to keep the uses in, got cache 0")
        self.buffer = BufferPolicy(section.get_section("buffer"))
        self.fault = FaultPolicy(section.get_section("fault"))


def fraction(section: Config, name: str, default: float) -> float:
    """Value of a field that is a share, 0.0 to 1.0.

    Raises:
        ConfigurationError: it is not.
    """
    value = section.get_float(name, default)
    if not 0.0 <= value <= 1.0:
        raise section.refusal(name, f"expected 0 to 1, got {value}")
    return value


def _interval_ms(section: Config) -> int:
    interval = duration_ms(section, "interval", "1s", minimum_ms=1)
    if interval > _LONGEST_MS:
        raise section.refusal("interval", "expected at most 1h")
    return interval
