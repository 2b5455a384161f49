"""One Envoy as a child process, from start to exit code.

    async with EnvoyProcess(Bootstrap(node=Node("demo"), xds=server_address)) as envoy:
        stats = await envoy.admin.stats()

The process ends when the block does, whatever ended the block: an exception, a cancellation or
Ctrl-C.
"""

import asyncio
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import Self

from mixer2.envoy.admin import AdminClient
from mixer2.envoy.binary import find_envoy
from mixer2.envoy.bootstrap import Bootstrap, TcpAddress
from mixer2.envoy.errors import EnvoyError, EnvoyFailed

_POLL = 0.01  # seconds between looks at a starting Envoy
_ADMIN_ADDRESS = "admin-address"

# [time][thread][level][component] [file:line] message; and V8's "# Fatal error", "# message".
_SERIOUS = re.compile(
    r"^(?:\[[^]]*\]\[\d+\]\[(?:error|critical)\]\[\w+\] (?:\[[^]]*\] )?(.*)|# (\w.*))$",
    re.MULTILINE,
)


class EnvoyProcess:
    """An Envoy that runs as long as its `async with` block.

    Args:
        bootstrap: What Envoy starts with.
        binary: Envoy itself; found by `find_envoy` when None.
        concurrency: Worker threads.
        log_level: Envoy's log level, optionally with levels of components after a comma:
            "info,wasm:debug".
        ready_timeout: Seconds until Envoy must serve. Its own initial fetch times out after 15 s.
        stop_timeout: Seconds that Envoy has to end after SIGTERM, before SIGKILL.
        extra_args: Further arguments of Envoy's command line.
    """

    def __init__(
        self,
        bootstrap: Bootstrap,
        *,
        binary: Path | None = None,
        concurrency: int = 1,
        log_level: str = "info",
        ready_timeout: float = 30.0,
        stop_timeout: float = 10.0,
        extra_args: Sequence[str] = (),
    ) -> None:
        self._bootstrap = bootstrap
        self._binary = binary
        self._concurrency = concurrency
        self._log_level = log_level
        self._ready_timeout = ready_timeout
        self._stop_timeout = stop_timeout
        self._extra_args = tuple(extra_args)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._admin: AdminClient | None = None
        self._log = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._started().pid

    @property
    def admin(self) -> AdminClient:
        """A client of this Envoy's admin interface."""
        if self._admin is None:
            raise EnvoyError("Envoy is not running: `start` it, or use `async with`")
        return self._admin

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while Envoy runs."""
        return None if self._process is None else self._process.returncode

    @property
    def log_path(self) -> Path:
        """The file that Envoy logs to. It goes when Envoy stops; `log()` stays."""
        if self._folder is None:
            raise EnvoyError("Envoy is not running: `start` it, or use `async with`")
        return Path(self._folder.name, "envoy.log")

    def log(self) -> str:
        """Return what Envoy has logged until now; also after it stopped."""
        if self._folder is not None:
            self._log = _read(self.log_path)
        return self._log

    async def start(self) -> None:
        """Start Envoy and wait until it serves.

        Raises:
            EnvoyNotFound: there is no Envoy binary.
            EnvoyFailed: Envoy ended, or was not ready in time; it no longer runs.
        """
        if self._folder is not None:
            raise EnvoyError(f"Envoy is already running, pid {self.pid}")
        binary = self._binary or find_envoy()
        self._folder = tempfile.TemporaryDirectory(prefix="envoy-")
        try:
            await self._spawn(binary)
            await self._until_ready()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> int | None:
        """End Envoy: SIGTERM, and SIGKILL when that does not help in time.

        Returns:
            The exit code, negative for a signal; None when Envoy was never started.
        """
        try:
            if self._process is not None:
                await _end(self._process, self._stop_timeout)
        finally:
            admin, self._admin = self._admin, None
            self.log()
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None
            if admin is not None:
                await admin.close()
        return self.returncode

    async def wait(self) -> int:
        """Wait until Envoy ends by itself and return its exit code."""
        return await self._started().wait()

    async def _spawn(self, binary: Path) -> None:
        folder = self.log_path.parent
        config = folder / "bootstrap.json"
        config.write_text(self._bootstrap.to_json(), encoding="utf-8")
        level, _, components = self._log_level.partition(",")
        arguments = [
            *("--config-path", str(config)),
            *("--concurrency", str(self._concurrency)),
            *("--admin-address-path", str(folder / _ADMIN_ADDRESS)),
            *("--log-level", level),
            "--use-dynamic-base-id",
            *self._extra_args,
        ]
        if components:
            arguments += ["--component-log-level", components]
        # Not --log-path: Envoy buffers that file, and its lines come seconds late.
        with self.log_path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                binary,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C in the terminal is for us, who then end Envoy in good order.
                start_new_session=True,
            )

    async def _until_ready(self) -> None:
        process = self._started()
        try:
            async with asyncio.timeout(self._ready_timeout):
                while process.returncode is None:
                    if self._admin is None:
                        self._admin = self._admin_client()
                    if self._admin is not None and await self._admin.ready():
                        return
                    await asyncio.sleep(_POLL)
        except TimeoutError:
            raise EnvoyFailed(
                f"Envoy was not ready after {self._ready_timeout:g} s: {self._why()}"
            ) from None
        raise EnvoyFailed(f"Envoy {_ending(process.returncode)}: {self._why()}")

    def _admin_client(self) -> AdminClient | None:
        # Envoy writes its address when the socket is bound. Before that, whoever answers there is
        # somebody else.
        bound = _read(self.log_path.with_name(_ADMIN_ADDRESS))
        if not bound:
            return None
        address = self._bootstrap.admin
        return AdminClient(_tcp(bound) if isinstance(address, TcpAddress) else address)

    def _why(self) -> str:
        return " | ".join(decisive_lines(self.log())) or "its log is empty"

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise EnvoyError("Envoy is not running: `start` it, or use `async with`")
        return self._process


def decisive_lines(log: str, most: int = 4) -> list[str]:
    """Return the lines of an Envoy log that say why it failed.

    The last `most` critical and error messages, without time and thread; when there is none, the
    last lines as they are.
    """
    # protobuf puts spaces at random into its messages, so that nobody parses them.
    found = (one[1] or one[2] for one in _SERIOUS.finditer(log))
    messages = dict.fromkeys(" ".join(message.split()) for message in found)
    return list(messages)[-most:] or log.strip().splitlines()[-most:]


def _ending(code: int) -> str:
    return f"ended with code {code}" if code >= 0 else f"was killed by {Signals(-code).name}"


async def _end(process: asyncio.subprocess.Process, patience: float) -> None:
    if process.returncode is not None:
        return
    try:
        process.terminate()
        async with asyncio.timeout(patience):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        # Also when a cancellation cut the wait short: nothing may stay behind.
        if process.returncode is None:
            process.kill()
            await process.wait()


def _tcp(text: str) -> TcpAddress:
    host, _, port = text.strip().rpartition(":")
    return TcpAddress(host.strip("[]"), int(port))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
