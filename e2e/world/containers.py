"""The parts of the world as containers, by compose."""

from pathlib import Path

from e2e.world.engine import Engine
from e2e.world.plan import Plan

_FILE = Path(__file__).parents[1] / "compose.yaml"
_ROOT = Path(__file__).parents[2]
_PROJECT = "mixer2-e2e"
_STOP_TIMEOUT_S = 15


class Containers:
    """Parts as containers of an engine, each with a service of its name in e2e/compose.yaml.

    Args:
        plan: Their addresses and files.
        engine: A running engine that has the images (`images.prepare`).
    """

    def __init__(self, plan: Plan, engine: Engine) -> None:
        self._engine = engine
        engine.environment.update(plan.environment())
        engine.environment["REPOSITORY"] = str(_ROOT)

    def start(self, part: str) -> None:
        """Start a part."""
        self._compose("up", "--detach", "--no-build", part)

    def stop(self, part: str) -> None:
        """End a part with SIGTERM; with SIGKILL when that takes too long."""
        self._compose("stop", "--timeout", str(_STOP_TIMEOUT_S), part)

    def kill(self, part: str) -> None:
        """End a part with SIGKILL."""
        self._compose("kill", part)

    def log(self, part: str) -> str:
        """What a part has printed."""
        return self._compose("logs", "--no-color", "--no-log-prefix", part)

    def close(self) -> None:
        """End all parts."""
        self._compose("down", "--volumes", "--timeout", str(_STOP_TIMEOUT_S))

    def _compose(self, *arguments: str) -> str:
        file = ["--file", str(_FILE), "--project-name", _PROJECT]
        return self._engine.docker("compose", *file, *arguments)
