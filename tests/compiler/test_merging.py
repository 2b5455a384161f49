"""Functions that become a part of the one function that calls them."""

from pathlib import Path

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from mixer2.compiler.link.merging import Merged, merge_single_calls
from mixer2.compiler.link.module import LinkedModule, link
from mixer2.compiler.link.symbols import Data, DataRef, Function, Piece, Ref, RefKind, SymbolTable
from mixer2.compiler.wasm import leb128, opcodes
from mixer2.compiler.wasm.types import I32, I64, FunctionType, vector
from mixer2.testhost.loading import Target, load
from mixer2.testhost.plugin import compile_filter

_BINARY = FunctionType(bytes([I32, I32]), bytes([I32]))
_UNARY = FunctionType(bytes([I32]), bytes([I32]))
_NOTHING = FunctionType(b"", b"")

_ADD, _SUBTRACT = b"\x6a", b"\x6b"


def get(local: int) -> bytes:
    return opcodes.LOCAL_GET + leb128.unsigned(local)


def set_(local: int) -> bytes:
    return opcodes.LOCAL_SET + leb128.unsigned(local)


def const(value: int) -> bytes:
    return opcodes.I32_CONST + leb128.signed(value)


def call(name: str, line: int = 0) -> list[Piece]:
    return [opcodes.CALL, Ref(RefKind.FUNCTION, name, line=line)]


def function(
    name: str, type_: FunctionType, *code: Piece, locals_: bytes = b"", file: str = ""
) -> Function:
    declared = vector(b"\x01" + bytes([local]) for local in locals_)
    return Function(name, type_, [declared, *code, opcodes.END], name if file else "", file)


def merged(*functions: Function) -> Merged:
    return merge_single_calls(list(functions), {"f"}, set(), lambda name: name)


def linked(*symbols: Function | Data) -> LinkedModule:
    table = SymbolTable()
    for symbol in symbols:
        table.add(symbol)
    return link(table, {"f": "f"}, [])


def run(module: LinkedModule, *arguments: int) -> int:
    store = wasmtime.Store()
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, module.wasm), [])
    exported = instance.exports(store)["f"]
    assert isinstance(exported, wasmtime.Func)
    result = exported(store, *arguments)
    assert isinstance(result, int)
    return result


DEEP = """
from pal import PluginContext, log

def mix(x: int, y: int) -> int:
    return (x * 31 + y) % 1000003 if x >= 0 else other(x, y)

def other(x: int, y: int) -> int:
    return -x * y

def big(x: int) -> int:
    a0 = mix(x, 0)
{values}
    return {held}

def deep(n: int) -> int:
    return 0 if n == 0 else big(deep(n - 1))

class Plugin(PluginContext):
    def on_configure(self) -> bool:
        if deep(500) > 0:
            log.info("500 deep")
        try:
            deep(100_000)
        except RecursionError:
            log.info("too deep")
        return True
"""

MINUS = function("minus", _BINARY, get(0), get(1), _SUBTRACT)


def test_arguments_keep_their_order() -> None:
    module = linked(MINUS, function("f", _BINARY, get(0), get(1), *call("minus")))

    assert "minus" in module.function_sizes
    assert [one.symbol for one in module.lines if one.symbol in ("f", "minus")] == ["f"]
    assert run(module, 44, 2) == 42


def test_a_return_leaves_the_part_only() -> None:
    least = function(
        "least",
        _BINARY,
        *(opcodes.BLOCK, get(0), get(1), b"\x48", opcodes.IF),  # lhs < rhs
        *(get(0), opcodes.RETURN, opcodes.END, opcodes.END, get(1)),
    )
    f = function(
        "f", _BINARY, opcodes.BLOCK, opcodes.END, get(0), get(1), *call("least"), const(1), _ADD
    )

    module = linked(least, f)

    assert [run(module, 3, 5), run(module, 5, 3)] == [4, 4]


def test_locals_of_many_types_do_not_meet() -> None:
    part = function(
        "part",
        _UNARY,
        *(get(0), b"\xad", set_(1), get(1), get(1), b"\x7c", set_(1)),  # twice, in 64 bits
        *(get(1), b"\xa7", set_(2), get(2)),
        locals_=bytes([I64, I32]),
    )
    f = function(
        "f",
        _BINARY,
        *(get(1), set_(2), get(0), *call("part"), get(2), _ADD),
        locals_=bytes([I32, I64]),
    )

    assert run(linked(part, f), 20, 2) == 42


@given(st.lists(st.sampled_from([_ADD, _SUBTRACT]), min_size=1, max_size=6), st.data())
def test_chains_give_what_calls_give(operations: list[bytes], data: st.DataObject) -> None:
    """Each function calls the next one, which is merged into it or, with a slot, is not."""
    names = [f"g{n}" for n in range(len(operations))]
    functions = [
        function(name, _UNARY, get(0), const(n + 1), operation, *(call(next_) if next_ else []))
        for n, (name, operation, next_) in enumerate(
            zip(names, operations, [*names[1:], ""], strict=True)
        )
    ]
    f = function("f", _UNARY, get(0), *call("g0"))
    slots = data.draw(st.sets(st.sampled_from(names)))
    table = Data("table", bytes(4 * len(slots)), 4, 0)
    table.refs += [DataRef(4 * n, RefKind.DATA_SLOT, name) for n, name in enumerate(sorted(slots))]
    keeping: list[Piece] = [const(0), opcodes.DROP, Ref(RefKind.NEED, "table")]
    f.pieces[1:1] = keeping

    module = linked(*functions, f, table)

    expected = 100
    for n, operation in enumerate(operations, 1):
        expected += n if operation == _ADD else -n
    assert run(module, 100) == expected
    assert {one.symbol for one in module.lines} >= slots


