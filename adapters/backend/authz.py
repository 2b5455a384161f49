"""`authz`: requests pass or not by method, path, principal and network, without asking anybody.

    handlers:
      admin:
        authz:
          rules:
          - deny: {sources: [10.9.0.0/16]}
          - allow: {methods: [GET, HEAD], paths: [/public/*, /health]}
          - allow: {principals: ["spiffe://shop/*"]}
          default: deny
    rules:
    - check: admin

The first rule that matches decides, `default` when none does. A rule matches when each of its lists
has something that matches; `{}` matches everything. Paths and principals are whole, or have a `*`
at their end (a prefix) or at their begin (a suffix). The path is compared without its query and
with percent signs decoded once. One that could mean different places to different readers (`//`,
`/../`, a backslash, a second layer of percent signs) is answered with 400.
"""

from typing import Final

from adapters.backend.check import Check, Question, Verdict
from adapters.backend.kind import CheckKind, Field, Setup
from adapters.backend.networks import Networks
from adapters.backend.plain_path import plain_path
from pal.config import Config

_METHOD: Final = 0
_PATH: Final = 1
_PRINCIPAL: Final = 2
_SOURCE: Final = 3

_BODY: Final = b"access denied\n"
_FORBIDDEN: Final = 403


class Pattern:
    """A text, a prefix that ends in `*`, or a suffix that begins with it.

    Raises:
        ValueError: a `*` stands elsewhere.
    """

    def __init__(self, text: str) -> None:
        self._is_prefix = text.endswith("*")
        self._is_suffix = text.startswith("*") and not self._is_prefix
        self._text = text
        if self._is_prefix:
            self._text = text[:-1]
        elif self._is_suffix:
            self._text = text[1:]
        if "*" in self._text:
            raise ValueError("expected one * at most, at the begin or at the end")

    def matches(self, text: str) -> bool:
        """Whether a text is one of those that are meant."""
        if self._is_prefix:
            return text.startswith(self._text)
        return text.endswith(self._text) if self._is_suffix else text == self._text


class AuthzRule:
    """A rule of a list.

    Args:
        verdict: What it says about requests that it matches.
        methods: Any of these methods; empty for all.
        paths: Any of these paths; empty for all.
        principals: Any of these principals; empty for all, also for nobody.
        sources: Any of these networks; None for all.
    """

    def __init__(
        self,
        verdict: Verdict,
        methods: list[str],
        paths: list[Pattern],
        principals: list[Pattern],
        sources: Networks | None,
    ) -> None:
        self.verdict = verdict
        self._methods = methods
        self._paths = paths
        self._principals = principals
        self._sources = sources

    def matches(self, method: str, path: str, principal: str, source: str) -> bool:
        """Whether it decides about a request."""
        if self._methods and method not in self._methods:
            return False
        if self._paths and not _any_matches(self._paths, path):
            return False
        if self._principals and not (principal and _any_matches(self._principals, principal)):
            return False
        sources = self._sources
        return sources is None or sources.have(source)


class Authz(Check):
    """Decides by a list of rules.

    Args:
        rules: In the order in which they are tried.
        default: The verdict when none matches.
    """

    def __init__(self, rules: list[AuthzRule], default: Verdict) -> None:
        self._rules = rules
        self._default = default
        self._ambiguous = Verdict(False, 400, b"ambiguous path\n", "ambiguous_path")

    def check(self, question: Question) -> Verdict | None:
        """Find the rule that decides."""
        values = question.values
        path = plain_path(values[_PATH])
        if path is None:
            return self._ambiguous
        for rule in self._rules:
            if rule.matches(values[_METHOD], path, values[_PRINCIPAL], values[_SOURCE]):
                return rule.verdict
        return self._default


class AuthzKind(CheckKind):
    """The kind `authz`."""

    def __init__(self) -> None:
        super().__init__("authz")

    def fields(self) -> list[Field]:
        """Who wants to do what from where."""
        return [
            Field("method", "request.method"),
            Field("path", "request.path"),
            Field("principal", "connection.uri_san_peer_certificate"),
            Field("source", "source.ip"),
        ]

    def create(self, setup: Setup) -> Check:
        """Read `rules` and `default`."""
        settings = setup.settings
        default = settings.get_str("default", "deny")
        if default not in ("allow", "deny"):
            raise settings.refusal("default", f"expected allow or deny, got {default}")
        rules = [
            _rule(section, number) for number, section in enumerate(settings.get_sections("rules"))
        ]
        return Authz(rules, _verdict(default == "allow", "denied_by_default"))


def _rule(section: Config, number: int) -> AuthzRule:
    allows = section.has("allow")
    if allows == section.has("deny"):
        raise section.refusal("allow", "expected either allow or deny in each rule")
    match = section.get_section("allow" if allows else "deny")
    return AuthzRule(
        _verdict(allows, f"denied_by_rule_{number}"),
        match.get_str_list("methods", []),
        _patterns(match, "paths"),
        _patterns(match, "principals"),
        _networks(match),
    )


def _patterns(match: Config, name: str) -> list[Pattern]:
    patterns: list[Pattern] = []
    texts = match.get_str_list(name, [])
    for index in range(len(texts)):
        try:
            patterns.append(Pattern(texts[index]))
        except ValueError as error:
            reason = str(error)
            raise match.refusal(f"{name}[{index}]", reason) from error
    return patterns


def _networks(match: Config) -> Networks | None:
    texts = match.get_str_list("sources", [])
    if not texts:
        return None
    try:
        return Networks(texts)
    except ValueError as error:
        reason = str(error)
        raise match.refusal("sources", reason) from error


def _verdict(allows: bool, details: str) -> Verdict:
    return Verdict(True) if allows else Verdict(False, _FORBIDDEN, _BODY, details)


def _any_matches(patterns: list[Pattern], text: str) -> bool:
    return any(pattern.matches(text) for pattern in patterns)
