"""Numbers, types and modules as bytes."""

import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from mixer2.compiler.link.inlining import sinks
from mixer2.compiler.link.module import link
from mixer2.compiler.link.symbols import (
    Data,
    DataRef,
    Function,
    Import,
    Piece,
    Ref,
    RefKind,
    SymbolTable,
)
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import I32, FunctionType


@given(st.integers(0, 2**64 - 1))
def test_unsigned_numbers_come_back(value: int) -> None:
    encoded = leb128.unsigned(value)
    assert leb128.read_unsigned(encoded, 0) == (value, len(encoded))


@given(st.integers(-(2**63), 2**63 - 1))
def test_signed_numbers_come_back(value: int) -> None:
    encoded = leb128.signed(value)
    assert leb128.read_signed(encoded, 0) == (value, len(encoded))


NULLARY = FunctionType(b"", bytes([I32]))


def linked(*symbols: Function | Data | Import, export: str = "main") -> object:
    table = SymbolTable()
    for symbol in symbols:
        table.add(symbol)
    module = link(table, {"main": export}, [])
    store = wasmtime.Store()
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, module.wasm), [])
    function = instance.exports(store)["main"]
    assert isinstance(function, wasmtime.Func)
    return function(store)


def test_a_call_and_an_address_are_resolved() -> None:
    answer = Function(
        "answer", NULLARY, [b"\x00\x41\x00\x28\x02", Ref(RefKind.OFFSET, "n"), b"\x0b"]
    )
    main = Function("main", NULLARY, [b"\x00\x10", Ref(RefKind.FUNCTION, "answer"), b"\x0b"])
    assert linked(main, answer, Data("n", (42).to_bytes(4, "little"))) == 42


def test_data_points_to_data_and_functions() -> None:
    seven = Function("seven", NULLARY, [b"\x00\x41\x07\x0b"])
    table = Data("table", bytes(4), refs=[DataRef(0, RefKind.DATA_SLOT, "seven")])
    main = Function(
        "main",
        NULLARY,
        [
            b"\x00\x41\x00\x28\x02",
            Ref(RefKind.OFFSET, "table"),
            opcodes.CALL_INDIRECT,
            Ref(RefKind.TYPE, type=NULLARY),
            Ref(RefKind.TABLE),
            b"\x0b",
        ],
    )
    assert linked(main, table, seven) == 7


def gated_module(*, gate_needed: bool) -> set[str]:
    """The functions of a module whose table entry depends on a gate, sinks aside."""
    symbols = SymbolTable()
    entry = DataRef(0, RefKind.DATA_SLOT, "slot_function", gate="gate")
    symbols.add(Data("type", bytes(4), refs=[entry]))
    symbols.add(Function("slot_function", NULLARY, [b"\x00\x41\x01\x0b"]))
    symbols.add(Function("gate", NULLARY, [b"\x00\x41\x02\x0b"]))
    call_gate: list[Piece] = (
        [b"\x10", Ref(RefKind.FUNCTION, "gate"), b"\x1a"] if gate_needed else []
    )
    body: list[Piece] = [b"\x00", *call_gate, b"\x41", Ref(RefKind.ADDRESS, "type"), b"\x0b"]
    symbols.add(Function("main", NULLARY, body))
    sizes = link(symbols, {"main": "main"}, []).function_sizes
    return sizes.keys() - {sink.name for sink in sinks()}


def test_what_only_an_absent_gate_reads_is_dropped() -> None:
    assert gated_module(gate_needed=False) == {"main"}


def test_what_a_gate_reads_is_kept_with_it() -> None:
    assert gated_module(gate_needed=True) == {"main", "gate", "slot_function"}
