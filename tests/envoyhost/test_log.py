"""Envoy's log, taken apart."""

from mixer2.envoyhost.log import PluginLog, as_crossing
from mixer2.testhost import LogLevel

LOG = """[2026-01-31 12:00:00.000][10][info][main] [source/server/server.cc:1] starting
[2026-01-31 12:00:00.001][10][info][wasm] [source/context.cc:2] wasm log p: of the main thread
[2026-01-31 12:00:00.002][11][info][wasm] [source/context.cc:2] wasm log p root vm: one: two
  and more
[2026-01-31 12:00:00.003][11][debug][wasm] [source/context.cc:2] wasm log p root vm: too low
[2026-01-31 12:00:00.004][11][warning][wasm] [source/context.cc:2] wasm log: of a root context
[2026-01-31 12:00:00.005][11][trace][wasm] [source/wasm_vm.cc:3] [host->vm] proxy_on_tick(1)
[2026-01-31 12:00:00.006][11][error][wasm] [source/wasm_vm.cc:3] Function: proxy_on_tick failed: \
Uncaught RuntimeError: unreachable
Proxy-Wasm plugin in-VM backtrace:
"""


def test_only_the_workers_lines_count_and_a_message_may_have_several() -> None:
    log = PluginLog(LOG, "10", LogLevel.INFO)

    assert [(line.level, line.message, line.prefix) for line in log.lines[:2]] == [
        (LogLevel.INFO, "one: two\n  and more", " p root vm"),
        (LogLevel.WARN, "of a root context", ""),
    ]
    assert log.crossings == ["[host->vm] proxy_on_tick(1)"]
    assert log.trap == "proxy_on_tick: Uncaught RuntimeError: unreachable"


def test_addresses_are_masked_and_values_are_not() -> None:
    assert as_crossing("[vm->host] env.proxy_replace_header_map_value(2, 32, 7, 64, 11)") == (
        "[vm->host] env.proxy_replace_header_map_value(2, _, 7, _, 11)"
    )
    assert as_crossing("[vm->host] env.proxy_get_buffer_bytes(7, 0, 1, 32732, 32728)") == (
        "[vm->host] env.proxy_get_buffer_bytes(7, 0, 1, _, _)"
    )


def test_allocations_and_wasi_are_not_shown() -> None:
    assert as_crossing("[host->vm] malloc(1)") is None
    assert as_crossing("[vm->host] wasi_snapshot_preview1.fd_write(1, 2, 3, 4)") is None
    assert as_crossing("Thread-Local Wasm created 4 now active") is None
