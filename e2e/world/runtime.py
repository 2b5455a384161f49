"""What runs the parts of the world."""

from typing import Protocol


class PartFailed(RuntimeError):
    """A part of the world did not start, or ended by itself; with its last lines."""


class Runtime(Protocol):
    """Starts and ends parts, by name (`e2e.world.plan`)."""

    def start(self, part: str) -> None:
        """Start a part.

        Raises:
            PartFailed: it cannot be started.
        """
        ...

    def stop(self, part: str) -> None:
        """End a part in good order (SIGTERM)."""
        ...

    def kill(self, part: str) -> None:
        """End a part at once (SIGKILL)."""
        ...

    def log(self, part: str) -> str:
        """What a part has printed."""
        ...

    def close(self) -> None:
        """End everything."""
        ...
