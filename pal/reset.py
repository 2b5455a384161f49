"""The hard end of a request: no response at all. A local response is nearly always better."""

from pal import hostcalls, parts
from pal.abi import STREAM_REQUEST
from pal.action import Action


def reset_stream() -> Action:
    """Reset the stream of this callback, once that returns: the client gets no response.

    In HTTP/1.1 its connection ends. The access log's details say `wasm_close_stream`.

    Returns:
        What the callback should return: `return reset_stream()`.
    """
    parts.check("close_stream", hostcalls.close_stream(STREAM_REQUEST))
    return Action.PAUSE
