"""A language for probes: what a module calls in which callback, as data, and the module for it.

    call("get_header_map_value", 0, ":path")      a host call; text becomes pointer and length
    Round([...], returns=4)                       what one run of a callback does and returns

The module logs a record for every callback and every host call; `decode` makes text of them. The
same bytes run in Envoy and on wasmtime, so what differs is the host.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import wasmtime

from mixer2.testhost import abi, pairs
from mixer2.testhost.abi import Kind, Status
from mixer2.testhost.wasi import SIGNATURES

_RESULTS_AT = 1024
_RESULT_BYTES = 16
_DATA_AT = 16 * 1024
_RECORD_AT = 256 * 1024
_HEAP_AT = 512 * 1024
_LEAST_RECORD = 8


@dataclass(frozen=True, slots=True)
class Raw:
    """A pointer and a length, whatever they point at."""

    address: int
    size: int


@dataclass(eq=False, slots=True)
class Call:
    """One host call of a probe."""

    name: str
    arguments: tuple["Argument", ...]
    index: int = -1

    @property
    def result(self) -> "ResultOf":
        """Its first result, as an argument of a later call."""
        return ResultOf(self)


@dataclass(frozen=True, slots=True)
class ResultOf:
    """The number, or the bytes, that an earlier call returned."""

    call: Call


@dataclass(frozen=True, slots=True)
class Trap:
    """The module traps here."""


SCRATCH: Final = 8 * 1024
"""Where functions of WASI find and leave memory; all ones before each of them."""


@dataclass(eq=False, slots=True)
class WasiCall:
    """A call of a function of WASI.

    Attributes:
        name: Name of the function.
        arguments: Numbers.
        memory: What is at `SCRATCH` before.
        shown: Bytes at `SCRATCH` that are looked at after it.
    """

    name: str
    arguments: tuple[int, ...]
    memory: bytes = b""
    shown: int = 0
    index: int = -1


Argument: TypeAlias = int | str | bytes | Raw | ResultOf
Step: TypeAlias = Call | WasiCall | Trap


def call(name: str, *arguments: Argument) -> Call:
    """A host call, named without `proxy_`."""
    return Call(_abi_name(name), arguments)


def _abi_name(name: str) -> str:
    """With `proxy_`, unless it is one of Envoy's own."""
    return name if name.startswith("envoy_") else f"proxy_{name}"


@dataclass(frozen=True, slots=True)
class Round:
    """One run of a callback."""

    steps: Sequence[Step] = ()
    returns: int | None = None


Rounds: TypeAlias = "Sequence[Step] | Round | Sequence[Round]"
"""What a callback does: always these steps, or round by round; the last one is repeated."""


