"""Verdicts that are still good: bounded, each for as long and as often as the backend said."""

from typing import Final

from adapters.backend.check import UNLIMITED_USES, Verdict

_NS_PER_MS: Final = 1_000_000
_NO_BOUND: Final = 2**61


class Grant:
    """A verdict, and how much of it is left.

    Attributes:
        verdict: What was said.
        uses: Requests that it is still good for.
        successor: What was fetched ahead, for when this one is used up or over.
    """

    def __init__(self, verdict: Verdict, now_ns: int) -> None:
        self.verdict = verdict
        unlimited = verdict.valid_uses == UNLIMITED_USES
        self.uses = _NO_BOUND if unlimited else verdict.valid_uses
        self.successor: Grant | None = None
        self._expires_ns = now_ns + verdict.valid_ms * _NS_PER_MS

    def is_good(self, now_ns: int) -> bool:
        """Whether it can be used once more."""
        return self.uses > 0 and now_ns < self._expires_ns


class CheckCache:
    """Grants by key.

    Args:
        limit: Most keys; a new one takes the place of the oldest.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._grants: dict[str, Grant] = {}

    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return len(self._grants) == 0

    def use(self, key: str, now_ns: int) -> Grant | None:
        """Use a key's grant once; None when there is none that is good."""
        grant = self._grants.get(key)
        while grant is not None:
            if grant.is_good(now_ns):
                grant.uses -= 1
                return grant
            grant = grant.successor
            if grant is None:
                del self._grants[key]
            else:
                self._grants[key] = grant
        return None

    def put(self, key: str, verdict: Verdict, now_ns: int, uses: int) -> None:
        """Keep a verdict, behind what is still good of the key.

        Args:
            key: Whose it is.
            verdict: What was said; one that is good for no time is not kept.
            now_ns: When, nanoseconds since 1970.
            uses: How often it has been used already.
        """
        if verdict.valid_ms <= 0 or self._limit == 0:
            return
        grant = Grant(verdict, now_ns)
        grant.uses -= uses
        known = self._grants.get(key)
        if known is not None and known.is_good(now_ns):
            known.successor = grant
            return
        if grant.uses <= 0:
            return
        if known is None and len(self._grants) >= self._limit:
            self._drop_oldest()
        self._grants[key] = grant

    def _drop_oldest(self) -> None:
        for key in self._grants:
            del self._grants[key]
            break
