"""Bytecode does what the function does that it was made of."""

import math
import struct
import sys
from functools import cache
from typing import Any

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from mixer2.compiler import pipeline
from mixer2.compiler.link import module as linker
from mixer2.compiler.link import rare_functions
from mixer2.compiler.link.bytecode_translation import UntranslatableError, translate
from mixer2.compiler.link.object_file import read_object
from mixer2.compiler.link.symbols import Function, Piece, Ref, RefKind, SymbolTable
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import F64, I32, I64, FunctionType

_GET = [opcodes.LOCAL_GET + bytes([n]) for n in range(4)]
_DIVISIONS = (0x6D, 0x6E, 0x6F, 0x70, 0x7F, 0x80, 0x81, 0x82)

_BINARY = {
    **dict.fromkeys(range(0x46, 0x50), (I32, I32)),
    **dict.fromkeys(range(0x51, 0x5B), (I64, I32)),
    **dict.fromkeys(range(0x61, 0x67), (F64, I32)),
    **dict.fromkeys(range(0x6A, 0x77), (I32, I32)),
    **dict.fromkeys(range(0x7C, 0x89), (I64, I64)),
    **dict.fromkeys(range(0xA0, 0xA4), (F64, F64)),
}
_UNARY = {
    0x45: (I32, I32),
    0x50: (I64, I32),
    0x9A: (F64, F64),
    0xA7: (I64, I32),
    0xAC: (I32, I64),
    0xAD: (I32, I64),
    0xB7: (I32, F64),
    0xB9: (I64, F64),
    0xBD: (F64, I64),
    0xBF: (I64, F64),
    0xC0: (I32, I32),
    0xC1: (I32, I32),
    0xC2: (I64, I64),
    0xC4: (I64, I64),
}
_VALUES = {
    I32: st.sampled_from([0, 1, -1, 2, 31, 0x7F, 0x80, 0x7FFF, 0x8000, 2**31 - 1, -(2**31)])
    | st.integers(-(2**31), 2**31 - 1),
    I64: st.sampled_from([0, 1, -1, 63, 2**31, 2**32, 2**32 - 1, 2**63 - 1, -(2**63)])
    | st.integers(-(2**63), 2**63 - 1),
    F64: st.floats(),
}


def _module(function: Function, *others: Function, is_bytecode: bool) -> wasmtime.Module:
    """A module that exports `f`."""
    table = _runtime().copy()
    start = Function("start", FunctionType(b"", b""), [b"\0", opcodes.END])
    for one in (start, function, *others):
        table.add(one)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linker, "WORTH_INTERPRETING", 0 if is_bytecode else sys.maxsize)
        patch.setattr(rare_functions, "SMALL", 0)
        linked = linker.link(table, {"_initialize": "start", "f": "f"}, [])
    assert ("bytecode:f" in linked.data_sizes) == is_bytecode
    return wasmtime.Module(_engine(), linked.wasm)


@cache
def _engine() -> wasmtime.Engine:
    return wasmtime.Engine()


@cache
def _runtime() -> SymbolTable:
    return read_object(pipeline.RUNTIME.read_bytes())


def _zero(*_: object) -> int:
    return 0


def _rare(name: str, type_: FunctionType, code: list[Piece], locals_: bytes = b"\0") -> Function:
    return Function(name, type_, [locals_, *code, opcodes.END], name, "f.py", runs_rarely=True)


class _Both:
    """The same function, compiled and as bytecode."""

    def __init__(self, function: Function, *others: Function) -> None:
        self._calls = []
        for is_bytecode in (False, True):
            store = wasmtime.Store(_engine())
            module = _module(function, *others, is_bytecode=is_bytecode)
            types = (i.type for i in module.imports)
            imports = [
                wasmtime.Func(store, t, _zero) for t in types if isinstance(t, wasmtime.FuncType)
            ]
            exports = wasmtime.Instance(store, module, imports).exports(store)
            exports["_initialize"](store)  # type: ignore[operator]
            self._calls.append((exports["f"], store))

    def results(self, *arguments: Any) -> list[str]:
        """What each returns, or that it traps."""
        return [self._result(function, store, arguments) for function, store in self._calls]

    @staticmethod
    def _result(function: Any, store: wasmtime.Store, arguments: tuple[Any, ...]) -> str:
        try:
            found = function(store, *arguments)
        except wasmtime.Trap:
            return "trap"
        if isinstance(found, float):
            return "nan" if math.isnan(found) else struct.pack("<d", found).hex()
        return str(found)


