"""`&&`, `||`, `!`, `? :`, and `default`.

As CEL has it, `&&` and `||` do not mind an error on one side when the other side decides: a false
beside `&&`, a true beside `||`.
"""

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import EvaluationError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.types import Type


class And(Expression):
    """`left && right`."""

    def __init__(self, left: Expression, right: Expression) -> None:
        super().__init__(Type.BOOL)
        self._left = left
        self._right = right

    def truth(self, bag: AttributeBag) -> bool:
        """Whether both are true."""
        try:
            if not self._left.truth(bag):
                return False
        except EvaluationError:
            if not self._right.truth(bag):
                return False
            raise
        return self._right.truth(bag)


class Or(Expression):
    """`left || right`."""

    def __init__(self, left: Expression, right: Expression) -> None:
        super().__init__(Type.BOOL)
        self._left = left
        self._right = right

    def truth(self, bag: AttributeBag) -> bool:
        """Whether one is true."""
        try:
            if self._left.truth(bag):
                return True
        except EvaluationError:
            if self._right.truth(bag):
                return True
            raise
        return self._right.truth(bag)


class Not(Expression):
    """`!operand`."""

    def __init__(self, operand: Expression) -> None:
        super().__init__(Type.BOOL)
        self._operand = operand

    def truth(self, bag: AttributeBag) -> bool:
        """Whether it is false."""
        return not self._operand.truth(bag)


class Conditional(Expression):
    """`condition ? yes : no`; both are of one type, which is not MAP or LIST."""

    def __init__(self, condition: Expression, yes: Expression, no: Expression) -> None:
        super().__init__(yes.kind)
        self._condition = condition
        self._yes = yes
        self._no = no

    def text(self, bag: AttributeBag) -> str:
        """The one that the condition picks."""
        return self._picked(bag).text(bag)

    def integer(self, bag: AttributeBag) -> int:
        """The one that the condition picks."""
        return self._picked(bag).integer(bag)

    def double(self, bag: AttributeBag) -> float:
        """The one that the condition picks."""
        return self._picked(bag).double(bag)

    def truth(self, bag: AttributeBag) -> bool:
        """The one that the condition picks."""
        return self._picked(bag).truth(bag)

    def _picked(self, bag: AttributeBag) -> Expression:
        return self._yes if self._condition.truth(bag) else self._no


class Default(Expression):
    """`default(operand, fallback)`; both are of one type, which is not MAP or LIST."""

    def __init__(self, operand: Expression, fallback: Expression) -> None:
        super().__init__(operand.kind)
        self._operand = operand
        self._fallback = fallback

    def text(self, bag: AttributeBag) -> str:
        """The operand, or the fallback."""
        try:
            return self._operand.text(bag)
        except EvaluationError:
            return self._fallback.text(bag)

    def integer(self, bag: AttributeBag) -> int:
        """The operand, or the fallback."""
        try:
            return self._operand.integer(bag)
        except EvaluationError:
            return self._fallback.integer(bag)

    def double(self, bag: AttributeBag) -> float:
        """The operand, or the fallback."""
        try:
            return self._operand.double(bag)
        except EvaluationError:
            return self._fallback.double(bag)

    def truth(self, bag: AttributeBag) -> bool:
        """The operand, or the fallback."""
        try:
            return self._operand.truth(bag)
        except EvaluationError:
            return self._fallback.truth(bag)
