"""Headers that tell clients about limits.

Source: IETF draft-polli-ratelimit-headers-03, which Envoy's filters follow too
(`DRAFT_VERSION_03`); RFC 9110, section 10.2.3, for `retry-after`.
"""

from typing import Final

TOO_MANY_REQUESTS: Final = 429


def rate_limit_headers(
    limit: int, window_seconds: int, remaining: int, reset_seconds: int
) -> list[tuple[str, str]]:
    """What is allowed, and what is left of it.

    Args:
        limit: Requests in a window.
        window_seconds: Length of the window; 0 when unknown.
        remaining: Requests left.
        reset_seconds: Until they are `limit` again.
    """
    quota = f"{limit}, {limit};w={window_seconds}" if window_seconds > 0 else str(limit)
    return [
        ("x-ratelimit-limit", quota),
        ("x-ratelimit-remaining", str(remaining)),
        ("x-ratelimit-reset", str(reset_seconds)),
    ]


def retry_after(seconds: int) -> tuple[str, str]:
    """When to come back, at least one second from now."""
    return ("retry-after", str(max(1, seconds)))
