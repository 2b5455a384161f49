"""Calls between bytecode and compiled functions, in both directions.

bytecode:F          the bytecode of function F
bytecode_callees    whom bytecode calls, by number (build/runtime/bytecode.h)
bytecode:call       calls a compiled function with arguments in memory, where its result goes, too
bytecode:host:F     calls function F of the host
bytecode:enter:T    runs a function of type T that is bytecode
F                   what compiled code calls in the place of such a function
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from mixer2.compiler.link.bytecode import Bytecode
from mixer2.compiler.link.symbols import Data, DataRef, Function, Import, Piece, Ref, RefKind
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import F64, I32, I64, FunctionType

RUN = "bytecode_run"
CALLEES = "bytecode_callees"
_CALL = "bytecode:call"

_CALL_TYPE = FunctionType(bytes([I32, I32, I32]), bytes([I32]))
_LOADS = {I32: opcodes.I32_LOAD, I64: opcodes.I64_LOAD, F64: opcodes.F64_LOAD}
_STORES = {I32: opcodes.I32_STORE, I64: opcodes.I64_STORE, F64: opcodes.F64_STORE}
_VALUE_SIZE = 8
_ENTRY_SIZE = 8
_BYTECODE_TYPE = b"\xff\xff\xff\xff"


def bytecode_of(name: str) -> str:
    """The symbol of a function's bytecode."""
    return f"bytecode:{name}"


class BytecodeCalls:
    """Numbers of callees and types.

    Args:
        bytecodes: All bytecode of the module, by the function's name.
    """

    def __init__(self, bytecodes: dict[str, Bytecode]) -> None:
        self._bytecodes = bytecodes
        self._callees: dict[str, int] = {}
        self._symbols: dict[str, Function | Import] = {}
        self._types: dict[FunctionType, int] = {}

    def number_callees(self, callees: Sequence[Function | Import]) -> None:
        """Say whom bytecode calls, as often as it does: small numbers for those called most."""
        self._symbols = {callee.name: callee for callee in callees}
        for name, _ in Counter(callee.name for callee in callees).most_common():
            self._callees[name] = len(self._callees) + 1
            if name not in self._bytecodes:
                self.type_number(self._symbols[name].type)

    def callee_number(self, name: str) -> int:
        """The number of a callee."""
        return self._callees[name]

    def type_number(self, type_: FunctionType) -> int:
        """The number of a type that compiled functions are called with."""
        return self._types.setdefault(type_, len(self._types))

    def callees(self) -> Data:
        """The table of callees."""
        content = bytearray(_ENTRY_SIZE)
        refs = [DataRef(0, RefKind.DATA_SLOT, _CALL)]
        for name in self._callees:
            callee = self._symbols[name]
            if name in self._bytecodes:
                kind, symbol, type_ = RefKind.DATA_ADDRESS, bytecode_of(name), _BYTECODE_TYPE
            else:
                kind = RefKind.DATA_SLOT
                symbol = _forward_name(name) if isinstance(callee, Import) else name
                type_ = self.type_number(callee.type).to_bytes(4, "little")
            refs.append(DataRef(len(content), kind, symbol))
            content += bytes(4) + type_
        return Data(CALLEES, bytes(content), 4, refs=refs)

    def forwards(self) -> Iterator[Function]:
        """Functions that call the host's, which the table cannot hold everywhere (wasm2c)."""
        for callee in self._symbols.values():
            if isinstance(callee, Import):
                count = len(callee.type.parameters)
                pieces: list[Piece] = [b"\0"]
                pieces += [opcodes.LOCAL_GET + leb128.unsigned(n) for n in range(count)]
                pieces += [opcodes.CALL, Ref(RefKind.FUNCTION, callee.name), opcodes.END]
                yield Function(_forward_name(callee.name), callee.type, pieces)

    def call(self) -> Function:
        """The function that calls compiled ones: of a slot, a type, and where the operands end."""
        slot, type_number, end = (opcodes.LOCAL_GET + bytes([n]) for n in range(3))
        set_end = opcodes.LOCAL_SET + b"\x02"
        count = len(self._types)
        pieces: list[Piece] = [b"\0", opcodes.BLOCK * (count + 1), type_number]
        targets = range(count + 1)
        table = leb128.unsigned(count) + b"".join(map(leb128.unsigned, targets))
        pieces.append(opcodes.BR_TABLE + table)
        for type_ in self._types:
            parameters = len(type_.parameters)
            pieces.append(opcodes.END)
            if parameters:
                size = leb128.signed(_VALUE_SIZE * parameters)
                pieces += [end, opcodes.I32_CONST + size, opcodes.I32_SUB, set_end]
            if type_.results:
                pieces.append(end)
            for number, parameter in enumerate(type_.parameters):
                pieces += [end, _LOADS[parameter], leb128.unsigned(_VALUE_SIZE * number)]
            pieces += [slot, opcodes.CALL_INDIRECT]
            pieces += [Ref(RefKind.TYPE, type=type_), Ref(RefKind.TABLE)]
            pieces += [_STORES[result] + b"\0" for result in type_.results]
            pieces.append(end)
            if type_.results:
                pieces.append(opcodes.I32_CONST + leb128.signed(_VALUE_SIZE) + opcodes.I32_ADD)
            pieces.append(opcodes.RETURN)
        return Function(_CALL, _CALL_TYPE, [*pieces, opcodes.END, opcodes.UNREACHABLE, opcodes.END])