class Probe:
    """A module that does what its callbacks say.

    Args:
        callbacks: By name without `proxy_`. A callback whose return nobody gave answers
            "continue", and 1 where that means yes.
    """

    def __init__(self, callbacks: Mapping[str, Rounds]) -> None:
        self._rounds = {name: _as_rounds(rounds) for name, rounds in callbacks.items()}
        self._calls: list[Call | WasiCall] = []
        self._data: list[tuple[int, bytes]] = []
        self._data_end = _DATA_AT
        for rounds in self._rounds.values():
            for round_ in rounds:
                for step in round_.steps:
                    if not isinstance(step, Trap) and step not in self._calls:
                        step.index = len(self._calls)
                        self._calls.append(step)

    def wasm(self) -> bytes:
        """The module."""
        functions = "".join(
            self._callback(index, name, rounds)
            for index, (name, rounds) in enumerate(self._rounds.items())
        )
        names = {step.name for step in self._calls if isinstance(step, Call)} | {"proxy_log"}
        imports = "".join(
            f'(import "env" "{name}" (func ${name} '
            f"(param {' '.join(abi.HOST_CALLS[name].wasm_arguments)}) (result i32)))"
            for name in sorted(names)
        )
        imports += "".join(
            f'(import "wasi_snapshot_preview1" "{name}" (func ${name} '
            f"(param {' '.join(SIGNATURES[name][0])}) {_wasi_result(name)}))"
            for name in sorted({step.name for step in self._calls if isinstance(step, WasiCall)})
        )
        data = "".join(
            f'(data (i32.const {address}) "{_escaped(text)}")' for address, text in self._data
        )
        return bytes(wasmtime.wat2wasm(f"(module {imports} {_RUNTIME} {functions} {data})"))

    def decode(self, message: str) -> str:
        """A logged record as a line of text; what is no record is what the probe itself logged."""
        try:
            record = bytes.fromhex(message)
        except ValueError:
            record = b""
        if len(record) < _LEAST_RECORD:
            return f"logged {message!r}"
        index, count = struct.unpack_from("<ii", record)
        if index < 0:
            name = list(self._rounds)[-index - 1]
            arguments = struct.unpack_from(f"<{count}I", record, 8)
            return f"{name}({', '.join(map(str, arguments))})"
        made = self._calls[index]
        if isinstance(made, WasiCall):
            (answer,) = struct.unpack_from("<I", record, 8)
            shown = f" {record[12:].hex(' ', 4)}" if made.shown else ""
            return f"{made.name}{made.arguments} -> {answer}{shown}"
        words = [made.name.removeprefix("proxy_"), *map(_word, made.arguments), "->"]
        (status,) = struct.unpack_from("<I", record, 8)
        words.append(Status(status).name)
        if status == Status.OK:
            show: Callable[[bytes], str] = repr
            if made.name == "proxy_get_header_map_pairs":
                show = _pairs
            elif made.name == "proxy_get_property" and made.arguments[0] in _HEADER_MAPS:
                show = _sorted_pairs
            words += _results(abi.HOST_CALLS[made.name], record[12:], show)
        return " ".join(words)

    def _callback(self, index: int, name: str, rounds: list[Round]) -> str:
        arguments, returns = abi.CALLBACKS[_abi_name(name)]
        enter = f"(call $begin (i32.const {-index - 1}) (i32.const {arguments}))" + "".join(
            f"(call $put (local.get {argument}))" for argument in range(arguments)
        )
        body = ""
        for number, round_ in reversed(list(enumerate(rounds))):
            steps = "".join(map(self._step, round_.steps))
            if round_.returns is None:
                result = int(name in ("on_vm_start", "on_configure", "on_done"))
            else:
                result = round_.returns
            steps += f"(return (i32.const {result}))" if returns else "(return)"
            body = (
                steps
                if number == len(rounds) - 1
                else f"(if (i32.eq (global.get $n{index}) (i32.const {number + 1})) "
                f"(then {steps})) {body}"
            )
        return f"""
            (global $n{index} (mut i32) (i32.const 0))
            (func (export "{_abi_name(name)}") (param {" ".join(["i32"] * arguments)})
              {"(result i32)" if returns else ""}
              (global.set $n{index} (i32.add (global.get $n{index}) (i32.const 1)))
              {enter} (call $end) {body} {"(unreachable)" if returns else ""})
        """

    def _step(self, step: Step) -> str:
        if isinstance(step, Trap):
            return "(unreachable)"
        if isinstance(step, WasiCall):
            return self._wasi_step(step)
        signature = abi.HOST_CALLS[step.name]
        words = [
            self._argument(kind, argument)
            for kind, argument in zip(signature.arguments, step.arguments, strict=True)
        ]
        place = _RESULTS_AT + _RESULT_BYTES * step.index
        at = place
        record = ""
        for kind in signature.results:
            words.append(f"(i32.const {at})")
            if kind in (Kind.TEXT, Kind.BYTES):
                words.append(f"(i32.const {at + 4})")
                record += (
                    f"(call $put_bytes (i32.load (i32.const {at})) (i32.load (i32.const {at + 4})))"
                )
                at += 8
            elif kind is Kind.U64:
                record += f"(call $put (i32.load (i32.const {at})))"
                record += f"(call $put (i32.load (i32.const {at + 4})))"
                at += 8
            else:
                record += f"(call $put (i32.load (i32.const {at})))"
                at += 4
        return f"""
            (global.set $status (call ${step.name} {" ".join(words)}))
            (call $begin (i32.const {step.index}) (i32.const 0))
            (call $put (global.get $status))
            (if (i32.eqz (global.get $status)) (then {record}))
            (call $end)
        """

    def _wasi_step(self, step: WasiCall) -> str:
        types = SIGNATURES[step.name][0]
        arguments = zip(types, step.arguments, strict=True)
        made = (
            f"(call ${step.name} {' '.join(f'({kind}.const {word})' for kind, word in arguments)})"
        )
        stored = "".join(
            f"(i32.store8 (i32.const {SCRATCH + at}) (i32.const {byte}))"
            for at, byte in enumerate(step.memory)
        )
        shown = "".join(
            f"(call $put (i32.load (i32.const {SCRATCH + at})))" for at in range(0, step.shown, 4)
        )
        return f"""
            (memory.fill (i32.const {SCRATCH}) (i32.const 255) (i32.const 1024))
            {stored}
            {f"(global.set $status {made})" if _wasi_result(step.name) else made}
            (call $begin (i32.const {step.index}) (i32.const 0))
            (call $put (global.get $status))
            {shown}
            (call $end)
        """

    def _argument(self, kind: Kind, argument: Argument) -> str:
        if isinstance(argument, ResultOf):
            place = _RESULTS_AT + _RESULT_BYTES * argument.call.index
            first = f"(i32.load (i32.const {place}))"
            if kind in (Kind.TEXT, Kind.BYTES):
                return f"{first} (i32.load (i32.const {place + 4}))"
            return first
        if isinstance(argument, Raw):
            return f"(i32.const {argument.address}) (i32.const {argument.size})"
        if isinstance(argument, int):
            return f"({'i64' if kind in (Kind.I64, Kind.U64) else 'i32'}.const {argument})"
        text = argument.encode() if isinstance(argument, str) else argument
        address = self._data_end
        self._data.append((address, text))
        self._data_end += len(text)
        return f"(i32.const {address}) (i32.const {len(text)})"


