# ruff: noqa: D102  (the methods are those of WASI preview 1)
"""WASI as Envoy offers it: enough for wasi-libc and SDK run-times to start, and no files.

Numbers in answers are errno values: 8 EBADF, 20 ENOTDIR(*), 28 EINVAL, 44 ENOENT, 52 ENOSYS,
58 ENOTSUP. Source: what Envoy 1.40 answered, and proxy-wasm-cpp-host, `exports.cc`.
(*) 20 is what Envoy gives for `fd_readdir`.
"""

import random
import struct
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OK: Final = 0
BADF: Final = 8
INVAL: Final = 28
NOENT: Final = 44
NOSYS: Final = 52
NOTSUP: Final = 58
FAULT: Final = 21


class Memory(Protocol):
    """The guest's linear memory."""

    def read(self, address: int, size: int) -> bytes:
        """Raises Refused(INVALID_MEMORY_ACCESS) outside."""

    def write(self, address: int, data: bytes) -> None:
        """Raises Refused(INVALID_MEMORY_ACCESS) outside."""


_I: Final = "i32"
_L: Final = "i64"

SIGNATURES: Final[dict[str, tuple[tuple[str, ...], int | None]]] = {
    # name: (argument types, constant answer or None when it is computed)
    "args_get": ((_I, _I), OK),
    "args_sizes_get": ((_I, _I), None),
    "clock_res_get": ((_I, _I), None),
    "clock_time_get": ((_I, _L, _I), None),
    "environ_get": ((_I, _I), None),
    "environ_sizes_get": ((_I, _I), None),
    "fd_advise": ((_I, _L, _L, _I), OK),
    "fd_allocate": ((_I, _L, _L), None),
    "fd_close": ((_I,), OK),
    "fd_datasync": ((_I,), None),
    "fd_fdstat_get": ((_I, _I), None),
    "fd_fdstat_set_flags": ((_I, _I), NOSYS),
    "fd_fdstat_set_rights": ((_I, _L, _L), None),
    "fd_filestat_get": ((_I, _I), BADF),
    "fd_filestat_set_size": ((_I, _L), None),
    "fd_filestat_set_times": ((_I, _L, _L, _I), None),
    "fd_pread": ((_I, _I, _I, _L, _I), NOSYS),
    "fd_prestat_dir_name": ((_I, _I, _I), NOSYS),
    "fd_prestat_get": ((_I, _I), BADF),
    "fd_pwrite": ((_I, _I, _I, _L, _I), None),
    "fd_read": ((_I, _I, _I, _I), NOSYS),
    "fd_readdir": ((_I, _I, _I, _L, _I), None),
    "fd_renumber": ((_I, _I), None),
    "fd_seek": ((_I, _L, _I, _I), OK),
    "fd_sync": ((_I,), None),
    "fd_tell": ((_I, _I), None),
    "fd_write": ((_I, _I, _I, _I), None),
    "path_create_directory": ((_I, _I, _I), NOTSUP),
    "path_filestat_get": ((_I, _I, _I, _I, _I), NOTSUP),
    "path_filestat_set_times": ((_I, _I, _I, _I, _L, _L, _I), NOTSUP),
    "path_link": ((_I, _I, _I, _I, _I, _I), NOTSUP),
    "path_open": ((_I, _I, _I, _I, _I, _L, _L, _I, _I), NOENT),
    "path_readlink": ((_I, _I, _I, _I, _I, _I), None),
    "path_remove_directory": ((_I, _I, _I), NOTSUP),
    "path_rename": ((_I, _I, _I, _I, _I, _I), NOTSUP),
    "path_symlink": ((_I, _I, _I, _I), NOTSUP),
    "path_unlink_file": ((_I, _I, _I), NOTSUP),
    "poll_oneoff": ((_I, _I, _I, _I), None),
    "proc_exit": ((_I,), None),
    "random_get": ((_I, _I), None),
    "sched_yield": ((), OK),
    "sock_accept": ((_I, _I, _I), NOTSUP),
    "sock_recv": ((_I, _I, _I, _I, _I, _I), NOTSUP),
    "sock_send": ((_I, _I, _I, _I, _I), NOTSUP),
    "sock_shutdown": ((_I, _I), NOTSUP),
}
"""The 45 functions; `proc_exit` returns nothing, all others an i32. `path_link` and `path_symlink`
have an argument less than in WASI, as they have in Envoy."""

PERMITTED_IN_START: Final = frozenset(SIGNATURES) - {
    "fd_close",
    "fd_read",
    "fd_seek",
    "path_open",
    "proc_exit",
    "sched_yield",
}
PERMITTED_IN_ALLOCATION: Final = frozenset({"fd_write", "clock_time_get", "poll_oneoff"})

