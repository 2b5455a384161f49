"""What the PAL adds to a host call: `python -m bench.host_calls` (half a minute, Linux).

Each call is made many times within one request, in the real Envoy, once by a hand-written module
that does nothing but call the import with constants, once by a Python filter through the PAL. The
cheapest of many requests counts, in CPU time of Envoy, and the two take turns. The difference,
divided by the number of calls, is what the PAL costs.
"""

import json
import socket
from pathlib import Path
from typing import Final, NamedTuple

import wasmtime
from rich.console import Console
from rich.table import Column, Table

from bench.processes import cpu_seconds
from mixer2.compiler import build
from mixer2.envoyhost import EnginePool
from mixer2.envoyhost.loading import load_in_envoy
from mixer2.testhost.abi import HOST_CALLS

FILTER: Final = Path(__file__).parent / "filters" / "host_calls.py"
LIMIT_NS: Final = 150
"""What a call that returns no bytes may cost through the PAL, over the bare import."""

_CALLS: Final = 5_000
_ROUNDS: Final = 100

_ARGUMENTS: Final = {
    "increment_metric": "(i32.load (i32.const 64)) (i64.const 1)",
    "record_metric": "(i32.load (i32.const 64)) (i64.const 1)",
    "replace_header_map_value": (
        "(i32.const 0) (i32.const 0) (i32.const 7) (i32.const 16) (i32.const 5)"
    ),
    "remove_header_map_value": "(i32.const 0) (i32.const 0) (i32.const 7)",
    "set_shared_data": ("(i32.const 0) (i32.const 7) (i32.const 16) (i32.const 5) (i32.const 0)"),
    "get_log_level": "(i32.const 72)",
    "get_current_time_nanoseconds": "(i32.const 80)",
    "log": "(i32.const 0) (i32.const 0) (i32.const 7)",
}
_METRIC_TYPES: Final = {"increment_metric": 0, "record_metric": 1}


class Row(NamedTuple):
    """One host call, in nanoseconds."""

    call: str
    bare: float
    pal: float

    @property
    def added(self) -> float:
        """What the PAL adds."""
        return self.pal - self.bare


def measure() -> list[Row]:
    """Measure all calls, one after the other."""
    pool = EnginePool()
    wasm = build(FILTER).wasm
    try:
        return [_row(pool, wasm, call) for call in _ARGUMENTS]
    finally:
        pool.close()


def _row(pool: EnginePool, wasm: bytes, call: str) -> Row:
    configuration = json.dumps({"call": call, "count": _CALLS})
    bare = load_in_envoy(pool, bare_module(call, _CALLS), _no_compiler)
    pal = load_in_envoy(pool, wasm, _no_compiler, configuration, beside=bare)
    for host in (bare, pal):
        # Of Envoy's trace, which the third host reads, nothing is wanted here.
        host.engine.background.run(host.engine.set_log_level("info"))
    best = {bare: float("inf"), pal: float("inf")}
    for _ in range(_ROUNDS):
        for host, quickest in best.items():
            best[host] = min(quickest, _seconds(host.engine.pid, host.port))
    pal.finish()
    bare.finish()
    return Row(call, best[bare] / _CALLS * 1e9, best[pal] / _CALLS * 1e9)


def _seconds(pid: int, port: int) -> float:
    """CPU that a request costs Envoy. What would answer it is not there, and costs nothing."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        before = cpu_seconds(pid)
        client.sendall(b"GET / HTTP/1.1\r\nhost: bench\r\n\r\n")
        client.recv(1)
        return cpu_seconds(pid) - before


def bare_module(call: str, count: int) -> bytes:
    """A module that calls one import so many times per request, with constants."""
    host_call = HOST_CALLS[f"proxy_{call}"]
    types = " ".join(host_call.wasm_arguments)
    metric_type = _METRIC_TYPES.get(call, 0)
    return bytes(
        wasmtime.wat2wasm(
            f"""(module
            (import "env" "proxy_{call}" (func $call (param {types}) (result i32)))
            (import "env" "proxy_define_metric"
              (func $define (param i32 i32 i32 i32) (result i32)))
            (func (export "proxy_abi_version_0_2_1"))
            (memory (export "memory") 1)
            (data (i32.const 0) "x-bench")
            (data (i32.const 16) "value")
            (func (export "malloc") (param i32) (result i32) (i32.const 1024))
            (func (export "proxy_on_configure") (param i32 i32) (result i32)
              (drop (call $define
                (i32.const {metric_type}) (i32.const 0) (i32.const 7) (i32.const 64)))
              (i32.const 1))
            (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
              (local $left i32)
              (local.set $left (i32.const {count}))
              (loop $again
                (drop (call $call {_ARGUMENTS[call]}))
                (local.set $left (i32.sub (local.get $left) (i32.const 1)))
                (br_if $again (local.get $left)))
              (i32.const 0)))"""
        )
    )


def _no_compiler(_: Path) -> bytes:
    raise AssertionError("what runs here was built before")


def main() -> None:
    """Measure, and print the table."""
    table = Table(
        Column("host call", no_wrap=True),
        "bare import, ns",
        "by the PAL, ns",
        "added, ns",
        "at most 150",
    )
    for row in measure():
        verdict = "yes" if row.added <= LIMIT_NS else "NO"
        table.add_row(
            f"proxy_{row.call}", f"{row.bare:.0f}", f"{row.pal:.0f}", f"{row.added:.0f}", verdict
        )
    Console().print(table)


if __name__ == "__main__":
    main()
