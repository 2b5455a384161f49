"""Processes beside Envoy: the load generator, the upstream, and the services of variants."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from bench.errors import BenchError

_STARTS_WITHIN_S: Final = 20.0
_ENDS_WITHIN_S: Final = 5.0
_FIRST_WITHIN_MS: Final = 60_000

ANY_STATUS: Final = 0
"""What the load generator takes for any status."""


@dataclass(frozen=True)
class Slice:
    """What the load generator says of one slice.

    Attributes:
        connections: Connections, each with one request under way.
        requests: Requests that were sent and answered.
        seconds: How long that took.
        p50_us: Median latency, microseconds.
        p99_us: 99th percentile.
        load_cpu_us: CPU time of the load generator, microseconds.
        cpu_us: CPU time of the watched processes, microseconds, all threads.
    """

    connections: int
    requests: int
    seconds: float
    p50_us: float
    p99_us: float
    load_cpu_us: float
    cpu_us: list[float]


_SLICE: Final = TypeAdapter(Slice)


class Load:
    """The load generator, for one proxy.

    Args:
        program: The program `load` (bench/load/load.c).
        request: File with the bytes of the request.
        port: Where the proxy listens on 127.0.0.1.
        cpus: Where it may run; None for everywhere.
        status: Of all answers; another one is a failure.
    """

    def __init__(
        self,
        program: Path,
        request: Path,
        port: int,
        cpus: Iterable[int] | None = None,
        status: int = 200,
    ) -> None:
        self._command = [str(program), str(port), str(request), str(status)]
        self._cpus = cpus

    async def first(self) -> int:
        """Wait for the first answer with status 200; returns its `time.monotonic_ns()`.

        Raises:
            BenchError: there was none.
        """
        return int(await self._run("first", str(_FIRST_WITHIN_MS)))

    async def slices(self, pids: Sequence[int], plan: Iterable[str]) -> list[Slice]:
        """Send requests, slice by slice.

        Args:
            pids: Processes whose CPU time is wanted; the proxy first.
            plan: Slices as `CONNECTIONSxMILLISECONDS`.

        Raises:
            BenchError: an answer was missing or had another status than 200.
        """
        said = await self._run("slices", ",".join(map(str, pids)), *plan)
        return [_SLICE.validate_json(line) for line in said.splitlines()]

    async def _run(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *self._command, *arguments, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
        )
        if self._cpus is not None:
            pin(process.pid, self._cpus)
        try:
            said, complaint = await process.communicate()
        finally:
            await _end(process)
        if process.returncode:
            raise BenchError(f"load: {complaint.decode().strip()}")
        return said.decode()


class Helper:
    """A process that prints its port, and serves until its standard input ends.

    Args:
        command: What to run.
        folder: Where.
    """

    def __init__(self, command: Sequence[str | Path], folder: Path | None = None) -> None:
        self._command = command
        self._folder = folder
        self._process: Process | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, cwd=self._folder
        )
        try:
            async with asyncio.timeout(_STARTS_WITHIN_S):
                line = await self._out().readline()
        except TimeoutError:
            line = b""
        if not line.strip().isdigit():
            await _end(self._process)
            raise BenchError(f"{' '.join(map(str, self._command))}: it does not serve")
        self.port = int(line)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.finish()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    async def finish(self) -> str:
        """End it; returns what it says at its end."""
        process = self._process
        if process is None:
            return ""
        self._process = None
        try:
            async with asyncio.timeout(_ENDS_WITHIN_S):
                said, _ = await process.communicate(b"")  # closes its standard input
        finally:
            await _end(process)
        return said.decode()

    def _out(self) -> asyncio.StreamReader:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout


def python_service(name: str) -> Helper:
    """One of `bench.variants.services`."""
    command = [sys.executable, "-m", "bench.variants.services", name]
    return Helper(command, Path(__file__).parents[1])


def pin(pid: int, cpus: Iterable[int]) -> None:
    """Keep all threads of a process on some CPUs."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            os.sched_setaffinity(int(task.name), set(cpus))
        except ProcessLookupError:
            continue  # the thread ended just now


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            spent += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        except FileNotFoundError:
            continue  # the thread ended just now
    return spent / 1e9


def resident_bytes(pid: int) -> int:
    """Resident memory of a process."""
    return _status_bytes(pid, "VmRSS")


def peak_bytes(pid: int) -> int:
    """The most resident memory that a process has had, since its start or `forget_peak`."""
    return _status_bytes(pid, "VmHWM")


def forget_peak(pid: int) -> None:
    """Count the peak from now on (Linux, `proc(5)`, `clear_refs`)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def _status_bytes(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise BenchError(f"/proc/{pid}/status has no {name}")


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
