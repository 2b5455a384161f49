"""Shared verdicts: what one worker was told, the others need not ask.

Before a worker asks the backend it claims the key in the proxy's shared data. Another one that
needs the same verdict meanwhile looks again every few milliseconds, and claims the key itself when
the claim is over. Verdicts with a number of uses are not shared: their uses cannot be.
"""

import zlib
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
        self._prefix = f"{zlib.crc32(configuration)}:"
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
    """As pairs: status, end, body, details; then headers, of the request after `>`, else `<`."""
    expires_ms = clock.now_ns() // _NS_PER_MS + verdict.valid_ms
    fields = [
        ("allowed" if verdict.allowed else "denied", str(verdict.status)),
        ("expires", str(expires_ms)),
        ("body", verdict.body.decode("utf-8", "surrogateescape")),
        ("details", verdict.details),
    ]
    for name, value in verdict.request_headers or []:
        fields.append((">" + name, value))
    for name, value in verdict.response_headers or []:
        fields.append(("<" + name, value))
    return pairs.encode(fields)


def _decoded(data: bytes) -> Verdict | None:
    """The verdict in `data`; None when somebody else wrote it, or its time is over."""
    fields = pairs.items(data)
    if len(fields) < 4 or fields[0][0] not in ("allowed", "denied"):
        return None
    valid_ms = digits.leading_int(fields[1][1]) - clock.now_ns() // _NS_PER_MS
    if valid_ms <= 0:
        return None
    to_request = [(name[1:], value) for name, value in fields[4:] if name.startswith(">")]
    to_response = [(name[1:], value) for name, value in fields[4:] if name.startswith("<")]
    return Verdict(
        fields[0][0] == "allowed",
        digits.leading_int(fields[0][1]),
        fields[2][1].encode("utf-8", "surrogateescape"),
        fields[3][1],
        valid_ms=valid_ms,
        request_headers=to_request or None,
        response_headers=to_response or None,
    )
