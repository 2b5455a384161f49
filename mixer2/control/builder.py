"""Builds filters in a process of its own.

The compiler would keep this one from answering nodes. The process stays: most of the time that a
small filter takes to build is the time that the compiler takes to start.
"""

import asyncio
import multiprocessing
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import structlog

from mixer2.control.errors import CodeError

_log = structlog.get_logger("mixer2.control")

# What takes longer is told, so that nobody wonders.
_PATIENCE_S = 1.0


class Builder:
    """A process that compiles, started when it is first needed."""

    def __init__(self) -> None:
        self._process: ProcessPoolExecutor | None = None

    async def build(self, source: Path) -> bytes:
        """Return the module of a filter.

        Raises:
            CodeError: it does not compile; a line for each error.
        """
        if self._process is None:
            self._process = ProcessPoolExecutor(
                1,
                # A fork would take gRPC's threads along, half of them.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_leave_interrupts_to_the_server,
            )
        loop = asyncio.get_running_loop()
        building = loop.run_in_executor(self._process, _compile, source)
        done, _ = await asyncio.wait([building], timeout=_PATIENCE_S)
        if not done:
            _log.info("code.building", source=str(source))
        try:
            code, complaints = await building
        except BrokenProcessPool as error:
            self.close()
            raise CodeError(f"{source}: the compiler's process ended") from error
        if complaints:
            raise CodeError("\n".join(complaints))
        return code

    def close(self) -> None:
        """End the process, when it has finished what it is at."""
        process, self._process = self._process, None
        if process is not None:
            process.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts_to_the_server() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _compile(source: Path) -> tuple[bytes, list[str]]:
    """Return the module, or what is wrong; exceptions of the compiler do not cross processes."""
    from mixer2.compiler import CompileError, build  # noqa: PLC0415  only in that process

    try:
        return build(source).wasm, []
    except CompileError as error:
        return b"", [str(one) for one in error.diagnostics]
