"""Modules on wasmtime: what is called, how values travel, what is refused."""

from collections.abc import Callable

import pytest
import wasmtime

from mixer2.testhost import (
    ConfigurationRefusedError,
    FailurePolicy,
    Host,
    LoadError,
    MissingImportError,
    TrapError,
)
from mixer2.testhost.abi import CALLBACKS, HOST_CALLS
from mixer2.testhost.wasi import SIGNATURES
from mixer2.testhost.wasm_module import load_module

LoadWat = Callable[..., Host]

LOG = '(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))'


def logs(text: str, at: int = 1024) -> str:
    """Data with a text, and a function `$say` that logs it."""
    return (
        f'(data (i32.const {at}) "{text}")'
        f"(func $say (drop (call $log (i32.const 2) (i32.const {at}) (i32.const {len(text)}))))"
    )


def test_a_module_that_does_nothing_lets_pass(load_wat: LoadWat) -> None:
    assert load_wat().get("/").status == 200


def test_callbacks_are_called_with_their_arguments(load_wat: LoadWat) -> None:
    host = load_wat(
        logs("hello")
        + """
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (if (i32.ne (local.get 2) (i32.const 1)) (then unreachable))
          (call $say) (i32.const 0))
        """,
        LOG,
        name="wat",
    )
    host.get("/")

    assert [str(line) for line in host.log] == ["[info] wasm log wat: hello"]
    assert host.transcript.lines == [
        "[host->vm] proxy_on_request_headers(2, 6, 1)",
        "[vm->host] env.proxy_log(2, _, 5)",
        "[vm<-host] env.proxy_log return: 0",
        "[host<-vm] proxy_on_request_headers return: 0",
    ]


GET_VALUE = """
    (import "env" "proxy_get_header_map_value"
      (func $get (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_add_header_map_value"
      (func $add (param i32 i32 i32 i32 i32) (result i32)))
"""


@pytest.mark.parametrize("allocator", ["malloc", "proxy_on_memory_allocate"])
def test_what_the_host_returns_lies_in_memory_of_the_guests_allocator(
    load_wat: LoadWat, allocator: str
) -> None:
    host = load_wat(
        """
        (data (i32.const 1024) "x-tenant")
        (data (i32.const 1040) "x-echo")
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (if (call $get (i32.const 0) (i32.const 1024) (i32.const 8)
                         (i32.const 2000) (i32.const 2004))
            (then unreachable))
          (if (i32.ne (i32.load (i32.const 2000)) (i32.const 32768)) (then unreachable))
          (drop (call $add (i32.const 0) (i32.const 1040) (i32.const 6)
                           (i32.load (i32.const 2000)) (i32.load (i32.const 2004))))
          (i32.const 0))
        """,
        GET_VALUE,
        ALLOCATOR_NAMED.format(allocator),
    )
    host.get("/", {"x-tenant": "gold"})

    assert host.upstream_requests[0].headers["x-echo"] == "gold"


ALLOCATOR_NAMED = """
  (memory (export "memory") 1)
  (global $top (mut i32) (i32.const 32768))
  (func (export "{}") (param i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get 0))))
"""


def test_an_empty_result_is_two_zeros_and_nothing_is_allocated(load_wat: LoadWat) -> None:
    host = load_wat(
        """
        (data (i32.const 1024) "x-empty")
        (data (i32.const 2000) "\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\ff")
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (if (call $get (i32.const 0) (i32.const 1024) (i32.const 7)
                         (i32.const 2000) (i32.const 2004))
            (then unreachable))
          (if (i64.ne (i64.load (i32.const 2000)) (i64.const 0)) (then unreachable))
          (if (i32.ne (global.get $top) (i32.const 32768)) (then unreachable))
          (i32.const 0))
        """,
        GET_VALUE,
    )

    assert host.get("/", {"x-empty": ""}).status == 200


@pytest.mark.parametrize("address", ["0x10000", "0xffffffff", "0xfffe"])
def test_memory_outside_is_an_answer_not_a_trap(load_wat: LoadWat, address: str) -> None:
    host = load_wat(
        f"""
        (func (export "proxy_on_configure") (param i32 i32) (result i32)
          (i32.eq (i32.const 6) (call $log (i32.const 2) (i32.const {address}) (i32.const 5))))
        """,
        LOG,
    )

    assert host.log_lines == []


