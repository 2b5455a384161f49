"""What VMs share: data and queues, keyed by `vm_id` over the whole process.

Source: proxy-wasm-cpp-host, `shared_data.cc`, `shared_queue.cc`.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mixer2.testhost.abi import Status
from mixer2.testhost.errors import Refused

if TYPE_CHECKING:
    from mixer2.testhost.contexts import RootContext


class SharedData:
    """Keys and values with compare-and-swap numbers, which count up over the process."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], tuple[bytes, int]] = {}
        self._last_cas = 0

    def get(self, vm_id: str, key: str) -> tuple[bytes, int]:
        """Value and number. Refused with NOT_FOUND."""
        found = self._values.get((vm_id, key))
        if found is None:
            raise Refused(Status.NOT_FOUND)
        return found

    def set(self, vm_id: str, key: str, value: bytes, cas: int) -> None:
        """Store. Refused with CAS_MISMATCH when the key has another number than `cas` says."""
        found = self._values.get((vm_id, key))
        if cas and found is not None and found[1] != cas:
            raise Refused(Status.CAS_MISMATCH)
        self._last_cas += 1
        self._values[vm_id, key] = (value, self._last_cas)

    def items(self, vm_id: str) -> dict[str, bytes]:
        """All values of one `vm_id`."""
        return {key: value for (owner, key), (value, _) in self._values.items() if owner == vm_id}

    def forget(self, vm_id: str) -> None:
        """The last VM with that id is gone."""
        self._values = {key: value for key, value in self._values.items() if key[0] != vm_id}


@dataclass(slots=True)
class _Queue:
    token: int
    reader: "RootContext"
    messages: deque[bytes] = field(default_factory=deque)


class SharedQueues:
    """Queues; a message wakes the root context that registered last.

    Args:
        post: Runs an action once the guest that caused it has returned.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None]) -> None:
        self._post = post
        self._queues: dict[tuple[str, str], _Queue] = {}
        self._last_token = 0

    def register(self, root: "RootContext", name: str) -> int:
        """Make a queue, or take one over with its messages; its token."""
        key = (root.vm.vm_id, name)
        queue = self._queues.get(key)
        if queue is None:
            self._last_token += 1
            queue = self._queues[key] = _Queue(self._last_token, root)
        queue.reader = root
        return queue.token

    def resolve(self, vm_id: str, name: str) -> int:
        """Token of a queue. Refused with NOT_FOUND."""
        queue = self._queues.get((vm_id, name))
        if queue is None:
            raise Refused(Status.NOT_FOUND)
        return queue.token

    def enqueue(self, token: int, data: bytes) -> None:
        """Append a message, and wake the reader."""
        queue = self._find(token)
        queue.messages.append(data)
        self._post(lambda: self._wake(queue))

    def dequeue(self, token: int) -> bytes:
        """The oldest message. Refused with EMPTY."""
        queue = self._find(token)
        if not queue.messages:
            raise Refused(Status.EMPTY)
        return queue.messages.popleft()

    def forget(self, vm_id: str) -> None:
        """The last VM with that id is gone."""
        self._queues = {key: queue for key, queue in self._queues.items() if key[0] != vm_id}

    def _find(self, token: int) -> _Queue:
        for queue in self._queues.values():
            if queue.token == token:
                return queue
        raise Refused(Status.NOT_FOUND)

    def _wake(self, queue: _Queue) -> None:
        queue.reader.vm.call(queue.reader, "proxy_on_queue_ready", queue.token)