def _assert_same(both: _Both, *arguments: Any) -> None:
    compiled, bytecode = both.results(*arguments)
    assert bytecode == compiled


@pytest.mark.parametrize("opcode", _BINARY, ids=hex)
def test_binary_operations(opcode: int) -> None:
    operand, result = _BINARY[opcode]
    type_ = FunctionType(bytes([operand, operand]), bytes([result]))
    both = _Both(_rare("f", type_, [_GET[0], _GET[1], bytes([opcode])]))

    @given(_VALUES[operand], _VALUES[operand])
    def check(left: Any, right: Any) -> None:
        _assert_same(both, left, right)

    check()


@pytest.mark.parametrize("opcode", _UNARY, ids=hex)
def test_unary_operations(opcode: int) -> None:
    operand, result = _UNARY[opcode]
    both = _Both(
        _rare("f", FunctionType(bytes([operand]), bytes([result])), [_GET[0], bytes([opcode])])
    )

    @given(_VALUES[operand])
    def check(value: Any) -> None:
        _assert_same(both, value)

    check()


@pytest.mark.parametrize("opcode", [o for o in range(0x28, 0x36) if o != 0x2A], ids=hex)
def test_loads_of_what_was_stored(opcode: int) -> None:
    result = F64 if opcode == 0x2B else I64 if opcode in (0x29, *range(0x30, 0x36)) else I32
    code: list[Piece] = [
        *(opcodes.I32_CONST + leb128.signed(1024), _GET[0], opcodes.I64_STORE + b"\x05"),
        *(opcodes.I32_CONST + leb128.signed(1027), bytes([opcode, 0, 2])),
    ]
    both = _Both(_rare("f", FunctionType(bytes([I64]), bytes([result])), code))

    @given(_VALUES[I64])
    def check(value: int) -> None:
        _assert_same(both, value)

    check()


@pytest.mark.parametrize("opcode", [o for o in range(0x36, 0x3F) if o != 0x38], ids=hex)
def test_stores(opcode: int) -> None:
    value = F64 if opcode == 0x39 else I64 if opcode in (0x37, 0x3C, 0x3D, 0x3E) else I32
    place = opcodes.I32_CONST + leb128.signed(1024)
    code: list[Piece] = [
        *(place, opcodes.I64_CONST + leb128.signed(-1), opcodes.I64_STORE + b"\0"),
        *(place, _GET[0], bytes([opcode, 0, 0]), place, opcodes.I64_LOAD + b"\0"),
    ]
    both = _Both(_rare("f", FunctionType(bytes([value]), bytes([I64])), code))

    @given(_VALUES[value])
    def check(stored: Any) -> None:
        _assert_same(both, stored)

    check()


def _control_flow(drop: bytes) -> list[Piece]:
    """Sums up to a bound, in a loop that is left with values below the result."""
    return [
        opcodes.BLOCK_RESULT + bytes([I32]),
        opcodes.LOOP,
        *(_GET[1], opcodes.I32_CONST + b"\x01", opcodes.I32_ADD, opcodes.LOCAL_TEE + b"\x01"),
        *(_GET[0], bytes([0x4B]), opcodes.IF),
        *(opcodes.I32_CONST + b"\x07", opcodes.I32_CONST + b"\x08", _GET[2]),
        drop,
        opcodes.END,
        *(_GET[2], _GET[1], opcodes.I32_ADD, opcodes.LOCAL_SET + b"\x02"),
        *(_GET[2], opcodes.I32_EQZ, opcodes.BR_IF + b"\0", opcodes.BR + b"\0"),
        opcodes.END,
        opcodes.UNREACHABLE,
        opcodes.END,
    ]


