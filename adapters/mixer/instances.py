"""Bound instances: the expressions that give a backend its values."""

from adapters.backend.instance import Instance
from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import EvaluationError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.meters import HandlerMeter


class BoundInstance:
    """An instance with its expressions.

    Args:
        instance: What the backend knows of it.
        expressions: One for each of its names.
    """

    def __init__(self, instance: Instance, expressions: list[Expression]) -> None:
        self.instance = instance
        self._expressions = expressions

    def values(self, bag: AttributeBag, meter: HandlerMeter) -> list[str]:
        """The values for one exchange; what is absent is empty."""
        return [_value(expression, bag, meter) for expression in self._expressions]


def _value(expression: Expression, bag: AttributeBag, meter: HandlerMeter) -> str:
    try:
        return expression.value_text(bag)
    except EvaluationError:
        meter.expression_error()
        return ""
