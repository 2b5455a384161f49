"""The demo filter over 200,000 requests: nothing that a request allocates outlives it.

So many requests take minutes when a host in Python answers each call. Here the compiler's own
linker puts the smallest possible host into the module: its imports become functions that answer
from static data, and `soak` runs the callbacks of one request after the other.
"""

from pathlib import Path

import pytest
import wasmtime

from mixer2.compiler.callbacks import CALLBACKS
from mixer2.compiler.emit.code import Code
from mixer2.compiler.emit.program import ProgramEmitter
from mixer2.compiler.emit.representation import BYTE, POINTER, TAGGED
from mixer2.compiler.frontend.entry import needed_callbacks
from mixer2.compiler.frontend.program import load_program
from mixer2.compiler.frontend.typecheck import typecheck
from mixer2.compiler.link.module import link
from mixer2.compiler.link.object_file import read_object
from mixer2.compiler.link.symbols import Data, Function, Import, SymbolTable
from mixer2.compiler.pipeline import RUNTIME
from mixer2.compiler.wasm import opcodes
from mixer2.compiler.wasm.types import I32, FunctionType

REQUESTS = 200_000
WARM_UP = 2_000
ROOT = 1
FILTER = Path(__file__).parents[2] / "filters" / "http_telemetry.py"

OK, NOT_FOUND = 0, 1
MEMORY_COPY = b"\xfc\x0a\x00\x00"
TENANT = b"tenant-?"

# The callbacks of a request in Envoy's order, each with its arguments after the context's id.
EXCHANGE: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("proxy_on_context_create", (ROOT,)),
    ("proxy_on_request_headers", (3, 1)),
    ("proxy_on_response_headers", (1, 1)),
    ("proxy_on_log", ()),
    ("proxy_on_done", ()),
    ("proxy_on_delete", ()),
)


def pairs(*headers: tuple[bytes, bytes]) -> bytes:
    sizes = b"".join(len(part).to_bytes(4, "little") for pair in headers for part in pair)
    parts = b"".join(part + b"\0" for pair in headers for part in pair)
    return len(headers).to_bytes(4, "little") + sizes + parts


PAIRS = pairs((b":method", b"GET"), (b":path", b"/x"), (b"x-tenant", TENANT))


def deliver(code: Code, data: str, size: int, data_at: int, size_at: int) -> None:
    """Hand a buffer to the guest as a host does: through its allocator."""
    address = code.new_local(I32)
    code.const(size)
    code.call("malloc")
    code.tee(address)
    code.address(data)
    code.const(size)
    code.emit(MEMORY_COPY)
    for place, value in ((data_at, address), (size_at, None)):
        code.get(place)
        if value is None:
            code.const(size)
        else:
            code.get(value)
        code.store(POINTER, 0)


def answer(import_: Import) -> Function:
    """The smallest host's answer to a call."""
    code = Code(import_.type.parameters)
    status = OK
    match import_.name:
        case "proxy_get_header_map_pairs":
            deliver(code, "pairs", len(PAIRS), 1, 2)
        case "proxy_get_header_map_value":
            deliver(code, "status", 3, 3, 4)
        case "proxy_define_metric":
            code.get(3)
            code.const(4)
            code.store(POINTER, 0)
        case "proxy_get_current_time_nanoseconds":
            code.get(0)
            code.const64(1_700_000_000_000_000_000)
            code.store(TAGGED, 0)
        case "proxy_get_property" | "proxy_get_buffer_bytes":
            status = NOT_FOUND
    if import_.type.results:
        code.const(status)
    return Function(import_.name, import_.type, code.finish())


def call(code: Code, symbols: SymbolTable, callback: str, arguments: tuple[int, ...]) -> None:
    symbol = f"export:{callback}"
    if symbol not in symbols:
        return
    code.get(0)
    for argument in arguments:
        code.const(argument)
    code.call(symbol)
    if symbols.function_type(symbol).results:
        code.emit(opcodes.DROP)


def soak(symbols: SymbolTable) -> Function:
    """soak(first, last): the exchanges of the contexts from `first` to before `last`."""
    code = Code(bytes([I32, I32]))
    code.emit(opcodes.LOOP)
    # Sixteen tenants, one after the other.
    code.address("pairs")
    code.get(0)
    code.const(15)
    code.emit(b"\x71")
    code.const(ord("a"))
    code.emit(opcodes.I32_ADD)
    code.store(BYTE, PAIRS.index(b"?"))
    for callback, arguments in EXCHANGE:
        call(code, symbols, callback, arguments)
    code.get(0)
    code.const(1)
    code.emit(opcodes.I32_ADD)
    code.tee(0)
    code.get(1)
    code.emit(opcodes.I32_NE, opcodes.BR_IF, b"\x00", opcodes.END)
    return Function("soak", FunctionType(bytes([I32, I32]), b""), code.finish())


@pytest.fixture(scope="module")
def wasm(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    program = load_program(FILTER)
    typed = typecheck(program, tmp_path_factory.mktemp("cache"))
    emitter = ProgramEmitter(program, typed, read_object(RUNTIME.read_bytes()))
    symbols = emitter.symbols
    exports = {"initialise": emitter.add_initialise(), "soak": "soak"}
    exports |= {name: name for name in ("malloc", "live_objects")}
    needed = {callback.name for callback in needed_callbacks(program)}
    for callback in CALLBACKS:
        if callback.name in needed:
            exports[callback.name] = emitter.add_export(callback)
    for name in symbols.names():
        if isinstance(import_ := symbols[name], Import):
            symbols.replace(answer(import_))
    symbols.add(Data("pairs", PAIRS, 4))
    symbols.add(Data("status", b"200", 1))
    symbols.add(soak(symbols))
    return link(symbols, exports, []).wasm


def test_200_000_requests_leave_nothing_behind(wasm: bytes) -> None:
    store = wasmtime.Store()
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, wasm), [])
    exports = instance.exports(store)

    def run(name: str, *arguments: int) -> int:
        function = exports[name]
        assert isinstance(function, wasmtime.Func)
        result = function(store, *arguments)
        return result if isinstance(result, int) else 0

    memory = exports["memory"]
    assert isinstance(memory, wasmtime.Memory)
    run("initialise")
    run("proxy_on_context_create", ROOT, 0)
    assert run("proxy_on_configure", ROOT, 0) == 1
    run("soak", 2, 2 + WARM_UP)
    objects, size = run("live_objects"), memory.data_len(store)
    run("soak", 2 + WARM_UP, 2 + WARM_UP + REQUESTS)
    assert (run("live_objects"), memory.data_len(store)) == (objects, size)
