"""Shared verdicts: what one worker was told, the others need not ask.

Before a worker asks the backend it claims the key in the proxy's shared data. Another one that
needs the same verdict meanwhile looks again every few milliseconds, and claims the key itself when
the claim is over. Verdicts with a number of uses are not shared: their uses cannot be.
"""

import hashlib
from typing import Final

from adapters.backend.check import UNLIMITED_USES, Verdict
from pal import PalError, clock, digits, pairs
from pal.shared_cache import CacheUpdate, SharedCache

_NS_PER_MS: Final = 1_000_000
_WAYS: Final = 4
_MOST_SLOTS: Final = 2_500
_LONGEST_KEY: Final = 512
_LARGEST_BYTES: Final = 4_096
_CLAIMED: Final = b""
_PREFIX_DIGITS: Final = 16


class Claim:
    """What became of a claim.

    Attributes:
        verdict: What another worker was told; None when nobody was.
        is_ours: Whether this worker shall ask. Else another one is asking.
    """

    def __init__(self, lease_ms: int) -> None:
        self.verdict: Verdict | None = None
        self.is_ours = True
        self._lease_ms = lease_ms

    def change(self, stored: bytes | None) -> CacheUpdate | None:
        """Claim a key that is free."""
        self.is_ours = stored is None
        if stored is None:
            return CacheUpdate(_CLAIMED, self._lease_ms)
        if stored != _CLAIMED:
            self.verdict = _decoded(stored)
        return None


class SharedVerdicts:
    """The verdicts of one handler.

    Args:
        handler: Its name.
        configuration: The whole configuration: under another one nothing of this is good.
        limit: Most verdicts, about.
        lease_ms: Milliseconds that a claim lasts at most.
    """

    def __init__(self, handler: str, configuration: bytes, limit: int, lease_ms: int) -> None:
        self._cache = SharedCache(f"verdicts.{handler}", _slots(limit), _WAYS)
        self._prefix = hashlib.sha256(configuration).hexdigest()[:_PREFIX_DIGITS] + ":"
        self._lease_ms = lease_ms

    def claim(self, key: str) -> Claim:
        """Claim a key, or learn its verdict."""
        claim = Claim(self._lease_ms)
        if len(key) <= _LONGEST_KEY:
            try:
                self._cache.update(self._prefix + key, claim.change)
            except PalError:
                # The proxy's shared data does not do: ask, as if it were not there.
                claim.is_ours = True
        return claim

    def publish(self, key: str, verdict: Verdict | None) -> None:
        """Tell the others what was said; with nothing to tell the key is free again."""
        if len(key) > _LONGEST_KEY:
            return
        try:
            if verdict is not None and _can_be_shared(verdict):
                data = _encoded(verdict)
                if len(data) <= _LARGEST_BYTES:
                    self._cache.set(self._prefix + key, data, verdict.valid_ms)
                    return
            self._cache.remove(self._prefix + key)
        except PalError:
            # The claim ends by itself.
            return


def _slots(limit: int) -> int:
    return max(1, min(limit // _WAYS, _MOST_SLOTS))


def _can_be_shared(verdict: Verdict) -> bool:
    return verdict.valid_ms > 0 and verdict.valid_uses == UNLIMITED_USES


def _encoded(verdict: Verdict) -> bytes:
    """As pairs, and headers as pairs in these."""
    expires_ms = clock.now_ns() // _NS_PER_MS + verdict.valid_ms
    return pairs.encode(
        [
            ("allowed", "yes" if verdict.allowed else ""),
            ("status", str(verdict.status)),
            ("expires", str(expires_ms)),
            ("body", _text(verdict.body)),
            ("details", verdict.details),
            ("request", _text(pairs.encode(verdict.request_headers or []))),
            ("response", _text(pairs.encode(verdict.response_headers or []))),
        ]
    )


def _decoded(data: bytes) -> Verdict | None:
    """The verdict in `data`; None when somebody else wrote it, or its time is over."""
    valid_ms = digits.leading_int(_field(data, "expires")) - clock.now_ns() // _NS_PER_MS
    if valid_ms <= 0:
        return None
    return Verdict(
        _field(data, "allowed") != "",
        digits.leading_int(_field(data, "status")),
        _bytes(_field(data, "body")),
        _field(data, "details"),
        valid_ms=valid_ms,
        request_headers=pairs.items(_bytes(_field(data, "request"))) or None,
        response_headers=pairs.items(_bytes(_field(data, "response"))) or None,
    )


def _field(data: bytes, name: str) -> str:
    return pairs.first(data, name) or ""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
