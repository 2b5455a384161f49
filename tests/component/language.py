"""Answers questions in a response header, with all of Python."""

# ruff: noqa: BLE001, C400, PLW0108, S307, T201 - the language is the subject

import asyncio
import decimal
import os
import random
import re
import signal
import socket
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from pal import Action, HttpContext, PluginContext

WHEN_BUILT = random.random()
# The inspection of sources would refuse these by name, as it should.
CONNECT, START, WAIT = socket.socket, threading.Thread, time.sleep
LOOK_UP, LEAVE, READ = socket.getaddrinfo, os._exit, open
RUN, SIGNAL, ASK, END = asyncio.run, signal.raise_signal, input, os.abort
# The same with what a library may import.
PROCESSES = import_module("subprocess")


def _late() -> str:
    import statistics

    return f"import in a function: {statistics.median([1, 3, 9])}"


def _recurse(depth: int) -> int:
    return _recurse(depth + 1) + 1


def _environment_set() -> str:
    os.environ["NEW"] = "1"
    return os.environ["NEW"]


async def _nothing() -> None:
    pass


def _run() -> None:
    coroutine = _nothing()
    try:
        RUN(coroutine)
    finally:
        coroutine.close()


def _print() -> str:
    print("one and\ntwo lines")
    return ""


QUESTIONS: dict[str, Callable[[], object]] = {
    "eval": lambda: eval("6 * 7"),
    "decimal": lambda: decimal.Decimal("0.1") + decimal.Decimal("0.2"),
    "lookbehind": lambda: re.findall(r"(?<=\$)\d+(?!\d)", "$42, 43"),
    "late": _late,
    "generator": lambda: list(x * x for x in range(3)),
    "unicode": lambda: f"ﬁ -> {unicodedata.normalize('NFKC', 'ﬁ')}",
    "big": lambda: 2**200,
    "recursion": lambda: _recurse(0),
    "memory": lambda: bytearray(1 << 60 if sys.maxsize > 1 << 40 else 1 << 30),
    "large": lambda: "x" * 20_000,
    "open": lambda: READ("/etc/passwd"),
    "read_text": lambda: Path("/etc/passwd").read_text(),
    "socket": lambda: CONNECT(),
    "getaddrinfo": lambda: LOOK_UP("localhost", 80),
    "thread": lambda: START(target=_late).start(),
    "sleep": lambda: WAIT(1),
    "exit": lambda: LEAVE(1),
    "abort": lambda: END(),
    "signal": lambda: SIGNAL(9),
    "input": lambda: ASK(),
    "asyncio": _run,
    "subprocess": lambda: PROCESSES.run(["ls"], check=False),
    "ctypes": lambda: import_module("ctypes"),
    "ssl": lambda: import_module("ssl"),
    "fork": lambda: vars(os)["fork"](),
    "iterdir": lambda: list(Path("/").iterdir()),
    "environment set": _environment_set,
    "missing": lambda: import_module("color" + "sys"),
    "removed": lambda: import_module("sqlite3"),
    "print": _print,
    "random": lambda: "built" if random.random() == WHEN_BUILT else random.random(),
    "environment": lambda: f"{os.environ['STAGE']}, {len(os.environ)}",
}


class Language(HttpContext):
    def __init__(self, plugin: "LanguagePlugin") -> None:
        super().__init__(plugin)
        self._plugin = plugin
        self._answer = ""

    def on_request_headers(self, end_of_stream: bool) -> Action:
        question = self.request_headers.get("x-do") or ""
        if question == "sys.exit":
            sys.exit(3)
        if question == "SystemExit":
            raise SystemExit(3)
        if question == "count":
            self._plugin.count += 1
            self._answer = str(self._plugin.count)
            return Action.CONTINUE
        try:
            self._answer = str(QUESTIONS[question]())
        except (RecursionError, MemoryError) as error:
            self._answer = type(error).__name__
        except Exception as error:
            self._answer = f"{type(error).__name__}: {error}"
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        self.response_headers.set("x-answer", self._answer)
        return Action.CONTINUE


class LanguagePlugin(PluginContext):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def create_http_context(self) -> HttpContext:
        return Language(self)
