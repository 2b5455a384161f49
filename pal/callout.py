"""What callouts of all kinds share: whom they belong to, and what their answers show."""

from typing import Final

from pal import dispatch, header_name, hostcalls, pairs, parts
from pal.abi import STREAM_REQUEST, STREAM_RESPONSE, WHOLE
from pal.action import Action, ErrorPolicy
from pal.context import HttpContext
from pal.errors import HostcallError, PalError

ABANDONED_METRIC: Final = "mixer2_callouts_abandoned_total"
"""Counter, by plugin, of the answers that came when the stream that asked had ended."""


class CalloutStateError(PalError):
    """A callout was used in a state in which that has no meaning."""


class CalloutHeaders:
    """Headers, trailers or metadata of a callout's answer, for reading.

    They are fetched by the first read, which has to happen in the callback that shows them, and
    stay readable after it. Names are case-insensitive; `get` gives the first value.

    Args:
        map_type: Number of the header map.
        size: How many there are; with 0 the proxy is not asked, because it may have no such map.
    """

    def __init__(self, map_type: int, size: int) -> None:
        self._map_type = map_type
        self._pairs: bytes | None = b"" if size == 0 else None

    def get(self, name: str) -> str | None:
        """First value of a header; None when there is none."""
        return pairs.first(self._fetched(), header_name.lower(name))

    def get_all(self, name: str) -> list[str]:
        """All values of a header, in their order."""
        return pairs.values(self._fetched(), header_name.lower(name))

    def items(self) -> list[tuple[str, str]]:
        """All names and values, in their order."""
        return pairs.items(self._fetched())

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def _fetched(self) -> bytes:
        fetched = self._pairs
        if fetched is None:
            fetched = hostcalls.get_header_map_pairs(self._map_type)
            if fetched is None:
                raise HostcallError("get_header_map_pairs", hostcalls.last_status())
            self._pairs = fetched
        return fetched


def read_buffer(buffer_type: int, size: int = WHOLE) -> bytes:
    """The bytes that a callout's callback shows.

    Raises:
        HostcallError: it shows none.
    """
    data = hostcalls.get_buffer_bytes(buffer_type, 0, size)
    if data is None:
        raise HostcallError("get_buffer_bytes", hostcalls.last_status())
    return data


class StreamTie:
    """Between a callout and the stream that waits for it.

    Args:
        stream: The stream.
        holds_response: Whether its response waits, not its request.
    """

    def __init__(self, stream: HttpContext, holds_response: bool) -> None:
        self.stream = stream
        self._direction = STREAM_RESPONSE if holds_response else STREAM_REQUEST

    def enter(self) -> bool:
        """Let the rest of this callback act on the stream.

        Returns:
            False when the stream has ended, which is counted.
        """
        if parts.enter(self.stream.context_id):
            return True
        parts.count(ABANDONED_METRIC)
        return False

    def conclude(self, action: Action) -> None:
        """Do as a continuation says: CONTINUE lets the stream go on, all else leaves it held."""
        if action is Action.CONTINUE:
            parts.check("continue_stream", hostcalls.continue_stream(self._direction))

    def raised(self, error: Exception) -> None:
        """A continuation raised: report it, and do as the plugin's error policy says."""
        if not dispatch.refuse(self.stream.context_id, self.stream, error):
            parts.check("continue_stream", hostcalls.continue_stream(self._direction))

    def without_answer(self) -> Action:
        """What the error policy makes of a callout that failed: pass, or answer 503."""
        if self.stream.plugin.error_policy is ErrorPolicy.PASS:
            return Action.CONTINUE
        return self.stream.send_local_response(503, details="mixer2_callout_failed")
