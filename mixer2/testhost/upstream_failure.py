"""What an upstream does instead of answering, and what Envoy says in its place.

Texts, details and flags as Envoy 1.40 gave them.
"""

from enum import Enum
from typing import Final

from mixer2.testhost.local_reply import LocalReply

_RESET: Final = "upstream connect error or disconnect/reset before headers. reset reason: "
_FLAG_TIMEOUT: Final = 0x4
_FLAG_CONNECTION_FAILURE: Final = 0x20
_FLAG_CONNECTION_TERMINATION: Final = 0x40


class UpstreamFailure(Enum):
    """How an upstream fails.

    TIMEOUT: it does not answer in time.
    REFUSED: it takes no connections.
    CLOSED: it closes the connection on a request.
    RESET: there is no answer of any kind. To a callout only; of requests it is as CLOSED.
    """

    TIMEOUT = "timeout"
    REFUSED = "refused"
    CLOSED = "closed"
    RESET = "reset"

    @property
    def reply(self) -> LocalReply:
        """What the one who asked gets from Envoy."""
        return _REPLIES[self]


_CLOSED_REPLY: Final = LocalReply(
    503,
    "upstream_reset_before_response_started{connection_termination}",
    f"{_RESET}connection termination".encode(),
    flags=_FLAG_CONNECTION_TERMINATION,
)
_REPLIES: Final = {
    UpstreamFailure.TIMEOUT: LocalReply(
        504, "response_timeout", b"upstream request timeout", flags=_FLAG_TIMEOUT
    ),
    UpstreamFailure.REFUSED: LocalReply(
        503,
        "upstream_reset_before_response_started"
        "{remote_connection_failure|delayed_connect_error:_Connection_refused}",
        f"{_RESET}remote connection failure".encode(),
        flags=_FLAG_CONNECTION_FAILURE,
    ),
    UpstreamFailure.CLOSED: _CLOSED_REPLY,
    UpstreamFailure.RESET: _CLOSED_REPLY,
}
