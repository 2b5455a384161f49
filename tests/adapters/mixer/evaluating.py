"""Evaluates the configuration against each request."""

from adapters.mixer.bag import AttributeBag
from adapters.mixer.expression.errors import EvaluationError, ExpressionError
from adapters.mixer.expression.parser import parse
from adapters.mixer.scope import Scope
from pal import Action, HttpContext, PluginContext, log


class Evaluating(HttpContext):
    def __init__(self, plugin: "EvaluatingPlugin") -> None:
        super().__init__(plugin)
        self._e = plugin

    def on_request_headers(self, end_of_stream: bool) -> Action:
        source = self.request_headers.get("x-expression") or ""
        scope = Scope()
        try:
            e = parse(source, scope, False)
            bag = AttributeBag(scope.size, self.request_headers)
            log.info(e.value_text(bag))
        except ExpressionError as error:
            log.info(f"refused: {error}")
        except EvaluationError as problem:
            log.info(f"error: {problem}")
        return Action.CONTINUE


class EvaluatingPlugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Evaluating(self)
