import asyncio
import os
import signal
from contextlib import aclosing, nullcontext, suppress
from hashlib import sha256
from pathlib import Path

import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from mixer2.envoy.bootstrap import Bootstrap, Node
from mixer2.envoy.errors import EnvoyFailed
from mixer2.envoy.process import EnvoyProcess
from mixer2.xds.errors import InvalidModule
from mixer2.xds.modules import WasmModule, watch_module
from mixer2.xds.wasm_interface import FUNCTION, GLOBAL, MEMORY, TABLE, Extern, read_interface
from mixer2.xds.wasm_reader import F64, FUNCREF, I32, I64
from tests.envoy.wasm_service import wasm_service
from tests.xds.probe import probe

MALLOC = (
    '(memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) i32.const 0)'
)
ABI = '(func (export "proxy_abi_version_0_2_1"))'


def assembled(*parts: str) -> bytes:
    return bytes(wasmtime.wat2wasm(f"(module {' '.join(parts)})"))


# The interface


def test_imports_and_exports_are_read_with_their_types() -> None:
    code = assembled(
        '(import "env" "log" (func (param i32 i64) (result i32)))',
        '(import "env" "table" (table 1 2 funcref))',
        '(import "env" "level" (global (mut f64)))',
        '(memory (export "memory") 1 3)',
        "(global $a (mut i64) (i64.const -5))",
        '(global $b (export "b") i32 (i32.const 70000))',
        '(func (export "run") (param f64) (result i64 i32) unreachable)',
        '(export "level" (global 0))',
        '(export "log" (func 0))',
        '(data (i32.const 0) "x")',
    )
    interface = read_interface(code)
    assert interface.imports == [
        Extern("env.log", FUNCTION, (I32, I64, I32)),
        Extern("env.table", TABLE, (FUNCREF,)),
        Extern("env.level", GLOBAL, (F64,)),
    ]
    assert sorted(interface.exports, key=lambda one: one.name) == [
        Extern("b", GLOBAL, (I32,)),
        Extern("level", GLOBAL, (F64,)),
        Extern("log", FUNCTION, (I32, I64, I32)),
        Extern("memory", MEMORY),
        Extern("run", FUNCTION, (F64, I64, I32)),
    ]


@pytest.mark.parametrize(
    "parts",
    [
        ["(global (mut v128) (v128.const i64x2 1 2))", "(func (result v128) unreachable)"],
        ["(global f32 (f32.const 1.5)) (global f64 (f64.const 2.5))"],
        ["(global funcref (ref.null func)) (global funcref (ref.func 0))"],
        ["(global i32 (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3))))"],
        ['(import "env" "g" (global i32)) (global i32 (global.get 0))'],
        ["(type $s (struct (field i8) (field (mut i32)) (field (ref null $s))))"],
        ["(type $a (array (mut i16)))", "(global (ref $a) (array.new_default $a (i32.const 3)))"],
        ["(rec (type $x (sub (struct))) (type $y (sub $x (struct (field (ref $x))))))"],
        ["(type $s (struct (field i32)))", "(global (ref $s) (struct.new $s (i32.const 1)))"],
        ["(global (ref i31) (ref.i31 (i32.const 1)))"],
        ["(memory i64 1)", "(memory 1 2)", "(table 3 externref)"],
        ['(memory 1) (data "passive") (func (data.drop 0))'],
    ],
)
def test_what_is_harmless_inside_is_passed_over(parts: list[str]) -> None:
    assert WasmModule.of(assembled(*parts, ABI)).digest


# What is refused


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (b"", "expected a Wasm module, got b''"),
        (b"#!/bin/sh", "expected a Wasm module, got b'#!/bin/s'"),
        (b"\0asm\x0d\0\x01\0", "a component, which Envoy cannot load"),
        (b"\0asm\x02\0\0\0", "expected Wasm version 1"),
        (assembled(), "not a Proxy-Wasm module"),
        (
            assembled('(func (export "proxy_abi_version_0_3_0"))'),
            "exports none of proxy_abi_version",
        ),
    ],
)
def test_what_no_envoy_should_get_is_refused(code: bytes, reason: str) -> None:
    with pytest.raises(InvalidModule) as caught:
        WasmModule.of(code)
    assert reason in str(caught.value)


async def loads(code: bytes) -> bool:
    """Whether an Envoy takes the module; one that dies of it is not an Envoy that refuses it."""
    bootstrap = Bootstrap(node=Node("n"), extra=wasm_service(code, b""))
    envoy = EnvoyProcess(bootstrap)
    try:
        async with envoy:
            return True
    except EnvoyFailed:
        assert envoy.returncode == -signal.SIGTRAP
        return False


@pytest.mark.envoy
@pytest.mark.parametrize(
    ("part", "safe"),
    [
        ('(func (export "f") (result funcref externref) unreachable)', True),
        ('(func (export "f") (result (ref func)) unreachable)', True),
        (
            '(table (export "t") 1 externref) (global (export "g") externref (ref.null extern))',
            True,
        ),
        ('(memory (export "m") i64 1)', True),
        ("(func (drop (v128.const i64x2 0 0)))", True),
        ('(func (export "f") (param v128))', False),
        ('(import "env" "f" (func (result v128)))', False),
        ('(global (export "g") v128 (v128.const i64x2 0 0))', False),
        ('(import "env" "g" (global v128))', False),
        ('(func (export "f") (param anyref))', False),
        ('(func (export "f") (result i31ref) unreachable)', False),
        ('(import "env" "f" (func (result anyref)))', False),
        ('(type $t (func)) (func (export "f") (param (ref null $t)))', False),
        ('(global (export "g") eqref (ref.null eq))', False),
        ('(table (export "t") 1 anyref)', False),
        ('(type $t (func)) (func $f) (table (export "t") 1 (ref $t) (ref.func $f))', False),
        ('(import "env" "t" (table 1 anyref))', False),
        ('(tag (export "t"))', False),
        ('(import "env" "t" (tag))', False),
    ],
)
async def test_what_would_kill_envoy_is_refused_and_nothing_else(part: str, safe: bool) -> None:
    code = assembled(part, MALLOC, ABI)
    with nullcontext() if safe else pytest.raises(InvalidModule, match="Envoy would crash"):
        WasmModule.of(code)
    assert await loads(code) == safe


