"""Settings that several kinds of backends have."""

from pal import durations
from pal.config import Config

_NS_PER_MS = 1_000_000


def duration_ns(settings: Config, name: str, default: str, minimum_ns: int = 0) -> int:
    """Nanoseconds of a field such as `1.5s`.

    Raises:
        ConfigurationError: it is no duration, or shorter than `minimum_ns`.
    """
    text = settings.get_str(name, default)
    found = durations.parse(text)
    if found == durations.NOT_A_DURATION:
        raise settings.refusal(name, f"expected a duration such as 1s or 200ms, got {text}")
    if found < minimum_ns:
        raise settings.refusal(name, f"expected at least {minimum_ns // _NS_PER_MS}ms, got {text}")
    return found


def duration_ms(settings: Config, name: str, default: str, minimum_ms: int = 0) -> int:
    """Milliseconds of a field such as `1.5s`; raises as `duration_ns`."""
    return duration_ns(settings, name, default, minimum_ms * _NS_PER_MS) // _NS_PER_MS


def required(settings: Config, name: str) -> str:
    """A text that has to be there, such as the name of a cluster.

    Raises:
        ConfigurationError: it is not, or it is empty.
    """
    text = settings.get_str(name, "")
    if not text:
        raise settings.refusal(name, "expected a text, got none")
    return text
