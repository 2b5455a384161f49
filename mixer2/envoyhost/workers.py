"""The worker threads of an Envoy. Which of them takes a connection is the kernel's choice.

Envoy's log tells it, so a connection to a chosen worker is had by trying:

    [2026-01-31 12:00:00.000][4711][debug][conn_handler] ... new connection from 127.0.0.1:50000

What is opened in vain is closed before a byte is sent.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Final, TypeAlias

from mixer2.envoyhost import http1

LOGGED: Final = "conn_handler:debug"
"""What Envoy has to log for that."""

Wire: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_ACCEPTED: Final = re.compile(
    r"^\[[\d-]+ [\d:.]+\]\[(?P<thread>\d+)\]\[debug\]\[conn_handler\].* new connection from "
    r"127\.0\.0\.1:(?P<port>\d+)$",
    re.MULTILINE,
)
_MOST_TRIES: Final = 300
_TOLD_WITHIN: Final = 5.0
_LOOK_AGAIN: Final = 0.001


class Workers:
    """The workers of one Envoy.

    Args:
        count: How many there are.
        log: Reads Envoy's log from a byte on.
        log_size: Bytes of it now.
    """

    def __init__(self, count: int, log: Callable[[int], str], log_size: Callable[[], int]) -> None:
        self._count = count
        self._log = log
        self._log_size = log_size
        self._threads: list[str] = []

    @property
    def first_thread(self) -> str | None:
        """Thread id of the first of several workers; None of the only one."""
        return self._threads[0] if self._threads else None

    async def meet(self, port: int) -> list[Wire]:
        """Learn their threads, by connections to a port; one to each stays open."""
        if self._count == 1:
            return [await http1.open_connection(port)]
        wires: dict[str, Wire] = {}
        for _ in range(_MOST_TRIES):
            thread, wire = await self._connect(port)
            if wires.setdefault(thread, wire) is not wire:
                wire[1].close()
            if len(wires) == self._count:
                break
        self._threads = sorted(wires, key=int)
        return [wires[thread] for thread in self._threads]

    async def connect(self, port: int, worker: int) -> Wire:
        """A connection that a worker has taken."""
        if self._count == 1:
            return await http1.open_connection(port)
        for _ in range(_MOST_TRIES):
            thread, wire = await self._connect(port)
            if thread == self._threads[worker]:
                return wire
            wire[1].close()
        raise TimeoutError(f"worker {worker} took none of {_MOST_TRIES} connections")

    async def _connect(self, port: int) -> tuple[str, Wire]:
        start = self._log_size()
        reader, writer = await http1.open_connection(port)
        own_port = str(writer.get_extra_info("sockname")[1])
        async with asyncio.timeout(_TOLD_WITHIN):
            while True:
                for accepted in _ACCEPTED.finditer(self._log(start)):
                    if accepted["port"] == own_port:
                        return accepted["thread"], (reader, writer)
                await asyncio.sleep(_LOOK_AGAIN)
