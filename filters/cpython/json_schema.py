"""Request bodies have to be as their JSON Schema says; others never reach the service.

Profile cpython: it takes the package `fastjsonschema` as it is, which writes Python for a schema
and has it compiled, here when the plugin is configured. Drafts 4, 6 and 7, chosen by `$schema`; 7
when there is none. `pattern` is Python's `re`, lookarounds included; `$ref` stays in the schema.

    rules:
    - methods: [POST]                # PUT, POST and PATCH by default
      path: /orders                  # the whole path, without query; or a prefix ending in `*`
      schema: {type: object, required: [sku], properties: {sku: {type: string}}}

A body that is no JSON is answered with 400, one that breaks its schema with 422, both as
`application/problem+json` (RFC 9457) with the first thing that is wrong and where (RFC 6901).
Requests that no rule is for go on unread. When the filter itself fails, the request is refused.

    json_schema_requests_total       counter; label outcome: valid, invalid, malformed
"""

import json
import re
from typing import Any

import fastjsonschema

from pal import Action, ConfigurationError, ErrorPolicy, HttpContext, PluginContext
from pal.metrics import LabelledCounter

_METHODS = ["POST", "PUT", "PATCH"]


class Rule:
    """What the bodies of some requests have to be like.

    Args:
        number: Its place in the configuration, for errors.
        described: Its JSON.

    Raises:
        ConfigurationError: it is no rule.
    """

    def __init__(self, number: int, described: Any) -> None:
        where = f"rules[{number}]"
        if not isinstance(described, dict):
            raise ConfigurationError(f"{where}: expected an object")
        unknown = sorted(described.keys() - {"methods", "path", "schema"})
        if unknown:
            raise ConfigurationError(f"{where}.{unknown[0]}: no such field")
        path, methods = described.get("path"), described.get("methods", _METHODS)
        if not isinstance(path, str) or not path.startswith("/"):
            raise ConfigurationError(f"{where}.path: expected a path, which starts with /")
        if not isinstance(methods, list) or not all(isinstance(one, str) for one in methods):
            raise ConfigurationError(f"{where}.methods: expected a list of methods")
        if "schema" not in described:
            raise ConfigurationError(f"{where}.schema: missing")
        self._methods = frozenset(methods)
        self._prefix = path.removesuffix("*")
        self._is_prefix = path.endswith("*")
        try:
            self._validate = fastjsonschema.compile(described["schema"], use_default=False)
        except (fastjsonschema.JsonSchemaException, re.error) as error:
            raise ConfigurationError(f"{where}.schema: {error}") from error

    def applies(self, method: str, path: str) -> bool:
        """Whether it is for a request."""
        if method not in self._methods:
            return False
        return path.startswith(self._prefix) if self._is_prefix else path == self._prefix

    def error(self, document: Any) -> dict[str, str] | None:
        """The first thing that is wrong with a body."""
        try:
            self._validate(document)
        except fastjsonschema.JsonSchemaValueException as error:
            # The first step of the path is the name of the document itself.
            steps = (str(step).replace("~", "~0").replace("/", "~1") for step in error.path[1:])
            return {"pointer": "".join(f"/{step}" for step in steps), "detail": error.message}
        return None


class JsonSchema(HttpContext):
    """One request."""

    def __init__(self, plugin: "JsonSchemaPlugin") -> None:
        super().__init__(plugin)
        self._plugin = plugin
        self._rule: Rule | None = None

    def on_request_headers(self, end_of_stream: bool) -> Action:
        """Find the rule; hold the request until its body is there."""
        method = self.request_headers.get(":method") or ""
        path = (self.request_headers.get(":path") or "").partition("?")[0]
        self._rule = self._plugin.rule_for(method, path)
        if self._rule is None:
            return Action.CONTINUE
        if end_of_stream:
            return self._check(self._rule, b"")
        return Action.BUFFER

    def on_request_body(self, size: int, end_of_stream: bool) -> Action:
        """Check the body when it is whole."""
        if self._rule is None:
            return Action.CONTINUE
        if not end_of_stream:
            return Action.BUFFER
        return self._check(self._rule, self.request_body.read())

    def on_request_trailers(self) -> Action:
        """Check the body: trailers are what ends it."""
        if self._rule is None:
            return Action.CONTINUE
        return self._check(self._rule, self.request_body.read())

    def _check(self, rule: Rule, body: bytes) -> Action:
        try:
            document = json.loads(body)
        except (ValueError, RecursionError) as reason:
            self._plugin.requests.increment(["malformed"])
            problem = {"title": "The body is no JSON", "detail": str(reason)}
            return self._refuse(400, problem)
        error = rule.error(document)
        if error is None:
            self._plugin.requests.increment(["valid"])
            return Action.CONTINUE
        self._plugin.requests.increment(["invalid"])
        return self._refuse(422, {"title": "The body breaks its schema", "errors": [error]})

    def _refuse(self, status: int, problem: dict[str, Any]) -> Action:
        body = json.dumps({"status": status, **problem}).encode()
        return self.send_local_response(
            status, body, [("content-type", "application/problem+json")]
        )


class JsonSchemaPlugin(PluginContext):
    """The rules."""

    def __init__(self) -> None:
        super().__init__()
        self.error_policy = ErrorPolicy.REFUSE
        self.requests = LabelledCounter("json_schema_requests_total", ["outcome"], limit=3)
        self._rules: list[Rule] = []

    def on_configure(self) -> bool:
        """Read the rules, and check their schemas."""
        try:
            configuration = json.loads(self.configuration or b"{}")
        except ValueError as error:
            raise ConfigurationError(f"the configuration is no JSON: {error}") from error
        if not isinstance(configuration, dict) or configuration.keys() != {"rules"}:
            raise ConfigurationError("expected an object with the one field `rules`")
        if not isinstance(configuration["rules"], list):
            raise ConfigurationError("rules: expected a list")
        self._rules = [Rule(*numbered) for numbered in enumerate(configuration["rules"])]
        return True

    def rule_for(self, method: str, path: str) -> Rule | None:
        """The first rule for a request."""
        return next((rule for rule in self._rules if rule.applies(method, path)), None)

    def create_http_context(self) -> HttpContext:
        """A context for a new request."""
        return JsonSchema(self)
