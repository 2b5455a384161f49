"""What expressions are evaluated with."""

from typing import cast

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import ExpressionError
from adapters.mixer.expression.operand import Expression
from adapters.mixer.expression.parser import parse
from adapters.mixer.scope import Scope
from adapters.mixer.types import Type, value_type
from pal import HeaderMap
from tests.pal.conftest import host

__all__ = ["compile_expression", "evaluate", "host"]


class Headers:
    """A header map without a proxy behind it."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers
        self.reads: list[str] = []

    def get(self, name: str) -> str | None:
        self.reads.append(name)
        return self._headers.get(name)


def bag(scope: Scope, request: dict[str, str], response: dict[str, str], code: int) -> AttributeBag:
    found = AttributeBag(scope.size, cast("HeaderMap", Headers(request)))
    found.response = cast("HeaderMap", Headers(response))
    found.status_code = code
    return found


def compile_expression(source: str, over: bool = True) -> Expression:
    return parse(source, Scope(), over)


def evaluate(
    source: str,
    request: dict[str, str] | None = None,
    response: dict[str, str] | None = None,
    code: int = 200,
) -> object:
    """Value of an expression, in its own type."""
    scope = Scope()
    expression = parse(source, scope, True)
    if value_type(expression.kind) is None:
        raise ExpressionError(1, "a map or a list is no value")
    attributes = bag(scope, request or {}, response or {}, code)
    if expression.kind is Type.TEXT:
        return expression.text(attributes)
    if expression.kind is Type.BOOL:
        return expression.truth(attributes)
    if expression.kind is Type.DOUBLE:
        return expression.double(attributes)
    return expression.integer(attributes)