def entry(function: Function) -> Function:
    """What compiled code calls in the place of a function that is bytecode."""
    pieces: list[Piece] = [b"\0"]
    pieces += [opcodes.LOCAL_GET + leb128.unsigned(n) for n in range(len(function.type.parameters))]
    pieces += [opcodes.I32_CONST, Ref(RefKind.ADDRESS, bytecode_of(function.name))]
    pieces += [opcodes.CALL, Ref(RefKind.FUNCTION, _enter_name(function.type)), opcodes.END]
    return Function(function.name, function.type, pieces, function.display_name, function.file)


def enter(type_: FunctionType) -> Function:
    """The function that runs bytecode functions of a type."""
    count = len(type_.parameters)
    frame = count + 1
    get_frame = opcodes.LOCAL_GET + leb128.unsigned(frame)
    stack_pointer = Ref(RefKind.STACK_POINTER, "__stack_pointer")
    size = opcodes.I32_CONST + leb128.signed(-(-max(count, 1) * _VALUE_SIZE // 16) * 16)
    pieces: list[Piece] = [bytes([1, 1, I32]), opcodes.GLOBAL_GET, stack_pointer, size]
    pieces += [opcodes.I32_SUB, opcodes.LOCAL_TEE + leb128.unsigned(frame)]
    pieces += [opcodes.GLOBAL_SET, stack_pointer]
    for number, parameter in enumerate(type_.parameters):
        pieces += [get_frame, opcodes.LOCAL_GET + leb128.unsigned(number)]
        pieces += [_STORES[parameter], leb128.unsigned(_VALUE_SIZE * number)]
    pieces += [opcodes.LOCAL_GET + leb128.unsigned(count), get_frame]
    pieces += [opcodes.CALL, Ref(RefKind.FUNCTION, RUN)]
    pieces += [get_frame + _LOADS[result] + b"\0" for result in type_.results]
    pieces += [get_frame, size, opcodes.I32_ADD, opcodes.GLOBAL_SET, stack_pointer, opcodes.END]
    parameters = type_.parameters + bytes([I32])
    return Function(_enter_name(type_), FunctionType(parameters, type_.results), pieces)


def _enter_name(type_: FunctionType) -> str:
    return f"bytecode:enter:{type_}"


def _forward_name(name: str) -> str:
    return f"bytecode:host:{name}"