_STDOUT: Final = 1
_STDERR: Final = 2


class Wasi:
    """The functions that compute their answer. A method bears the name of its function.

    Args:
        memory: The guest's memory.
        environment: Variables.
        now_ns: Clock of the proxy.
        write_line: Gets (is it an error, text) of what goes to stdout and stderr.
    """

    def __init__(
        self,
        memory: Memory,
        environment: "Mapping[str, str]",
        now_ns: "Callable[[], int]",
        write_line: "Callable[[bool, bytes], None]",
    ) -> None:
        self._memory = memory
        self._environment = [f"{key}={value}\0".encode() for key, value in environment.items()]
        self._now_ns = now_ns
        self._write_line = write_line
        # The same bytes in every run, so that a failing test fails again.
        self._random = random.Random(0)  # noqa: S311

    def args_sizes_get(self, count: int, size: int) -> int:
        self._write_u32(count, 0)
        self._write_u32(size, 0)
        return OK

    def environ_sizes_get(self, count: int, size: int) -> int:
        self._write_u32(count, len(self._environment))
        self._write_u32(size, sum(map(len, self._environment)))
        return OK

    def environ_get(self, pointers: int, text: int) -> int:
        for index, entry in enumerate(self._environment):
            self._write_u32(pointers + 4 * index, text)
            self._memory.write(text, entry)
            text += len(entry)
        return OK

    def clock_res_get(self, clock: int, result: int) -> int:
        if clock > 1:
            return NOTSUP
        self._memory.write(result, struct.pack("<Q", 1))
        return OK

    def clock_time_get(self, clock: int, _precision: int, result: int) -> int:
        if clock > 1:
            return NOTSUP
        self._memory.write(result, struct.pack("<Q", self._now_ns()))
        return OK

    def fd_allocate(self, fd: int, _offset: int, _size: int) -> int:
        return _standard_stream(fd)

    def fd_datasync(self, fd: int) -> int:
        return _standard_stream(fd)

    def fd_sync(self, fd: int) -> int:
        return _standard_stream(fd)

    def fd_fdstat_set_rights(self, fd: int, _base: int, _inheriting: int) -> int:
        return _standard_stream(fd)

    def fd_filestat_set_size(self, fd: int, _size: int) -> int:
        return _standard_stream(fd)

    def fd_filestat_set_times(self, fd: int, _access: int, _modified: int, _flags: int) -> int:
        return _standard_stream(fd)

    def fd_fdstat_get(self, fd: int, result: int) -> int:
        if fd not in (_STDOUT, _STDERR):
            return BADF
        self._memory.write(result, struct.pack("<QQQ", 0, 64, 0))
        return OK

    def fd_pwrite(self, fd: int, vectors: int, count: int, _offset: int, written: int) -> int:
        return self.fd_write(fd, vectors, count, written)

    def fd_readdir(self, _fd: int, _buffer: int, _size: int, _cookie: int, used: int) -> int:
        self._write_u32(used, 0)
        return 20

    def fd_renumber(self, source: int, target: int) -> int:
        return NOTSUP if _standard_stream(source) == _standard_stream(target) == OK else BADF

    def fd_tell(self, fd: int, result: int) -> int:
        answer = _standard_stream(fd)
        if answer == OK:
            self._memory.write(result, struct.pack("<Q", 0))
        return answer

    def fd_write(self, fd: int, vectors: int, count: int, written: int) -> int:
        if fd not in (_STDOUT, _STDERR):
            return BADF
        parts: list[bytes] = []
        for index in range(count):
            address, size = struct.unpack("<II", self._memory.read(vectors + 8 * index, 8))
            parts.append(self._memory.read(address, size))
        text = b"".join(parts)
        if text:
            self._write_line(fd == _STDERR, text.removesuffix(b"\n"))
        self._write_u32(written, len(text))
        return OK

    def path_readlink(
        self, _fd: int, _path: int, _path_size: int, _buffer: int, _size: int, used: int
    ) -> int:
        self._write_u32(used, 0)
        return NOTSUP

    def poll_oneoff(self, _subscriptions: int, _events: int, _count: int, happened: int) -> int:
        self._write_u32(happened, 0)
        return OK

    def proc_exit(self, _code: int) -> int:
        # It returns to the module, which goes on.
        return OK

    def random_get(self, buffer: int, size: int) -> int:
        if size > 65536:
            return INVAL
        self._memory.write(buffer, self._random.randbytes(size))
        return OK

    def _write_u32(self, address: int, value: int) -> None:
        self._memory.write(address, struct.pack("<I", value))


def _standard_stream(fd: int) -> int:
    return OK if fd in (_STDOUT, _STDERR) else BADF
