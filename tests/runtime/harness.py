"""Drives the guest run-time from Python, function by function.

The committed `runtime.wasm` is linked once with all of its functions exported. `Runtime.call` makes
guest objects of Python values, calls, turns the result back, raises what the guest raised, and
insists that nothing was leaked.
"""

from __future__ import annotations

import builtins
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wasmtime

import mixer2.compiler
from mixer2.compiler.layout import creation_gate
from mixer2.compiler.link.module import link
from mixer2.compiler.link.object_file import read_object
from mixer2.compiler.link.symbols import Data, Function, Piece, Ref, RefKind
from mixer2.compiler.wasm.opcodes import END, I32_CONST
from mixer2.compiler.wasm.types import I32, FunctionType

if TYPE_CHECKING:
    from collections.abc import Callable

RUNTIME = Path(mixer2.compiler.__file__).with_name("runtime.wasm")

# Another build of the run-time to test: one of `build.py --checked`.
RUNTIME_VARIABLE = "MIXER2_RUNTIME"

# Offsets and constants of build/runtime/object.h.
TYPE_NAME, TYPE_BASE, VAR_SIZE, STR_LENGTH, DATA = 8, 12, 8, 20, 24
TUPLE_ITEMS, LIST_ITEMS, BOXED_VALUE, EXCEPTION_ARGS = 16, 16, 8, 8
TABLE_ENTRIES, TABLE_USED = 16, 24
ENTRY_SIZE, ENTRY_KEY, ENTRY_VALUE = 12, 4, 8
IMMORTAL = 1 << 30
TAGGED_ERROR = 1


@dataclass(frozen=True)
class Handle:
    """An object in linear memory; whoever holds it owns one reference."""

    address: int


@dataclass(frozen=True)
class Boxed:
    """A value as an object, also an int or a bool."""

    value: object


@dataclass(frozen=True)
class Tagged:
    """An int in a register."""

    value: int


@dataclass(frozen=True)
class Given:
    """An object whose reference the function takes over."""

    value: object


@dataclass(frozen=True)
class Double:
    """A float in a register."""

    value: float


class GuestError(Exception):
    """An exception of a type that Python's builtins do not have."""


class Leak(AssertionError):
    """A call left objects behind."""


@dataclass
class HostCall:
    """One call of a function that the host provides."""

    name: str
    arguments: tuple[int, ...]


@dataclass
class Host:
    """Answers host calls: by name a function of the runtime and the arguments; others say OK."""

    answers: dict[str, Callable[..., int]] = field(default_factory=dict)
    calls: list[HostCall] = field(default_factory=list)

    def call(self, name: str, runtime: Runtime, arguments: tuple[int, ...]) -> int:
        """Record the call and answer it."""
        self.calls.append(HostCall(name, arguments))
        answer = self.answers.get(name)
        return answer(runtime, *arguments) if answer else 0


def _address_function(symbol: str) -> Function:
    """A function that tells where a data symbol lies."""
    body: list[Piece] = [b"\0" + I32_CONST, Ref(RefKind.ADDRESS, symbol), END]
    return Function(f"&{symbol}", FunctionType(b"", bytes([I32])), body)


class LinkedRuntime:
    """The run-time with everything exported, compiled once."""

    def __init__(self) -> None:
        artefact = Path(os.environ.get(RUNTIME_VARIABLE, RUNTIME))
        table = read_object(artefact.read_bytes())
        functions = [
            name for name in table.names() if isinstance(table[name], Function) and "#" not in name
        ]
        data = [n for n in table.names() if isinstance(table[n], Data) and "#" not in n]
        for symbol in data:
            table.add(_address_function(symbol))
        # Nothing here calls types by value, as programs do; so that they can be called:
        gates = [creation_gate(symbol) for symbol in data if symbol.endswith("_Type")]
        for gate in gates:
            table.add(Data(gate, b""))
        exported = [*functions, *(f"&{symbol}" for symbol in data)]
        self.linked = link(table, {name: name for name in exported}, gates)
        self.engine = wasmtime.Engine()
        self.module = wasmtime.Module(self.engine, self.linked.wasm)


