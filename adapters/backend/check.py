"""Check backends: may this request pass?

The mixer gives every check: a cache whose entries live as long as the verdict says, one remote call
for all requests that ask the same at once, prefetch, failure policy, dry run, fault injection, and
the metrics of all that. A backend says what it knows, once, and keeps no state of requests.
"""

from typing import Final

from adapters.backend.instance import Instance
from adapters.events import HttpRequest

UNLIMITED_USES: Final = 0


class Verdict:
    """What a check says about a request.

    Args:
        allowed: Whether it passes.
        status: HTTP status of the answer when it does not.
        body: Body of that answer.
        details: Why not, for the proxy's access log (`%RESPONSE_CODE_DETAILS%`); no spaces.
        valid_ms: Milliseconds for which the same values get the same verdict; 0 for this one
            request only.
        valid_uses: Requests for which it may be used in that time, this one included. Granted
            tokens of a quota are this number.
        request_headers: Set on a request that passes, in place of what the client sent.
        response_headers: Set on the response, whether the request passes or not.
    """

    def __init__(
        self,
        allowed: bool,
        status: int = 403,
        body: bytes = b"",
        details: str = "",
        valid_ms: int = 0,
        valid_uses: int = UNLIMITED_USES,
        request_headers: list[tuple[str, str]] | None = None,
        response_headers: list[tuple[str, str]] | None = None,
    ) -> None:
        self.allowed = allowed
        self.status = status
        self.body = body
        self.details = details
        self.valid_ms = valid_ms
        self.valid_uses = valid_uses
        self.request_headers = request_headers
        self.response_headers = response_headers


class Question:
    """A request that waits for a verdict; or, of a prefetch, requests that are still to come.

    Attributes:
        instance: Names and types of the values.
        values: The instance's values.
        request: The request; of a prefetch the one that made it necessary.
        amount: Uses that are asked for: 1, or as many as the handler prefetches. A quota answers
            with the granted number in `Verdict.valid_uses`.
    """

    def __init__(
        self, instance: Instance, values: list[str], request: HttpRequest, amount: int
    ) -> None:
        self.instance = instance
        self.values = values
        self.request = request
        self.amount = amount

    def answer(self, verdict: Verdict) -> None:
        """The verdict, after `Check.check` returned None. Only the first answer counts."""
        raise NotImplementedError

    def fail(self, reason: str) -> None:
        """No verdict, after `Check.check` returned None: the handler's failure policy decides.

        Args:
            reason: Why, for the proxy's log; rate-limited there.
        """
        raise NotImplementedError


class CheckError(Exception):
    """Raised by `Check.check`: no verdict, as `Question.fail` after it."""


class Check:
    """A configured check backend."""

    def check(self, question: Question) -> Verdict | None:
        """Decide, or ask somebody.

        A remote check sends a `PluginHttpCallout` or `PluginGrpcCall` (not one of the stream: other
        requests may wait for the same answer), with the time-out of its `Setup`, returns None, and
        answers the question from the callout's continuation.

        Raises:
            CheckError: there is no verdict. Any other exception counts as that, too, with a
                traceback in the proxy's log.
        """
        raise NotImplementedError
