"""What goes wrong with expressions: when they are loaded, and when they are evaluated."""


class ExpressionError(Exception):
    """An expression is refused when the configuration is loaded.

    Attributes:
        column: Where, counted in characters from 1.
        reason: What was expected and what came.
    """

    def __init__(self, column: int, reason: str) -> None:
        super().__init__(f"column {column}: {reason}")
        self.column = column
        self.reason = reason


class EvaluationError(Exception):
    """An expression has no value for this exchange."""


class AbsentError(EvaluationError):
    """An attribute or a map's entry is not there."""
