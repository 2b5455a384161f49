"""What a kind of backend tells the mixer about itself.

Configuration names a kind (`rate_limit`) and gives it settings; that is a *handler*. A rule joins a
handler to traffic by an *instance*, which says where the handler's values come from:

    handlers:
      per-user:
        rate_limit: {requests: 10, per: 1s}       # kind: settings
    rules:
    - check: per-user
      with: {user: "request.headers['x-user']"}   # the instance: field: expression

A backend lives in a module of `adapters.backend`: a `CheckKind` or `ReportKind`, and the `Check` or
`Report` that it creates. `filters/mixer.py` lists the kinds that its plugin knows. The smallest
examples are `adapters.backend.fixed` and `adapters.backend.counter`.

Values come as text, one for each field of the instance, in their order. A value that the exchange
does not have is the empty text.
"""

from adapters.backend.check import Check
from adapters.backend.instance import Instance
from adapters.backend.report import Report
from pal import PluginContext
from pal.config import Config


class Field:
    """A value that a backend takes.

    Args:
        name: How configuration calls it, `[a-zA-Z_][a-zA-Z0-9_]*`.
        expression: Where it comes from when the instance does not say; empty when it has to.
    """

    def __init__(self, name: str, expression: str = "") -> None:
        self.name = name
        self.expression = expression


class Setup:
    """What a handler is made of.

    Args:
        name: Name of the handler: part of its shared data's keys, label of its metrics.
        settings: The section of the kind. Read it with defaults and bounds; what nobody read is
            refused afterwards, and `settings.refusal` says what else is wrong with a field.
        instances: The instances that it gets values of; none when no rule names the handler.
        plugin: Owner of the backend's timers and callouts.
        timeout_ms: The handler's time-out for one remote call, milliseconds.
    """

    def __init__(
        self,
        name: str,
        settings: Config,
        instances: list[Instance],
        plugin: PluginContext,
        timeout_ms: int,
    ) -> None:
        self.name = name
        self.settings = settings
        self.instances = instances
        self.plugin = plugin
        self.timeout_ms = timeout_ms


class BackendKind:
    """A kind of backend; use one of the two subclasses.

    Attributes:
        name: How configuration calls it.
        is_open: Whether an instance may name fields beyond `fields()`: labels, descriptors.
    """

    def __init__(self, name: str, is_open: bool = False) -> None:
        self.name = name
        self.is_open = is_open

    def fields(self) -> list[Field]:
        """The values that it always takes."""
        return []


class CheckKind(BackendKind):
    """A kind of backend that decides about requests.

    Attributes:
        fails_open: What `on_failure` is when the configuration does not say: requests pass.
        shares_verdicts: Whether a kept verdict of one worker is good for the others too. For
            remote checks whose verdicts last; each question costs two host calls more.
    """

    def __init__(
        self,
        name: str,
        is_open: bool = False,
        fails_open: bool = False,
        shares_verdicts: bool = False,
    ) -> None:
        super().__init__(name, is_open)
        self.fails_open = fails_open
        self.shares_verdicts = shares_verdicts

    def create(self, setup: Setup) -> Check:
        """A handler of this kind. Called in `on_configure`: no callouts, metrics are defined here.

        Raises:
            ConfigurationError: `setup.settings` will not do.
        """
        raise NotImplementedError


class ReportKind(BackendKind):
    """A kind of backend that is told about exchanges."""

    def create(self, setup: Setup) -> Report:
        """A handler of this kind; as `CheckKind.create`."""
        raise NotImplementedError