class Runtime:
    """One instance."""

    def __init__(self, linked: LinkedRuntime) -> None:
        self.host = Host()
        self.store = wasmtime.Store(linked.engine)
        imports = [self._host_function(i.name or "", i.type) for i in linked.module.imports]
        self.instance = wasmtime.Instance(self.store, linked.module, imports)
        self.exports = self.instance.exports(self.store)
        memory = self.exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self.memory = memory

    def _host_function(self, name: str, type_: Any) -> wasmtime.Func:
        def answer(*arguments: int) -> int:
            return self.host.call(name, self, arguments)

        return wasmtime.Func(self.store, type_, answer)

    # Memory

    def read(self, address: int, size: int) -> bytes:
        """Bytes of linear memory."""
        return bytes(self.memory.read(self.store, address, address + size))

    def write(self, address: int, data: bytes) -> None:
        """Put bytes into linear memory."""
        self.memory.write(self.store, data, address)

    def u32(self, address: int) -> int:
        """A 32-bit word."""
        return int.from_bytes(self.read(address, 4), "little")

    def i64(self, address: int) -> int:
        """A signed 64-bit word."""
        return int.from_bytes(self.read(address, 8), "little", signed=True)

    def c_string(self, address: int) -> str:
        """Text up to a NUL."""
        text = bytearray()
        while byte := self.read(address + len(text), 1)[0]:
            text.append(byte)
        return text.decode()

    # Raw calls

    def raw(self, name: str, *arguments: float) -> Any:
        """Call with numbers."""
        function = self.exports[name]
        assert isinstance(function, wasmtime.Func), f"no function {name}"
        return function(self.store, *arguments)

    def live_objects(self) -> int:
        """The gauge."""
        return int(self.raw("live_objects"))

    # Objects

    def make(self, value: object) -> int:
        """A guest object equal to `value`: a new reference."""
        match value:
            case Handle():
                self.write(value.address, (self.u32(value.address) + 1).to_bytes(4, "little"))
                return value.address
            case None | True | False:
                return self.singleton(value)
            case str():
                return self._from_bytes(value.encode("utf-8", "surrogatepass"), "str_new")
            case bytes():
                return self._from_bytes(value, "bytes_new")
            case bytearray():
                source = self.make(bytes(value))
                made = int(self.raw("PyByteArray_FromObject", source))
                self.release(source)
                return made
            case int():
                return int(self.raw("int_new", value))
            case float():
                return int(self.raw("float_new", value))
            case slice():
                return self._slice(value)
            case list():
                return self._sequence(value, "PyList_New", lambda a: self.u32(a + LIST_ITEMS))
            case tuple():
                return self._sequence(value, "PyTuple_New", lambda a: a + TUPLE_ITEMS)
            case dict():
                return self._dict(value)
            case set() | frozenset():
                return self._set(value)
            case _:
                raise TypeError(f"no guest object for {value!r}")

    def singleton(self, value: bool | None) -> int:
        """A new reference to None, True or False."""
        symbol = {None: "_Py_NoneStruct", True: "_Py_TrueStruct", False: "_Py_FalseStruct"}[value]
        address = self.address(symbol)
        self.write(address, (self.u32(address) + 1).to_bytes(4, "little"))
        return address

    def address(self, symbol: str) -> int:
        """Where a data symbol lies."""
        return int(self.raw(f"&{symbol}"))

    def _from_bytes(self, data: bytes, constructor: str) -> int:
        scratch = self.raw("mixer2_alloc", len(data) + 1)
        self.write(scratch, data)
        made = self.raw(constructor, scratch, len(data))
        self.raw("mixer2_free", scratch)
        return int(made)

    def _sequence(
        self, values: list[Any] | tuple[Any, ...], constructor: str, items: Callable[[int], int]
    ) -> int:
        made = int(self.raw(constructor, len(values)))
        for index, value in enumerate(values):
            item = self.make(value)
            self.write(items(made) + 8 * index, item.to_bytes(8, "little"))
        return made

    def _dict(self, value: dict[Any, Any]) -> int:
        made = int(self.raw("PyDict_New"))
        for item in value.items():
            key, mapped = map(self.make, item)
            assert self.raw("PyDict_SetItem", made, key, mapped) == 0
            self.release(key)
            self.release(mapped)
        return made

    def _set(self, value: set[Any] | frozenset[Any]) -> int:
        frozen = isinstance(value, frozenset)
        made = int(self.raw("PyFrozenSet_New" if frozen else "PySet_New", 0))
        for item in value:
            address = self.make(item)
            assert self.raw("PySet_Add", made, address) == 0
            self.release(address)
        return made

    def _slice(self, value: slice) -> int:
        bounds = [self.make(bound) for bound in (value.start, value.stop, value.step)]
        made = int(self.raw("PySlice_New", *bounds))
        for bound in bounds:
            self.release(bound)
        return made

    def type_name(self, address: int) -> str:
        """Name of an object's type."""
        return self.c_string(self.u32(self.u32(address + 4) + TYPE_NAME))

    def value(self, address: int) -> Any:
        """The Python value of a guest object; the reference stays."""
        match self.type_name(address):
            case "NoneType":
                return None
            case "bool":
                return bool(self.i64(address + BOXED_VALUE))
            case "int":
                return self.i64(address + BOXED_VALUE)
            case "float":
                return struct.unpack("<d", self.read(address + BOXED_VALUE, 8))[0]
            case "str":
                return self._text(address)
            case "bytes":
                assert self.u32(address + DATA + self.i64(address + VAR_SIZE)) & 0xFF == 0
                return self.read(address + DATA, self.i64(address + VAR_SIZE))
            case "bytearray":
                return bytearray(self.read(self.u32(address + 16), self.i64(address + VAR_SIZE)))
            case "list":
                return self._items(self.u32(address + LIST_ITEMS), address)
            case "tuple":
                return tuple(self._items(address + TUPLE_ITEMS, address))
            case "dict":
                return dict(self._entries(address))
            case "set":
                return {key for key, _ in self._entries(address)}
            case "frozenset":
                return frozenset(key for key, _ in self._entries(address))
            case _:
                return Handle(address)

    def _text(self, address: int) -> str:
        size = self.i64(address + VAR_SIZE)
        data = self.read(address + DATA, size + 1)
        assert data[size] == 0, "a str ends with NUL"
        text = data[:size].decode("utf-8", "surrogatepass")
        assert len(text) == self.u32(address + STR_LENGTH), "a str knows its length"
        return text

    def _items(self, slots: int, address: int) -> list[Any]:
        size = self.i64(address + VAR_SIZE)
        return [self.value(self.u32(slots + 8 * index)) for index in range(size)]

    def _entries(self, table: int) -> list[tuple[Any, Any]]:
        """Keys and values of a dict or set, in the order in which they were added."""
        first, used = self.u32(table + TABLE_ENTRIES), self.u32(table + TABLE_USED)
        entries = [self._entry(first + ENTRY_SIZE * index) for index in range(used)]
        live = [entry for entry in entries if entry is not None]
        assert len(live) == self.i64(table + VAR_SIZE), "a table knows its size"
        return live

    def _entry(self, address: int) -> tuple[Any, Any] | None:
        key, value = self.u32(address + ENTRY_KEY), self.u32(address + ENTRY_VALUE)
        return (self.value(key), self.value(value) if value else None) if key else None

    def release(self, address: int) -> None:
        """Drop one reference."""
        count = self.u32(address)
        assert count > 0, "released once too often"
        self.write(address, (count - 1).to_bytes(4, "little"))
        if count == 1:
            self.raw("mixer2_dealloc", address)

    # Checked calls

    def call(
        self, name: str, *arguments: object, result: str = "object", counted: bool = True
    ) -> Any:
        """Call a function of the run-time as compiled code does.

        Args:
            name: The C function.
            arguments: `Tagged` for ints in registers, int and bool for C's; all else becomes an
                object that is lent to the function.
            result: "object" (new reference), "items" (a new iterable, as a list), "tagged", "raw"
                (a C number) or "none".
            counted: Look for leaks; not for calls that change what lives on.

        Raises:
            Exception: what the function left pending.
            Leak: objects were left behind, or references dropped that were not given.
        """
        before = self.live_objects()
        owned: list[tuple[int, int]] = []
        words: list[float] = []
        for argument in arguments:
            match argument:
                case Tagged():
                    words.append(argument.value << 1)
                case Double():
                    words.append(argument.value)
                case int():
                    words.append(argument)
                case Handle():
                    words.append(argument.address)
                case _:
                    value = argument.value if isinstance(argument, Boxed) else argument
                    address = self.make(value)
                    owned.append((address, self.u32(address)))
                    words.append(address)
        answer = self.raw(name, *words)
        value = self._converted(answer, result)
        failure = self._take_failure()
        for address, count in owned:
            if count < IMMORTAL // 2:
                assert self.u32(address) == count, f"{name} changed an argument's references"
            self.release(address)
        if counted and (after := self.live_objects()) != before:
            raise Leak(f"{name}{arguments!r}: {after - before:+} objects")
        if failure is not None:
            raise failure
        return value

    def method(self, kind: str, name: str, self_: object, *args: object, **keywords: Any) -> Any:
        """Call a method of a built-in type as compiled code does that finds it by name."""
        return self.invoke(f"method__{kind}__{name}", self_, *args, **keywords)

    def _converted(self, answer: Any, result: str) -> Any:
        match result:
            case "object":
                if not answer:
                    return None
                value = self.value(answer)
                if not isinstance(value, Handle):
                    self.release(answer)
                return value
            case "items":
                return self._drained(answer) if answer else None
            case "tagged":
                return answer if answer == TAGGED_ERROR else answer >> 1
            case "raw":
                return answer
            case "none":
                return None
            case _:
                raise ValueError(result)

    def _drained(self, iterable: int) -> list[Any]:
        """What an iterable yields, until the end or a failure; it is released."""
        iterator = self.raw("PyObject_GetIter", iterable)
        self.release(iterable)
        items = []
        while iterator and (item := self.raw("PyIter_Next", iterator)):
            items.append(self.value(item))
            self.release(item)
        if iterator:
            self.release(iterator)
        return items

    def invoke(
        self,
        name: str,
        receiver: object,
        *args: object,
        result: str = "object",
        counted: bool = True,
        **keywords: Any,
    ) -> Any:
        """Call a function that has the convention of `Call` and `BoundFunction`.

        Args:
            name: The C function.
            receiver: What it is called on, 0 for nothing.
            args: Objects that are given by position.
            result: As for `call`.
            counted: As for `call`.
            keywords: Objects that are given by name.
        """
        objects = [self.make(value) for value in (*args, *keywords.values())]
        counts = [self.u32(address) for address in objects]
        names = self.make(tuple(keywords)) if keywords else 0
        array = self.raw("mixer2_alloc", 4 * len(objects) + 4)
        self.write(array, struct.pack(f"<{len(objects)}I", *objects))
        try:
            words = (array, len(args), names)
            return self.call(name, receiver, *words, result=result, counted=counted)
        finally:
            self.raw("mixer2_free", array)
            if names:
                self.release(names)
            for address, count in zip(objects, counts, strict=True):
                if count < IMMORTAL // 2:
                    assert self.u32(address) == count, f"{name} changed an argument's references"
                self.release(address)

    def change(
        self, name: str, subject: object, *arguments: object, result: str = "object"
    ) -> tuple[object, Any]:
        """Call a function that changes its first argument.

        Returns:
            What `outcome` says of the call, and the value of the subject afterwards.

        Raises:
            Leak: objects were left behind once the subject was gone.
        """
        before = self.live_objects()
        changed = self.make(subject)
        lent: list[int] = []
        words: list[float] = [changed]
        for argument in arguments:
            match argument:
                case Tagged():
                    words.append(argument.value << 1)
                case int():
                    words.append(argument)
                case Given():
                    words.append(self.make(argument.value))
                case _:
                    value = argument.value if isinstance(argument, Boxed) else argument
                    lent.append(self.make(value))
                    words.append(lent[-1])
        value = self._converted(self.raw(name, *words), result)
        failure = self._take_failure()
        after = self.value(changed)
        for address in (changed, *lent):
            self.release(address)
        if (left := self.live_objects()) != before:
            raise Leak(f"{name}({subject!r}, {arguments!r}): {left - before:+} objects")
        return (type(failure), str(failure)) if failure else value, after

    def _take_failure(self) -> BaseException | None:
        pending = self.raw("error_take")
        if not pending:
            return None
        name = self.type_name(pending)
        arguments = self.value(self.u32(pending + EXCEPTION_ARGS))
        self.release(pending)
        kind = getattr(builtins, name, None)
        if kind is None:
            return GuestError(name, *arguments)
        failure: BaseException = kind(*arguments)
        return failure


def outcome(function: Callable[[], object]) -> object:
    """The result, or the exception's type and text: what two implementations must agree on."""
    try:
        return function()
    except Leak:
        raise
    except Exception as failure:  # noqa: BLE001  (whatever it is, it is compared)
        return type(failure), str(failure)