@pytest.mark.parametrize("times", [0, 2])
def test_what_is_called_otherwise_than_once_is_kept(times: int) -> None:
    f = function("f", _UNARY, get(0), *(call("g") * times))

    assert merged(function("g", _UNARY, get(0)), f).parts == {}


def test_what_a_loop_calls_is_kept() -> None:
    """Locals of a function are zero when it is called."""
    g = function("g", _NOTHING, get(0), set_(0), locals_=bytes([I32]))
    loop = function("f", _NOTHING, opcodes.LOOP, *call("g"), opcodes.END)
    behind = function("f", _NOTHING, opcodes.LOOP, opcodes.END, *call("g"))

    assert merged(g, loop).parts == {}
    assert list(merged(g, behind).parts) == ["g"]


def test_functions_that_may_call_themselves_get_no_parts() -> None:
    """What they take of the host's stack is reckoned without any."""
    part = function("part", _NOTHING)
    alone = function("f", _NOTHING, *call("f"), *call("part"))
    pair = [function("f", _NOTHING, *call("g")), function("g", _NOTHING, *call("f"), *call("part"))]
    slot = Ref(RefKind.TABLE_SLOT, "g")
    indirect = [Ref(RefKind.TYPE, type=_NOTHING), Ref(RefKind.TABLE)]
    by_table = function("g", _NOTHING, opcodes.CALL_INDIRECT, *indirect, *call("part"))
    f = function("f", _NOTHING, opcodes.I32_CONST, slot, opcodes.DROP, *call("g"))

    assert merged(part, alone).parts == {}
    assert merged(part, *pair).parts == {}
    assert merged(part, f, by_table).parts == {}


def test_recursion_is_as_deep_as_without(tmp_path: Path) -> None:
    """Each call of `deep` would hold the many values of `big`, and the host's stack would end."""
    values = [f"    a{n} = mix(a{n - 1}, {n})" for n in range(1, 280)]
    held = " + ".join(f"a{n}" for n in range(280))
    source = tmp_path / "plugin.py"
    source.write_text(DEEP.format(values="\n".join(values), held=held), encoding="utf-8")

    host = load(source, Target.WASM, compile_filter)

    assert [line.message for line in host.log] == ["500 deep", "too deep"]


def test_code_that_runs_rarely_is_no_part_of_code_that_runs_often() -> None:
    g = function("g", _NOTHING)
    g.runs_rarely = True

    assert merged(g, function("f", _NOTHING, *call("g"))).parts == {}


def test_places_of_parts_are_kept() -> None:
    g = function("g", _NOTHING, *call("h", line=7), file="g.py")
    f = function("f", _NOTHING, *call("g", line=3), *call("h", line=4), file="f.py")

    (whole,) = (one for one in linked(g, f, function("h", _NOTHING)).lines if one.symbol == "f")

    (part,) = whole.parts
    assert (part.name, part.file, [line for _, line in part.calls]) == ("g", "g.py", [7])
    assert [line for _, line in whole.calls] == [3, 4]
    inside = part.calls[0][0]
    assert [(one.name, line) for one, line in whole.at(inside)] == [("g", 7), ("f", 3)]
    assert whole.own_size + part.own_size == whole.end - whole.start


def test_places_of_parts_without_calls_are_kept() -> None:
    """What is put in front of the first call moves neither."""
    g = function("g", _UNARY, get(0), const(77), _ADD, file="g.py")
    f = function(
        "f", _UNARY, get(0), *call("g"), opcodes.DROP, get(0), *call("k"), get(0), *call("k"), _ADD
    )
    k = function("k", _UNARY, get(0), *([const(1), _ADD] * 30))

    module = linked(f, g, k)

    (whole,) = (one for one in module.lines if one.symbol == "f")
    (part,) = whole.parts
    body = module.wasm[part.start : part.end]
    assert const(77) in body
    assert len(body) < 20


@pytest.mark.parametrize("gate", ["", "f"])
def test_a_slot_that_nothing_reads_keeps_no_function(gate: str) -> None:
    """A method whose class's table of methods is not asked for it is called directly only."""
    g = function("g", _UNARY, get(0))
    f = function("f", _UNARY, get(0), *call("g"), Ref(RefKind.NEED, "type"))
    methods = Data("type", bytes(4), refs=[DataRef(0, RefKind.DATA_SLOT, "g", gate=gate)])

    module = linked(f, g, methods)

    assert ("g" in {one.symbol for one in module.lines}) == (gate == "f")
