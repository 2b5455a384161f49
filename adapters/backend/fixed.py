r"""`fixed`: the same verdict for every request. For maintenance, and for what is closed for good.

handlers:
  closed:
    fixed: {allow: false, status: 503, body: "back at noon\n", retry_after: 600}
"""

from adapters.backend.check import Check, Question, Verdict
from adapters.backend.kind import CheckKind, Setup


class Fixed(Check):
    """Says what it was told to say."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def check(self, question: Question) -> Verdict | None:
        """The verdict."""
        return self._verdict


class FixedKind(CheckKind):
    """The kind `fixed`."""

    def __init__(self) -> None:
        super().__init__("fixed")

    def create(self, setup: Setup) -> Check:
        """Read `allow`, `status`, `body` and `retry_after` (seconds, 0 for none)."""
        settings = setup.settings
        allow = settings.get_bool("allow", False)
        status = settings.get_int("status", 403, minimum=400, maximum=599)
        body = settings.get_str("body", "")
        retry_after = settings.get_int("retry_after", 0, minimum=0)
        headers = [("retry-after", str(retry_after))] if retry_after > 0 else None
        return Fixed(Verdict(allow, status, body.encode(), "fixed", response_headers=headers))
