"""WASI: what the run-times of other languages get."""

from mixer2.testhost.wasi import SIGNATURES
from tests.conformance.case import Case
from tests.conformance.probe import SCRATCH, WasiCall

_AT = SCRATCH
_TEXT = SCRATCH + 64


def on_request(name: str, *steps: WasiCall, **settings: object) -> Case:
    return Case(f"WASI: {name}", {"on_request_headers": steps}, settings=settings)


def each(prefix: str, *firsts: int) -> list[WasiCall]:
    """Every function of a prefix, by its first argument; the others point at memory."""
    return [
        WasiCall(name, (first, *(_AT + 8 * at for at in range(len(SIGNATURES[name][0]) - 1))))
        for name in sorted(SIGNATURES)
        if name.startswith(prefix) and name not in _WITH_MEMORY and SIGNATURES[name][0]
        for first in firsts
    ]


_WITH_MEMORY = {"fd_write", "fd_pwrite", "fd_fdstat_get", "fd_readdir", "fd_tell"}


def vectors(*texts: bytes) -> bytes:
    """As `fd_write` takes them: addresses and sizes, and the texts behind them."""
    found, at = b"", _TEXT
    for text in texts:
        found += at.to_bytes(4, "little") + len(text).to_bytes(4, "little")
        at += len(text)
    return found.ljust(64, b"\0") + b"".join(texts)


def write(fd: int, *texts: bytes) -> WasiCall:
    return WasiCall("fd_write", (fd, _AT, len(texts), _AT + 48), vectors(*texts), shown=52)


CASES = [
    on_request(
        "arguments and environment",
        WasiCall("args_sizes_get", (_AT, _AT + 4), shown=8),
        WasiCall("args_get", (_AT, _AT + 4), shown=8),
        WasiCall("environ_sizes_get", (_AT, _AT + 4), shown=8),
        WasiCall("environ_get", (_AT, _AT + 8), shown=16),
        environment={"KEY": "value"},
    ),
    on_request(
        "clocks",
        *(WasiCall("clock_res_get", (clock, _AT), shown=8) for clock in range(4)),
        *(WasiCall("clock_time_get", (clock, 1, _AT)) for clock in range(4)),
        WasiCall("clock_time_get", (0, 1, 0x7FFFFFF0)),
    ),
    on_request(
        "random numbers",
        WasiCall("random_get", (_AT, 16)),
        WasiCall("random_get", (_AT, 65536)),
        WasiCall("random_get", (_AT, 65537)),
        WasiCall("random_get", (0x7FFFFFF0, 16)),
    ),
    on_request("files: all functions", *each("fd_", 0, 1, 2, 3)),
    on_request(
        "files: what is left in memory",
        *(WasiCall("fd_fdstat_get", (fd, _AT), shown=24) for fd in (0, 1, 2, 3)),
        *(WasiCall("fd_tell", (fd, _AT), shown=8) for fd in (0, 1, 3)),
        WasiCall("fd_readdir", (3, _AT, 8, 0, _AT + 8), shown=12),
    ),
    on_request(
        "what is written to standard streams is logged",
        write(1, b"out\n"),
        write(2, b"err"),
        write(1, b"two ", b"parts\n"),
        write(1, b"\n"),
        write(1, b""),
        write(1),
        write(0, b"in"),
        write(3, b"file"),
        WasiCall("fd_pwrite", (1, _AT, 1, 7, _AT + 48), vectors(b"at 7\n"), shown=52),
        WasiCall("fd_write", (1, 0x7FFFFFF0, 1, _AT)),
    ),
    on_request(
        "paths",
        *each("path_", 3),
        WasiCall("path_readlink", (3, _AT, 1, _AT, 1, _AT + 8), shown=12),
    ),
    on_request("sockets", *each("sock_", 1, 3)),
    on_request(
        "what returns at once",
        WasiCall("poll_oneoff", (_AT, _AT + 64, 1, _AT + 128), shown=4),
        WasiCall("poll_oneoff", (_AT, _AT + 64, 1, _AT), shown=4),
        WasiCall("sched_yield", ()),
        WasiCall("proc_exit", (0,)),
        WasiCall("proc_exit", (3,)),
    ),
]