def _wasi_result(name: str) -> str:
    return "" if name == "proc_exit" else "(result i32)"


def _escaped(data: bytes) -> str:
    """Bytes as WAT writes them in a string."""
    return "".join(f"\\{byte:02x}" for byte in data)


def _as_rounds(rounds: Rounds) -> list[Round]:
    if isinstance(rounds, Round):
        return [rounds]
    listed = [item for item in rounds if isinstance(item, Round)]
    if listed:
        return listed
    return [Round([step for step in rounds if not isinstance(step, Round)])]


def _word(argument: Argument) -> str:
    if isinstance(argument, ResultOf):
        return "$" + argument.call.name.removeprefix("proxy_")
    if isinstance(argument, Raw):
        return f"@{argument.address:#x}+{argument.size:#x}"
    return repr(argument)


def _results(signature: abi.HostCall, data: bytes, show: Callable[[bytes], str]) -> list[str]:
    words: list[str] = []
    for kind in signature.results:
        if kind in (Kind.TEXT, Kind.BYTES):
            (size,) = struct.unpack_from("<I", data)
            value = data[4 : 4 + size]
            words.append(show(value))
            data = data[4 + size :]
        else:
            size = 8 if kind is Kind.U64 else 4
            words.append(str(int.from_bytes(data[:size], "little")))
            data = data[size:]
    return words


_HEADER_MAPS = {
    f"{side}\0{part}" for side in ("request", "response") for part in ("headers", "trailers")
}
"""Attributes whose entries come in the order of a hash table."""


def _sorted_pairs(data: bytes) -> str:
    return " ".join(sorted(_pairs(data).split(" ")))


def _pairs(data: bytes) -> str:
    """A header map, without what differs from run to run."""
    listed = [(name.decode(), value) for name, value in pairs.decode(data)]
    return " ".join(
        f"{name}={b'*' if name in ('date', 'x-envoy-upstream-service-time') else value!r}"
        for name, value in listed
    )


_RUNTIME = f"""
  (memory (export "memory") 64)
  (global $top (mut i32) (i32.const {_HEAP_AT}))
  (global $record (mut i32) (i32.const 0))
  (global $status (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param $size i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get $size))))
  ;; A record is written behind $record, then turned into hexadecimal digits and logged.
  (func $begin (param $index i32) (param $count i32)
    (global.set $record (i32.const {_RECORD_AT}))
    (call $put (local.get $index))
    (if (i32.or (i32.lt_s (local.get $index) (i32.const 0)) (local.get $count))
      (then (call $put (local.get $count))) (else (call $put (i32.const 0)))))
  (func $put (param $word i32)
    (i32.store (global.get $record) (local.get $word))
    (global.set $record (i32.add (global.get $record) (i32.const 4))))
  (func $put_bytes (param $address i32) (param $size i32)
    (call $put (local.get $size))
    (memory.copy (global.get $record) (local.get $address) (local.get $size))
    (global.set $record (i32.add (global.get $record) (local.get $size))))
  (func $digit (param $to i32) (param $nibble i32)
    (i32.store8 (local.get $to)
      (i32.add (local.get $nibble)
        (select (i32.const 48) (i32.const 87) (i32.lt_u (local.get $nibble) (i32.const 10))))))
  (func $end (local $from i32) (local $to i32)
    (local.set $from (i32.const {_RECORD_AT}))
    (local.set $to (global.get $record))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (global.get $record)))
        (call $digit (local.get $to) (i32.shr_u (i32.load8_u (local.get $from)) (i32.const 4)))
        (call $digit (i32.add (local.get $to) (i32.const 1))
          (i32.and (i32.load8_u (local.get $from)) (i32.const 15)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (local.set $to (i32.add (local.get $to) (i32.const 2)))
        (br $next)))
    (drop (call $proxy_log (i32.const 2) (global.get $record)
      (i32.sub (local.get $to) (global.get $record)))))
"""
