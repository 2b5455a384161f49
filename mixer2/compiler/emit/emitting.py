"""What helpers that add code need of the function under construction, whichever kind it is."""

from typing import TYPE_CHECKING, Protocol

from mixer2.compiler.emit.code import Code

if TYPE_CHECKING:
    from mixer2.compiler.emit.program import ProgramEmitter


class Emitting(Protocol):
    """A function of the IR (`FunctionEmitter`) or one made of code only (`Wrapper`)."""

    @property
    def program(self) -> "ProgramEmitter":
        """Gives symbols, and takes complaints."""

    @property
    def code(self) -> Code:
        """Where code goes."""

    @property
    def is_in_loop(self) -> bool:
        """Whether what is emitted now runs more than once in a call of the function."""

    def call(self, symbol: str) -> None:
        """Call a function."""
