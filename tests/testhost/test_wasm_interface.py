"""Imports and exports, read from a module's bytes."""

from contextlib import suppress

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from mixer2.testhost import LoadError
from mixer2.testhost.wasm_interface import Item, ItemKind, read_interface

WAT = """
(module
  (type $unused (struct (field i32) (field (mut i64))))
  (rec (type $a (array i8)) (type $f (func (param f64 externref) (result i32 i64))))
  (import "env" "f" (func (param i32 i64)))
  (import "env" "t" (table 1 funcref))
  (tag $tag (export "tag") (param i32))
  (func $g (export "g") (type $f) unreachable)
  (memory (export "memory") 3 9)
  (global (export "number") (mut i32) (i32.const -5))
  (global (export "vector") v128 (v128.const i64x2 1 2))
  (global $later f64 (f64.const 1.5))
  (global (export "last") i64 (i64.const 7)))
"""


def test_what_is_at_the_border() -> None:
    interface = read_interface(bytes(wasmtime.wat2wasm(WAT)))

    assert interface.imports == (
        Item("env.f", ItemKind.FUNCTION, "i32 i64 -> void"),
        Item("env.t", ItemKind.TABLE, "funcref"),
    )
    assert interface.exports == (
        Item("tag", ItemKind.TAG, "i32 -> void"),
        Item("g", ItemKind.FUNCTION, "f64 externref -> i32 i64"),
        Item("memory", ItemKind.MEMORY, pages=3),
        Item("number", ItemKind.GLOBAL, "i32"),
        Item("vector", ItemKind.GLOBAL, "v128"),
        Item("last", ItemKind.GLOBAL, "i64"),
    )


@given(st.binary(max_size=200))
def test_noise_is_refused_or_read(noise: bytes) -> None:
    for wasm in (noise, b"\0asm\1\0\0\0" + noise):
        with suppress(LoadError):
            read_interface(wasm)


@pytest.mark.parametrize("wasm", [b"", b"\0asm\r\0\1\0"])
def test_what_is_no_core_module(wasm: bytes) -> None:
    with pytest.raises(LoadError, match="no core module"):
        read_interface(wasm)
