"""What a person sees while a benchmark runs."""

from types import TracebackType
from typing import Self

from rich.console import Console


class Progress:
    """One line that changes; where there is no terminal, a line for each phase.

    Args:
        console: Where it is shown.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("building")
        self._phase = ""

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._console.is_terminal:
            self._status.stop()

    def tell(self, phase: str, step: str) -> None:
        """Say what is being done."""
        self._status.update(f"{phase}: {step}")
        if phase != self._phase and not self._console.is_terminal:
            self._console.print(phase)
        self._phase = phase