def test_a_module_that_was_cut_off_anywhere_is_refused() -> None:
    parts = [
        '(memory 1) (data "a") (data "b")',
        "(func (memory.init 0 (i32.const 0)",
        "(i32.const 0)",
    ]
    code = assembled(*parts, "(i32.const 1)))", ABI)  # such a function makes for a data count
    assert WasmModule.of(code).digest
    for size in range(len(code)):
        with pytest.raises(InvalidModule):
            WasmModule.of(code[:size])


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_only_invalid_module_escapes_from_noise(noise: bytes) -> None:
    with pytest.raises(InvalidModule):
        WasmModule.of(b"\0asm\x01\0\0\0" + noise)


@settings(deadline=None)
@given(st.data())
def test_only_invalid_module_escapes_from_a_damaged_module(data: st.DataObject) -> None:
    code = bytearray(probe("aaaa").code)
    for _ in range(data.draw(st.integers(1, 4))):
        code[data.draw(st.integers(0, len(code) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InvalidModule):
        WasmModule.of(bytes(code))


# Files


def test_the_digest_is_of_the_code() -> None:
    code = probe("aaaa").code
    assert WasmModule.of(code).digest == sha256(code).hexdigest()
    assert WasmModule.of(code) == probe("aaaa") != probe("bbbb")


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "filter.wasm"
    with pytest.raises(InvalidModule, match=rf"{missing}: No such file"):
        WasmModule.read(missing)
    missing.write_bytes(b"text")
    with pytest.raises(InvalidModule, match=rf"{missing}: expected a Wasm module"):
        WasmModule.read(missing)


async def test_a_replaced_file_gives_a_new_module(tmp_path: Path) -> None:
    path = tmp_path / "filter.wasm"
    path.write_bytes(probe("aaaa").code)
    async with asyncio.timeout(10), aclosing(watch_module(path)) as modules:
        assert await anext(modules) == probe("aaaa")
        new = tmp_path / "filter.wasm.new"
        new.write_bytes(probe("bbbb").code)
        new.rename(path)
        assert await anext(modules) == probe("bbbb")
        path.write_bytes(probe("cccc").code)
        assert await anext(modules) == probe("cccc")


async def test_a_file_that_comes_later_is_found(tmp_path: Path) -> None:
    path = tmp_path / "filter.wasm"
    async with asyncio.timeout(10), aclosing(watch_module(path)) as modules:
        first = asyncio.ensure_future(anext(modules))
        await asyncio.sleep(0.2)
        assert not first.done()
        path.write_bytes(probe("aaaa").code)
        assert await first == probe("aaaa")


async def test_bad_and_half_written_files_are_passed_over_and_logged(tmp_path: Path) -> None:
    path = tmp_path / "filter.wasm"
    path.write_bytes(probe("aaaa").code)
    with capture_logs() as logs:

        async def refused(number: int, reason: str) -> None:
            while len([one for one in logs if one["event"] == "module.refused"]) < number:
                await asyncio.sleep(0.01)
            assert f"{path}: {reason}" in logs[-1]["reason"]
            assert logs[-1]["kept"] == probe("aaaa").digest[:16]
            assert logs[-1]["log_level"] == "warning"

        async with asyncio.timeout(20), aclosing(watch_module(path)) as modules:
            assert await anext(modules) == probe("aaaa")
            coming = asyncio.ensure_future(anext(modules))
            path.write_bytes(b"text")
            await refused(1, "expected a Wasm module")
            path.write_bytes(probe("bbbb").code[:100])
            await refused(2, "the module is cut off")
            path.unlink()
            await refused(3, "No such file")
            path.write_bytes(probe("aaaa").code)  # what it was before: nothing new
            await asyncio.sleep(0.5)
            assert not coming.done()
            path.write_bytes(probe("bbbb").code)
            assert await coming == probe("bbbb")


async def test_a_file_is_taken_when_it_is_whole(tmp_path: Path) -> None:
    """A slow writer: every part makes a change, the last one makes the module."""
    path = tmp_path / "filter.wasm"
    path.write_bytes(probe("aaaa").code)
    code = probe("bbbb").code
    async with asyncio.timeout(20), aclosing(watch_module(path)) as modules:
        assert await anext(modules) == probe("aaaa")
        coming = asyncio.ensure_future(anext(modules))
        with path.open("wb") as file:
            for start in range(0, len(code), 64):
                file.write(code[start : start + 64])
                file.flush()
                os.fsync(file.fileno())
                await asyncio.sleep(0.02)
        assert await coming == probe("bbbb")


async def test_without_a_folder_there_is_nothing_to_watch(tmp_path: Path) -> None:
    async with aclosing(watch_module(tmp_path / "nowhere" / "filter.wasm")) as modules:
        with pytest.raises(InvalidModule, match="there is no folder"):
            await anext(modules)