def test_arguments_are_unsigned(load_wat: LoadWat) -> None:
    host = load_wat(
        """
        (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
          (if (call $set (i32.const 0) (i32.const -1) (i32.const 0) (i32.const 1024) (i32.const 1))
            (then unreachable))
          (i32.const 0))
        (data (i32.const 1024) "!")
        """,
        '(import "env" "proxy_set_buffer_bytes" (func $set (param i32 i32 i32 i32 i32) '
        "(result i32)))",
    )
    host.post("/", [b"abc"])

    assert host.upstream_requests[0].body == b"abc!"


@pytest.mark.parametrize(
    ("exported", "order"),
    [
        (["_initialize", "main"], "im"),
        (["_start"], "s"),
        (["_initialize", "_start"], "i"),
        (["_initialize", "__main_void"], "iv"),
        ([], ""),
    ],
)
def test_what_runs_before_the_first_callback(
    load_wat: LoadWat, exported: list[str], order: str
) -> None:
    types = {"main": "(param i32 i32) (result i32)", "__main_void": "(result i32)"}
    letters = {"_initialize": "i", "main": "m", "_start": "s", "__main_void": "v"}
    functions = "".join(
        f"""
        (data (i32.const {1024 + index}) "{letters[name]}")
        (func (export "{name}") {types.get(name, "")}
          (drop (call $log (i32.const 2) (i32.const {1024 + index}) (i32.const 1)))
          {"(i32.const 0)" if "result" in types.get(name, "") else ""})
        """
        for index, name in enumerate(exported)
    )

    assert "".join(load_wat(functions, LOG).log_lines) == order


@pytest.mark.parametrize("name", ["proxy_set_tick_period_milliseconds", "proxy_get_log_level"])
def test_most_host_calls_are_forbidden_while_the_module_starts(
    load_wat: LoadWat, name: str
) -> None:
    with pytest.raises(ConfigurationRefusedError, match=f"restricted_callback: {name}"):
        load_wat(
            '(func (export "_initialize") (drop (call $f (i32.const 5))))',
            f'(import "env" "{name}" (func $f (param i32) (result i32)))',
        )


@pytest.mark.parametrize("name", ["fd_close", "path_open", "proc_exit", "sched_yield", "fd_seek"])
def test_some_of_wasi_is_forbidden_while_the_module_starts(load_wat: LoadWat, name: str) -> None:
    arguments = SIGNATURES[name][0]
    result = "" if name == "proc_exit" else "(result i32)"
    values = " ".join(f"({kind}.const 0)" for kind in arguments)
    call = f"(call $f {values})"
    with pytest.raises(ConfigurationRefusedError, match=f"restricted_callback: {name}"):
        load_wat(
            f'(func (export "_initialize") {f"(drop {call})" if result else call})',
            f'(import "wasi_snapshot_preview1" "{name}" '
            f"(func $f (param {' '.join(arguments)}) {result}))",
        )


def test_a_host_call_in_the_allocator_traps(load_wat: LoadWat) -> None:
    memory = """
      (memory (export "memory") 1)
      (func (export "malloc") (param i32) (result i32)
        (drop (call $level (i32.const 0))) (i32.const 32768))
    """
    host = load_wat(
        """
        (data (i32.const 1024) ":path")
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (call $get (i32.const 0) (i32.const 1024) (i32.const 5)
                     (i32.const 2000) (i32.const 2004)))
        """,
        GET_VALUE + '(import "env" "proxy_get_log_level" (func $level (param i32) (result i32)))',
        memory,
    )

    with pytest.raises(TrapError, match="restricted_callback: proxy_get_log_level"):
        host.get("/")


def test_all_missing_imports_are_named(load_wat: LoadWat) -> None:
    with pytest.raises(MissingImportError, match=r"env\.proxy_redis_call, env\.abort"):
        load_wat(
            "",
            '(import "env" "proxy_redis_call" (func (param i32)))(import "env" "abort" (func))',
        )


def test_an_import_of_another_type_is_refused(load_wat: LoadWat) -> None:
    with pytest.raises(LoadError, match=r"import type mismatch: env\.proxy_log, want: i32 -> i32"):
        load_wat("", '(import "env" "proxy_log" (func (param i32) (result i32)))')