@pytest.mark.parametrize(
    "leave",
    [
        opcodes.BR + b"\x02",
        opcodes.RETURN,
        opcodes.I32_CONST + b"\x01" + opcodes.BR_IF + b"\x02" + opcodes.UNREACHABLE,
    ],
    ids=["br", "return", "br_if"],
)
@pytest.mark.parametrize("bound", [0, 1, 10])
def test_control_flow(leave: bytes, bound: int) -> None:
    type_ = FunctionType(bytes([I32]), bytes([I32]))
    both = _Both(_rare("f", type_, _control_flow(leave), bytes([1, 2, I32])))

    assert both.results(bound) == [str(bound * (bound + 1) // 2)] * 2


@pytest.mark.parametrize("chosen", [0, 1, 2, 3, -1])
def test_tables_of_branches_and_select(chosen: int) -> None:
    code: list[Piece] = [opcodes.BLOCK * 3, _GET[0], opcodes.BR_TABLE + bytes([2, 0, 1, 2])]
    for value in (10, 20):
        code += [opcodes.END, opcodes.I32_CONST + bytes([value]), opcodes.RETURN]
    code += [opcodes.END, _GET[0], opcodes.I32_CONST + b"\x05", _GET[0], opcodes.SELECT]
    both = _Both(_rare("f", FunctionType(bytes([I32]), bytes([I32])), code))

    _assert_same(both, chosen)


def test_calls_of_bytecode_and_of_compiled_functions() -> None:
    mixed = FunctionType(bytes([I32, I64, F64]), bytes([F64]))
    arguments = _GET[0:3]
    sum_: list[Piece] = [_GET[0], b"\xb7", _GET[1], b"\xb9", b"\xa0", _GET[2], b"\xa1"]
    compiled = Function("compiled", mixed, [b"\0", *sum_, opcodes.END], "compiled", "f.py")
    rare = _rare("rare", mixed, sum_)
    code: list[Piece] = []
    for callee in ("compiled", "rare"):
        code += [*arguments, opcodes.CALL, Ref(RefKind.FUNCTION, callee)]
        code += [*arguments, opcodes.I32_CONST, Ref(RefKind.TABLE_SLOT, callee)]
        code += [opcodes.CALL_INDIRECT, Ref(RefKind.TYPE, type=mixed), Ref(RefKind.TABLE)]
    both = _Both(_rare("f", mixed, [*code, b"\xa2", b"\xa0", b"\xa1"]), compiled, rare)

    found = both.results(-3, 1 << 40, 0.5)

    assert found[0] == found[1]


def test_recursion_of_compiled_and_bytecode_functions() -> None:
    type_ = FunctionType(bytes([I32]), bytes([I64]))

    def countdown(other: str) -> list[Piece]:
        return [
            *(_GET[0], opcodes.I32_EQZ, opcodes.IF, opcodes.I64_CONST + b"\0", opcodes.RETURN),
            *(opcodes.END, _GET[0], opcodes.I32_CONST + b"\x01", opcodes.I32_SUB),
            *(opcodes.CALL, Ref(RefKind.FUNCTION, other), _GET[0], opcodes.I64_EXTEND_I32_U),
            opcodes.I64_ADD,
        ]

    compiled = Function("g", type_, [b"\0", *countdown("f"), opcodes.END], "g", "f.py")
    both = _Both(_rare("f", type_, countdown("g")), compiled)

    assert both.results(101) == [str(101 * 102 // 2)] * 2


def test_what_bytecode_lacks_stays_compiled() -> None:
    function = _rare("f", FunctionType(b"", bytes([I32])), [b"\x3f\0"])

    with pytest.raises(UntranslatableError, match="0x3f"):
        translate(function, lambda _: function.type)


def test_what_jumps_do_not_reach_through_stays_compiled() -> None:
    ones = [opcodes.I32_CONST + b"\x01", opcodes.I32_ADD] * 22_000
    function = _rare("f", FunctionType(b"", bytes([I32])), [opcodes.I32_CONST + b"\0", *ones])

    with pytest.raises(UntranslatableError, match="f: too long"):
        translate(function, lambda _: function.type)
