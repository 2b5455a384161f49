"""The guest as a Wasm module on wasmtime: any module of Proxy-Wasm 0.2.0 or 0.2.1.

Source: proxy-wasm-cpp-host, `wasm.cc` (what is called at start), `exports.h` (how values travel).
"""

import struct
from collections.abc import Callable, Mapping
from typing import Final

import wasmtime

from mixer2.testhost import abi, wasi
from mixer2.testhost.abi import HostCall, Kind, LogLevel, Status
from mixer2.testhost.boundary import PERMITTED_IN_ALLOCATION, Boundary
from mixer2.testhost.errors import HostError, Refused, TrapError
from mixer2.testhost.guest import GuestFactory
from mixer2.testhost.pairs import decode_text, encode_text
from mixer2.testhost.trace import Value
from mixer2.testhost.wasm_module import HostFunction, WasmModule

LIVE_OBJECTS: Final = "live_objects"
_MEMORY_LIMIT: Final = 1 << 30
_ALLOCATORS: Final = ("malloc", "proxy_on_memory_allocate")
_WASI_NAMESPACES: Final = ("wasi_snapshot_preview1", "wasi_unstable")


class WasmGuest:
    """One instance of a module.

    Args:
        module: The module.
        boundary: Where its host calls go.
        environment: What WASI shows as environment variables.
        now_ns: Clock for WASI.

    Raises:
        MissingImportError: it imports what no proxy offers.
        LoadError: it cannot be instantiated.
    """

    def __init__(
        self,
        module: WasmModule,
        boundary: Boundary,
        environment: Mapping[str, str],
        now_ns: Callable[[], int],
    ) -> None:
        self._boundary = boundary
        self._store = wasmtime.Store(module.engine)
        self._store.set_limits(memory_size=_MEMORY_LIMIT)
        self._memory: wasmtime.Memory | None = None
        self._wasi = wasi.Wasi(self, environment, now_ns, self._write_line)
        instance = module.instantiate(self._store, self._import)
        self._functions: dict[str, wasmtime.Func] = {}
        exports = instance.exports(self._store)
        for name in exports:
            item = exports[name]
            if isinstance(item, wasmtime.Func):
                self._functions[name] = item
            elif isinstance(item, wasmtime.Memory):
                self._memory = item
        self._live_objects = exports[LIVE_OBJECTS] if LIVE_OBJECTS in module.export_names else None
        self._allocate = next(
            (self._functions[name] for name in _ALLOCATORS if name in self._functions), None
        )
        self._exports = frozenset(self._functions) & frozenset(abi.CALLBACKS)

    @property
    def exports(self) -> frozenset[str]:
        """The callbacks among its exports."""
        return self._exports

    def start(self) -> None:
        """`_initialize` and then `main`, or else `_start`."""
        if "_initialize" in self._functions:
            self._run("_initialize")
            if "main" in self._functions:
                self._run("main", 0, 0)
            elif "__main_void" in self._functions:
                self._run("__main_void")
        elif "_start" in self._functions:
            self._run("_start")

    def call(self, callback: str, arguments: tuple[int, ...]) -> int:
        """Call an export."""
        result = self._run(callback, *arguments)
        return 0 if result is None else result & 0xFFFFFFFF

    def live_objects(self) -> int | None:
        """What the export `live_objects` says: a function, or a global."""
        exported = self._live_objects
        if isinstance(exported, wasmtime.Global):
            return int(exported.value(self._store))
        if isinstance(exported, wasmtime.Func):
            return self._run(LIVE_OBJECTS)
        return None

    def memory_size(self) -> int | None:
        """Bytes of the exported memory."""
        return None if self._memory is None else self._memory.data_len(self._store)

    def read(self, address: int, size: int) -> bytes:
        """Bytes of memory. Refused with INVALID_MEMORY_ACCESS outside."""
        memory = self._checked(address, size)
        return bytes(memory.read(self._store, address, address + size))

    def write(self, address: int, data: bytes) -> None:
        """Change memory. Refused with INVALID_MEMORY_ACCESS outside."""
        self._checked(address, len(data)).write(self._store, data, address)

    def _checked(self, address: int, size: int) -> wasmtime.Memory:
        memory = self._memory
        if memory is None or address + size > memory.data_len(self._store):
            raise Refused(Status.INVALID_MEMORY_ACCESS)
        return memory

    def _run(self, name: str, *arguments: int) -> int | None:
        signed = [_signed32(argument) for argument in arguments]
        try:
            result = self._functions[name](self._store, *signed)
        except HostError:
            raise
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise TrapError(str(error).strip()) from error
        return None if result is None else int(result)

    def _import(self, name: str) -> HostFunction | None:
        """The host function for one import; None when there is none."""
        module, _, function = name.rpartition(".")
        if module == "env":
            call = abi.HOST_CALLS.get(function)
            if call is not None:
                return HostFunction(call.wasm_arguments, True, self._host_call(call))
            return _EXTRAS.get(function)
        if module in _WASI_NAMESPACES and function in wasi.SIGNATURES:
            arguments = wasi.SIGNATURES[function][0]
            return HostFunction(arguments, function != "proc_exit", self._wasi_call(function))
        return None

    def _host_call(self, call: HostCall) -> Callable[..., int]:
        size = sum(2 if kind in (Kind.TEXT, Kind.BYTES) else 1 for kind in call.arguments)

        def function(*raw: int) -> int:
            try:
                values = self._take(call, raw)
                status, results = self._boundary.invoke(call.name, *values)
                if status is Status.OK:
                    self._give(call.results, results, raw[size:])
            except Refused as refused:
                return int(refused.status)
            return int(status)

        return function

    def _take(self, call: HostCall, raw: tuple[int, ...]) -> list[Value]:
        """The values behind raw arguments. Wasm knows no signs; the ABI's i32 are unsigned."""
        values: list[Value] = []
        position = 0
        for kind in call.arguments:
            first = raw[position]
            if kind is Kind.I64:
                values.append(first)
            elif kind is Kind.U64:
                values.append(first & (1 << 64) - 1)
            elif kind is Kind.U32:
                values.append(first & 0xFFFFFFFF)
            else:
                position += 1
                data = self.read(first & 0xFFFFFFFF, raw[position] & 0xFFFFFFFF)
                values.append(data if kind is Kind.BYTES else decode_text(data))
            position += 1
        return values

    def _give(
        self, kinds: tuple[Kind, ...], results: tuple[Value, ...], raw: tuple[int, ...]
    ) -> None:
        """Write results to where the guest wants them. Nothing is allocated for an empty one."""
        places = iter([place & 0xFFFFFFFF for place in raw])
        for kind, value in zip(kinds, results, strict=True):
            place = next(places)
            if isinstance(value, int):
                self.write(place, struct.pack("<Q" if kind is Kind.U64 else "<I", value))
                continue
            data = value if isinstance(value, bytes) else encode_text(value)
            size_place = next(places)
            if place == 0 and kind is Kind.BYTES and not size_place:
                continue
            address = self._new(data)
            self.write(place, struct.pack("<I", address))
            self.write(size_place, struct.pack("<I", len(data)))

    def _new(self, data: bytes) -> int:
        if not data:
            return 0
        if self._allocate is None:
            raise TrapError("the module exports neither malloc nor proxy_on_memory_allocate")
        before = self._boundary.restrict(PERMITTED_IN_ALLOCATION)
        try:
            address = int(self._allocate(self._store, len(data))) & 0xFFFFFFFF
        finally:
            self._boundary.restrict(before)
        if not address:
            raise Refused(Status.INVALID_MEMORY_ACCESS)
        self.write(address, data)
        return address

    def _wasi_call(self, name: str) -> Callable[..., int | None]:
        answer = wasi.SIGNATURES[name][1]
        method: Callable[..., int] | None = getattr(self._wasi, name, None)

        def function(*raw: int) -> int | None:
            self._boundary.check_permitted(name)
            if not self._boundary.allows(name):
                self._boundary.log_refusal(name)
                result = _WASI_NOT_CAPABLE
            elif method is None:
                result = wasi.OK if answer is None else answer
            else:
                try:
                    result = method(*(value & 0xFFFFFFFF for value in raw))
                except Refused:
                    result = wasi.FAULT
            return None if name == "proc_exit" else result

        return function

    def _write_line(self, is_error: bool, text: bytes) -> None:
        level = LogLevel.ERROR if is_error else LogLevel.INFO
        self._boundary.write_log(level, decode_text(text))


_WASI_NOT_CAPABLE: Final = 76

_EXTRAS: Final = {
    "pthread_equal": HostFunction(("i32", "i32"), True, lambda left, right: int(left == right)),
    "emscripten_notify_memory_growth": HostFunction(("i32",), False, lambda _memory: None),
}
"""Functions of `env` that are no host calls."""


def _signed32(value: int) -> int:
    """wasmtime takes i32 as signed."""
    return value - (1 << 32) if value >= 1 << 31 else value


def wasm_factory(
    module: WasmModule, environment: Mapping[str, str], now_ns: Callable[[], int]
) -> GuestFactory:
    """A factory of instances of one module."""
    return lambda boundary: WasmGuest(module, boundary, environment, now_ns)