def test_a_callback_of_another_type_is_refused(load_wat: LoadWat) -> None:
    with pytest.raises(LoadError, match="Bad function signature for: proxy_on_tick"):
        load_wat('(func (export "proxy_on_tick"))')


@pytest.mark.parametrize(
    ("wat", "why"),
    [
        ("(module)", "Missing or unknown Proxy-Wasm ABI version"),
        ('(module (func (export "proxy_abi_version_0_3_0")))', "ABI version"),
        ('(module (func (export "proxy_abi_version_0_2_1")))', "missing malloc"),
        (
            '(module (func (export "f") (param v128)) (func (export "proxy_abi_version_0_2_1")))',
            "v128 at the border kills Envoy",
        ),
        (
            '(module (global (export "g") v128 (v128.const i64x2 0 0)))',
            "v128 at the border kills Envoy",
        ),
        ('(module (memory (export "memory") 16385))', "Envoy gives at most 16384"),
    ],
)
def test_what_envoy_would_not_take(wat: str, why: str) -> None:
    with pytest.raises(LoadError, match=why):
        load_module(bytes(wasmtime.wat2wasm(wat)))


@pytest.mark.parametrize("wasm", [b"", b"no wasm", b"\0asm\1\0\0\0\1"])
def test_what_is_no_wasm(wasm: bytes) -> None:
    with pytest.raises(LoadError, match="Failed to load Wasm bytecode"):
        load_module(wasm)


def test_memory_ends_at_1_gib(load_wat: LoadWat) -> None:
    host = load_wat(
        """
        (func (export "proxy_on_configure") (param i32 i32) (result i32)
          (i32.eq (memory.grow (i32.const 16384)) (i32.const -1)))
        """
    )

    assert host.get("/").status == 200


def test_a_start_that_traps_refuses_the_configuration(load_wat: LoadWat) -> None:
    with pytest.raises(ConfigurationRefusedError, match="unreachable"):
        load_wat('(func (export "_initialize") unreachable)')


@pytest.mark.parametrize("callback", ["proxy_on_vm_start", "proxy_on_configure"])
@pytest.mark.parametrize("body", ["(i32.const 0)", "unreachable"])
def test_a_start_callback_can_refuse(load_wat: LoadWat, callback: str, body: str) -> None:
    with pytest.raises(ConfigurationRefusedError):
        load_wat(f'(func (export "{callback}") (param i32 i32) (result i32) {body})')


TRAPS = """
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) unreachable)
"""


def test_a_trap_fails_the_test_with_the_guests_backtrace(load_wat: LoadWat) -> None:
    with pytest.raises(TrapError, match="unreachable"):
        load_wat(TRAPS).get("/")


def test_with_a_failure_policy_a_trap_is_an_answer(load_wat: LoadWat) -> None:
    host = load_wat(TRAPS, failure_policy=FailurePolicy.FAIL_CLOSED)
    response = host.get("/")

    assert (response.status, response.body, response.details) == (503, b"", "wasm_fail_stream")


def test_every_host_function_and_wasi_function_links(load_wat: LoadWat) -> None:
    imports = "".join(
        f'(import "env" "{call.name}" (func (param {" ".join(call.wasm_arguments)}) (result i32)))'
        for call in HOST_CALLS.values()
    )
    for namespace in ("wasi_snapshot_preview1", "wasi_unstable"):
        for name, (arguments, _) in SIGNATURES.items():
            result = "" if name == "proc_exit" else "(result i32)"
            imports += (
                f'(import "{namespace}" "{name}" (func (param {" ".join(arguments)}) {result}))'
            )

    assert load_wat("", imports).get("/").status == 200


STARTS = ("proxy_on_vm_start", "proxy_on_configure", "proxy_on_done")


def test_every_callback_links(load_wat: LoadWat) -> None:
    functions = "".join(
        f'(func (export "{name}") (param {" ".join(["i32"] * arguments)}) '
        f"{f'(result i32) (i32.const {int(name in STARTS)})' if results else ''})"
        for name, (arguments, results) in CALLBACKS.items()
    )

    assert load_wat(functions).get("/").status == 200


def test_live_objects_are_read_from_the_export(load_wat: LoadWat) -> None:
    assert load_wat('(func (export "live_objects") (result i32) (i32.const 7))').live_objects == 7
    assert load_wat('(global (export "live_objects") i32 (i32.const 8))').live_objects == 8
    assert load_wat().live_objects is None
