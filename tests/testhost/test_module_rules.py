"""What Envoy asks of a module's border, judged without running it."""

import pytest
import wasmtime

from mixer2.testhost import LoadError, MissingImportError
from mixer2.testhost.module_rules import check_module
from mixer2.testhost.wasm_module import load_module
from tests.testhost.conftest import module

ALLOWED = '(func (export "proxy_abi_version_0_2_1")) (func (export "malloc"))'

BAD = {
    "v128 in a function": (
        '(func (export "f") (param v128))',
        "f has type v128 -> void: v128 at the border kills Envoy",
    ),
    "v128 in a result": ('(func (export "f") (result v128) unreachable)', "v128"),
    "v128 in a global": ('(global (export "g") v128 (v128.const i64x2 0 0))', "v128"),
    "an exception tag": ('(tag (export "t") (param i32))', "t is an exception tag"),
    "2 GiB of memory": ('(memory (export "memory") 32768)', "32768 pages of memory"),
    "a callback of another type": (
        '(func (export "proxy_on_tick"))',
        "Bad function signature for: proxy_on_tick, want: i32 -> void",
    ),
}


def wat(body: str, allowed: str = ALLOWED) -> bytes:
    return bytes(wasmtime.wat2wasm(f"(module {body} {allowed})"))


@pytest.mark.parametrize(("body", "why"), BAD.values(), ids=BAD)
def test_what_envoy_refuses_or_dies_of_is_refused_before_and_by_the_test_host(
    body: str, why: str
) -> None:
    with pytest.raises(LoadError, match=why):
        check_module(wat(body))
    with pytest.raises(LoadError, match=why):
        load_module(wat(body))


GC_RESULT = '(type $s (struct)) (func (export "f") (result (ref null $s)) (ref.null $s))'


def test_a_reference_to_what_the_host_cannot_hold_is_refused() -> None:
    with pytest.raises(LoadError, match="a reference type of the GC proposal at the border"):
        check_module(wat(GC_RESULT))


@pytest.mark.parametrize("kind", ["externref", "funcref"])
def test_references_to_functions_and_host_values_are_fine(kind: str) -> None:
    check_module(wat(f'(func (export "f") (param {kind}))'))


def test_all_missing_imports_are_named() -> None:
    imports = '(import "env" "a" (func)) (import "env" "proxy_redis_init" (func (result i32)))'
    with pytest.raises(MissingImportError, match=r"missing import: env\.a, env\.proxy_redis_init"):
        check_module(wat(imports))


def test_an_import_of_another_type_is_refused() -> None:
    with pytest.raises(LoadError, match=r"mismatch: env\.proxy_done, want: void -> void"):
        check_module(wat('(import "env" "proxy_done" (func))'))


def test_a_module_that_is_fine_is_fine() -> None:
    interface = check_module(module("", '(import "env" "proxy_done" (func (result i32)))'))
    assert [item.name for item in interface.imports] == ["env.proxy_done"]


@pytest.mark.parametrize("wasm", [b"", b"no wasm", b"\0asm\1\0\0\0\1", b"\0asm\x0d\0\1\0"])
def test_what_is_no_core_module_is_refused(wasm: bytes) -> None:
    with pytest.raises(LoadError, match="Failed to load Wasm bytecode"):
        check_module(wasm)
