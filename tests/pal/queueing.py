"""Reads the queue of its configuration, and sends what requests say."""

from pal import Action, HttpContext, PluginContext, log
from pal.config import Config
from pal.queues import Queue, QueueReader


class Jobs(QueueReader):
    def on_message(self, message: bytes) -> None:
        log.info(f"got {message.decode()}")
        if message == b"raise":
            raise ValueError("in on_message")


class LazyJobs(Jobs):
    """Is woken, and takes nothing."""

    def on_ready(self) -> None:
        log.info("ready")


class Queueing(HttpContext):
    """/QUEUE/MESSAGE[/VM_ID] sends."""

    def on_request_headers(self, end_of_stream: bool) -> Action:
        parts = (self.request_headers.get(":path") or "").split("/")
        queue = Queue.of(parts[1], parts[3] if len(parts) > 3 else "")
        if queue is None:
            return self.send_local_response(404)
        queue.send(parts[2].encode())
        return self.send_local_response(200)


class QueueingPlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.jobs: Jobs | None = None

    def on_configure(self) -> bool:
        config = Config.parse(self.configuration)
        name = config.get_str("reads", "")
        if name:
            self.jobs = LazyJobs(self, name) if config.get_bool("lazy", False) else Jobs(self, name)
        return True

    def create_http_context(self) -> HttpContext:
        return Queueing(self)
