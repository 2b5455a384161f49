"""`rate_limit`: token buckets in the proxy, shared by its workers.

    handlers:
      per-user:
        rate_limit: {requests: 10, per: 1s, burst: 20}
    rules:
    - check: per-user
      with: {user: "request.headers['x-user']"}

Each combination of the instance's values has a bucket of its own, and without values there is one
for all requests. A bucket is full at first, holds `burst` tokens and gains `requests` in `per`; a
request without a token is answered with 429. Workers count on the same bucket by compare-and-swap,
so together they let through what one bucket holds, no more. It takes no calls, and the proxy's
shared data, which dies with the proxy.

At most about `max_keys` buckets take memory. Beyond them a new one takes the place of the one that
would be full first: whoever had that gets a few tokens more than theirs.
"""

from typing import Final

from adapters.backend.bucket import BucketShape, Draw
from adapters.backend.check import Check, CheckError, Question, Verdict
from adapters.backend.kind import CheckKind, Setup
from adapters.backend.rate_limit_headers import (
    TOO_MANY_REQUESTS,
    rate_limit_headers,
    retry_after,
)
from adapters.backend.settings import duration_ns
from pal.shared_cache import CacheUpdate, SharedCache
from pal.shared_data import ContentionError, SharedValue

_NS_PER_MS: Final = 1_000_000
_NS_PER_SECOND: Final = 1_000_000_000
_MIN_INTERVAL_NS: Final = 100
_WAYS: Final = 4
_MAX_KEY_CHARACTERS: Final = 192
_KEPT_CHARACTERS: Final = 80
_DETAILS: Final = "rate_limited"


class RateLimit(Check):
    """Draws from buckets.

    Args:
        shape: Of all buckets.
        requests: Tokens gained in `per_ns`.
        per_ns: Nanoseconds.
        headers: Whether clients are told about the limit.
    """

    def __init__(self, shape: BucketShape, requests: int, per_ns: int, headers: bool) -> None:
        self._shape = shape
        self._requests = requests
        self._window_seconds = _seconds_rounded_up(per_ns)
        self._headers = headers
        self._valid_ms = per_ns // _NS_PER_MS

    def check(self, question: Question) -> Verdict | None:
        """Take as many tokens as are asked for; a single one is the usual case."""
        try:
            draw = self.draw(question)
        except ContentionError as error:
            raise CheckError(str(error)) from error
        headers = self._headers_of(draw)
        if draw.granted == 0:
            headers.append(retry_after(_seconds_rounded_up(draw.wait_ns)))
            return Verdict(False, TOO_MANY_REQUESTS, b"", _DETAILS, response_headers=headers)
        valid_ms = self._valid_ms if question.amount > 1 else 0
        return Verdict(
            True, valid_ms=valid_ms, valid_uses=draw.granted, response_headers=headers or None
        )

    def draw(self, question: Question) -> Draw:
        """Draw from the question's bucket."""
        raise NotImplementedError

    def _headers_of(self, draw: Draw) -> list[tuple[str, str]]:
        if not self._headers:
            return []
        reset = _seconds_rounded_up(draw.full_ns)
        return rate_limit_headers(self._requests, self._window_seconds, draw.remaining, reset)


class SharedBucket(RateLimit):
    """One bucket for all requests of an instance."""

    def __init__(
        self, name: str, shape: BucketShape, requests: int, per_ns: int, headers: bool
    ) -> None:
        super().__init__(shape, requests, per_ns, headers)
        self._value = SharedValue(name)

    def draw(self, question: Question) -> Draw:
        """Draw; a bucket without a token is not written."""
        now_ns = question.request.started_ns
        for _ in range(100):
            found = self._value.read()
            draw = Draw(self._shape, found.value, now_ns, question.amount)
            if draw.granted == 0 or self._value.replace(draw.state(), found.version):
                return draw
        raise ContentionError("the bucket was changed by others 100 times in a row")


class KeyedBuckets(RateLimit):
    """A bucket for each combination of an instance's values."""

    def __init__(
        self,
        buckets: SharedCache,
        shape: BucketShape,
        requests: int,
        per_ns: int,
        headers: bool,
    ) -> None:
        super().__init__(shape, requests, per_ns, headers)
        self._buckets = buckets

    def draw(self, question: Question) -> Draw:
        """Draw; a bucket lives until it is full again, when nothing of it needs to be known."""
        attempt = _Attempt(self._shape, question)
        self._buckets.update(bucket_key(question), attempt.change)
        return attempt.draw


class _Attempt:
    """One draw from a bucket of the cache; made anew as long as others interfere."""

    def __init__(self, shape: BucketShape, question: Question) -> None:
        self._shape = shape
        self._now_ns = question.request.started_ns
        self._amount = question.amount
        self.draw = Draw(shape, None, self._now_ns, 0)

    def change(self, stored: bytes | None) -> CacheUpdate | None:
        """The bucket after the draw; None when nothing was drawn."""
        draw = Draw(self._shape, stored, self._now_ns, self._amount)
        self.draw = draw
        if draw.granted == 0:
            return None
        return CacheUpdate(draw.state(), draw.full_ns // _NS_PER_MS + 1)


class _ByInstance(Check):
    """Hands each question to its instance's buckets."""

    def __init__(self, checks: list[RateLimit]) -> None:
        self._checks = checks

    def check(self, question: Question) -> Verdict | None:
        return self._checks[question.instance.number].check(question)


class RateLimitKind(CheckKind):
    """The kind `rate_limit`."""

    def __init__(self) -> None:
        super().__init__("rate_limit", is_open=True, fails_open=True)

    def create(self, setup: Setup) -> Check:
        """Read `requests`, `per`, `burst`, `headers` and `max_keys`."""
        settings = setup.settings
        requests = settings.get_int("requests", 0, minimum=1, maximum=1_000_000_000)
        if requests == 0:
            raise settings.refusal("requests", "expected how many may pass, got nothing")
        per_ns = duration_ns(settings, "per", "1s", minimum_ns=_NS_PER_MS)
        if per_ns // requests < _MIN_INTERVAL_NS:
            raise settings.refusal("requests", "at most 10 million a second can be counted")
        burst = settings.get_int("burst", requests, minimum=1, maximum=1_000_000_000)
        headers = settings.get_bool("headers", True)
        max_keys = settings.get_int("max_keys", 10_000, minimum=1, maximum=10_000_000)
        shape = BucketShape(requests, per_ns, burst)
        slots = max(1, max_keys // _WAYS)
        checks: list[RateLimit] = []
        for instance in setup.instances:
            name = f"rate_limit.{setup.name}.{instance.number}"
            if len(instance.names) == 0:
                checks.append(SharedBucket(name, shape, requests, per_ns, headers))
            else:
                buckets = SharedCache(name, slots, _WAYS)
                checks.append(KeyedBuckets(buckets, shape, requests, per_ns, headers))
        return _ByInstance(checks)


def bucket_key(question: Question) -> str:
    """Name of the question's bucket: different values have different ones.

    Of values that clients made long only both ends and the length are kept.
    """
    values = question.values
    key = values[0] if len(values) == 1 else "".join([f"{len(one)}:{one}" for one in values])
    if len(key) <= _MAX_KEY_CHARACTERS:
        return key
    return f"{len(key)}:{key[:_KEPT_CHARACTERS]}:{key[-_KEPT_CHARACTERS:]}"


def _seconds_rounded_up(ns: int) -> int:
    return (ns + _NS_PER_SECOND - 1) // _NS_PER_SECOND
