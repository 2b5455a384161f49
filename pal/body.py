"""Bodies: the bytes that a body callback sees."""

from pal import hostcalls, status
from pal.abi import WHOLE
from pal.errors import HostcallError


class Body:
    """The part of a request or response body that the proxy holds in this callback.

    To stream a body, answer CONTINUE to each part. To have it whole, answer PAUSE until
    `end_of_stream`; `size` counts what is held, so a cap is one line before that:

        if size > LIMIT:
            return self.send_local_response(413)
        if not end_of_stream:
            return Action.PAUSE

    Without a cap of its own a filter gets the proxy's, `per_connection_buffer_limit_bytes`.

    After Action.CONTINUE a later callback sees the next part only; after PAUSE or BUFFER it sees
    the earlier parts too. Changing the size of a body makes a `content-length` header wrong:
    remove it, while the headers are held.

    Raises:
        HostcallError: by every method, NOT_FOUND outside the body callbacks.

    Source: Proxy-Wasm ABI 0.2.1, "Buffers". Envoy edits a buffer at its ends only.
    """

    def __init__(self, buffer_type: int) -> None:
        self._buffer_type = buffer_type

    def size(self) -> int:
        """Bytes that the proxy holds."""
        held = hostcalls.get_buffer_status(self._buffer_type)
        if held < 0:
            raise HostcallError("get_buffer_status", hostcalls.last_status())
        return held

    def read(self, start: int = 0, size: int = WHOLE) -> bytes:
        """Copy up to `size` bytes from byte `start`; fewer when the held part ends before."""
        data = hostcalls.get_buffer_bytes(self._buffer_type, start, size)
        if data is None:
            raise HostcallError("get_buffer_bytes", hostcalls.last_status())
        return data

    def replace(self, data: bytes) -> None:
        """Put `data` in the place of all that the proxy holds."""
        self._edit(0, WHOLE, data)

    def append(self, data: bytes) -> None:
        """Put `data` behind what the proxy holds."""
        self._edit(WHOLE, 0, data)

    def prepend(self, data: bytes) -> None:
        """Put `data` in front of what the proxy holds."""
        self._edit(0, 0, data)

    def _edit(self, start: int, size: int, data: bytes) -> None:
        code = hostcalls.set_buffer_bytes(self._buffer_type, start, size, data)
        if code != status.OK:
            raise HostcallError("set_buffer_bytes", code)
