"""Shared queues: messages between workers, and between plugins of the same proxy.

    class Jobs(QueueReader):
        def on_message(self, message: bytes) -> None:
            ...

    self.jobs = Jobs(self, "jobs")              # on_configure of the plugin that reads
    Queue.of("jobs").send(b"...")               # any plugin of the same `vm_id`
    Queue.of("jobs", vm_id="other").send(b"...")

A queue belongs to the `vm_id` of the plugin that registered it. Every worker registers it, and the
last one to do so is woken for each message; any of them may take it. Messages live in the proxy's
memory without bound, until they are taken or the last VM of that `vm_id` is gone.

Source: Proxy-Wasm ABI 0.2.1, "Shared queues"; proxy-wasm-cpp-host, `shared_queue.cc`.
"""

# ruff: noqa: BLE001 - no exception may leave a callback

from typing import Final

from pal import dispatch, hostcalls, parts, status
from pal.context import PluginContext
from pal.errors import HostcallError


class Queue:
    """A queue to put messages into.

    Args:
        token: The proxy's number of it.
    """

    def __init__(self, token: int) -> None:
        self._token = token

    @staticmethod
    def of(name: str, vm_id: str = "") -> "Queue | None":
        """The queue of that name; None while nobody has registered it.

        Args:
            name: Its name.
            vm_id: Of the plugin that reads it; empty for the own one.

        Raises:
            HostcallError: the proxy refuses for another reason.
        """
        token = hostcalls.resolve_shared_queue(vm_id, name)
        if token >= 0:
            return Queue(token)
        code = hostcalls.last_status()
        if code == status.NOT_FOUND:
            return None
        raise HostcallError("resolve_shared_queue", code)

    def send(self, message: bytes) -> None:
        """Put a message at the end.

        Raises:
            HostcallError: NOT_FOUND, the queue went with the last VM of its `vm_id`.
        """
        code = hostcalls.enqueue_shared_queue(self._token, message)
        if code != status.OK:
            raise HostcallError("enqueue_shared_queue", code)


class QueueReader:
    """A queue to take messages from; a subclass says what becomes of them.

    Args:
        plugin: Who reads. It reads until it is gone.
        name: Name of the queue; it is made when there is none, else it keeps its messages.

    Raises:
        NotStartedError: in the plugin's constructor.
        HostcallError: the proxy refuses.
    """

    def __init__(self, plugin: PluginContext, name: str) -> None:
        token = hostcalls.register_shared_queue(name)
        if token < 0:
            raise HostcallError("register_shared_queue", hostcalls.last_status())
        self._token = token
        _readers.add(parts.root_id(plugin), token, self)

    def on_message(self, message: bytes) -> None:
        """A message, taken from the queue. What this raises is logged and counted."""

    def take(self) -> bytes | None:
        """The oldest message; None when the queue is empty.

        Raises:
            HostcallError: the proxy refuses for another reason.
        """
        message = hostcalls.dequeue_shared_queue(self._token)
        if message is None:
            code = hostcalls.last_status()
            if code != status.EMPTY:
                raise HostcallError("dequeue_shared_queue", code)
        return message

    def on_ready(self) -> None:
        """Messages were put in. By default takes all there are, each to `on_message`."""
        while True:
            message = self.take()
            if message is None:
                return
            try:
                self.on_message(message)
            except Exception as error:
                dispatch.report(error)


class _Readers(parts.Part):
    """Readers by root context and token."""

    def __init__(self) -> None:
        self._readers: dict[int, dict[int, QueueReader]] = {}

    def add(self, root_id: int, token: int, reader: QueueReader) -> None:
        """Wake a reader."""
        readers = self._readers.get(root_id)
        if readers is None:
            readers = {}
            self._readers[root_id] = readers
        readers[token] = reader

    def find(self, root_id: int, token: int) -> QueueReader | None:
        """Who reads a queue."""
        readers = self._readers.get(root_id)
        return None if readers is None else readers.get(token)

    def forget(self, root_id: int) -> None:
        """Wake nobody of a plugin that is gone."""
        self._readers.pop(root_id, None)


_readers: Final = _Readers()
parts.add(_readers)


def proxy_on_queue_ready(root_id: int, token: int) -> None:
    """A message was put into a queue that this plugin registered last."""
    reader = _readers.find(root_id, token)
    if reader is None:
        return
    try:
        reader.on_ready()
    except Exception as error:
        dispatch.report(error)
