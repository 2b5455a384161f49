"""What callouts of all kinds share: how they start, whom their answers find, what answers show.

A callout is prepared, launched, and then pending under the token that the proxy gave it, until its
answer has come or its plugin is gone. One that belongs to a stream lets go of it when it is over.
"""

from typing import Final

from pal import dispatch, header_name, hostcalls, pairs, parts
from pal.abi import STREAM_REQUEST, STREAM_RESPONSE, WHOLE
from pal.action import Action, ErrorPolicy
from pal.context import HttpContext, PluginContext
from pal.errors import HostcallError, PalError
from pal.timers import Timer

ABANDONED_METRIC: Final = "mixer2_callouts_abandoned_total"
"""Counter, by plugin, of the answers that came when the stream that asked had ended."""


_START_DELAY_MS: Final = 1


class CalloutStateError(PalError):
    """A callout was used in a state in which that has no meaning."""


class Callout:
    """One thing that is asked of somebody else, and asked again only after the answer."""

    def __init__(self) -> None:
        self.token = 0
        self._is_deferred = False

    @property
    def is_pending(self) -> bool:
        """Whether an answer is still to come."""
        return self.token != 0 or self._is_deferred

    def launch(self, root_id: int) -> None:
        """Make the host call, and wait for its answer.

        Raises:
            HostcallError: the proxy refuses.
        """
        raise NotImplementedError

    def check_idle(self) -> None:
        """Refuse to ask twice.

        Raises:
            CalloutStateError: an earlier one has not been answered yet.
        """
        if self.is_pending:
            raise CalloutStateError("a callout is sent again only after its answer")

    def launch_for(self, plugin: PluginContext) -> None:
        """Launch a callout of a plugin; while that starts, at its first tick.

        The proxy starts a plugin in vain as well (the canary), and nobody shall hear of that.
        """
        if parts.is_starting():
            _FirstTick(plugin, self).start(_START_DELAY_MS, repeat=False)
            self._is_deferred = True
        else:
            self.launch(parts.root_id(plugin))

    def launch_deferred(self, root_id: int) -> None:
        """The tick has come."""
        self._is_deferred = False
        self.launch(root_id)


class _FirstTick(Timer):
    """Launches a callout of the plugin's start."""

    def __init__(self, plugin: PluginContext, callout: Callout) -> None:
        super().__init__(plugin)
        self._asker = plugin
        self._callout = callout

    def on_fire(self) -> None:
        """Launch it."""
        self._callout.launch_deferred(parts.root_id(self._asker))


class PendingCallouts(parts.Part):
    """Callouts of one kind that wait for their answers, by plugin context and token."""

    def __init__(self) -> None:
        self._callouts: dict[int, dict[int, Callout]] = {}
        parts.add(self)

    def add(self, root_id: int, token: int, callout: Callout, asked: str) -> None:
        """Wait for an answer.

        Args:
            root_id: The plugin context.
            token: As the proxy gave it; negative when it refused.
            callout: Who waits.
            asked: What was asked, for the error.

        Raises:
            HostcallError: the proxy has refused.
        """
        if token < 0:
            raise HostcallError(asked, hostcalls.last_status())
        callout.token = token
        callouts = self._callouts.get(root_id)
        if callouts is None:
            callouts = {}
            self._callouts[root_id] = callouts
        callouts[token] = callout

    def find(self, root_id: int, token: int) -> Callout | None:
        """What an answer is for; None when nobody waits."""
        callouts = self._callouts.get(root_id)
        return None if callouts is None else callouts.get(token)

    def take(self, root_id: int, token: int) -> Callout | None:
        """What an answer is for, which is over with that."""
        callouts = self._callouts.get(root_id)
        callout = None if callouts is None else callouts.pop(token, None)
        if callout is not None:
            callout.token = 0
        return callout

    def forget(self, root_id: int) -> None:
        """Nobody answers the callouts of a plugin that is gone."""
        self._callouts.pop(root_id, None)


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


class Tie:
    """Between a callout and whoever waits for its answer, and may end before that comes."""

    def enter(self) -> bool:
        """Let the rest of this callback act on who waits.

        Returns:
            False when that has ended, which is counted.
        """
        context_id = self.context_id()
        if context_id != 0 and parts.enter(context_id):
            return True
        parts.count(ABANDONED_METRIC)
        return False

    def context_id(self) -> int:
        """The proxy's number of who waits; 0 when nobody does any more."""
        raise NotImplementedError


class StreamTie(Tie):
    """Between a callout and the HTTP stream that waits for it.

    Args:
        stream: The stream.
        holds_response: Whether its response waits, not its request.
    """

    def __init__(self, stream: HttpContext, holds_response: bool) -> None:
        self._stream: HttpContext | None = stream
        self._direction = STREAM_RESPONSE if holds_response else STREAM_REQUEST

    @property
    def stream(self) -> HttpContext:
        """Who waits.

        Raises:
            CalloutStateError: the callout is over.
        """
        stream = self._stream
        if stream is None:
            raise CalloutStateError("the callout is over")
        return stream

    def context_id(self) -> int:
        """The stream's."""
        stream = self._stream
        return 0 if stream is None else stream.context_id

    def conclude(self, action: Action) -> None:
        """Do as a continuation says: CONTINUE lets the stream go on, all else leaves it held."""
        if action is Action.CONTINUE:
            parts.check("continue_stream", hostcalls.continue_stream(self._direction))

    def raised(self, error: Exception) -> None:
        """A continuation raised: report it, and do as the plugin's error policy says."""
        stream = self.stream
        if not dispatch.refuse(stream.context_id, stream, error):
            parts.check("continue_stream", hostcalls.continue_stream(self._direction))

    def without_answer(self) -> Action:
        """What the error policy makes of a callout that failed: pass, or answer 503."""
        stream = self.stream
        if stream.plugin.error_policy is ErrorPolicy.PASS:
            return Action.CONTINUE
        return stream.send_local_response(503, details="mixer2_callout_failed")

    def release(self) -> None:
        """The callout is over: a stream that keeps it, and is kept by it, would stay for ever."""
        self._stream = None
