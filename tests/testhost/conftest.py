"""Modules written in WAT, for the Wasm half of the test host."""

from collections.abc import Callable
from pathlib import Path

import pytest
import wasmtime

from mixer2.testhost import Host, Target
from mixer2.testhost.loading import load

ALLOCATOR = """
  (memory (export "memory") 1)
  (global $top (mut i32) (i32.const 32768))
  (func (export "malloc") (param i32) (result i32)
    (global.get $top)
    (global.set $top (i32.add (global.get $top) (local.get 0))))
"""
VERSION = '(func (export "proxy_abi_version_0_2_1"))'


def module(body: str, imports: str = "", memory: str = ALLOCATOR) -> bytes:
    """A module that Envoy would take, with `body` in it."""
    return bytes(wasmtime.wat2wasm(f"(module {imports} {VERSION} {memory} {body})"))


@pytest.fixture
def load_wat() -> Callable[..., Host]:
    """Load a module that is written in WAT: `load_wat(body, imports)`."""

    def load_wat(
        body: str = "", imports: str = "", memory: str = ALLOCATOR, **options: object
    ) -> Host:
        def no_compiler(_source: object) -> bytes:
            raise AssertionError("a module needs no compiler")

        return load(module(body, imports, memory), Target.WASM, no_compiler, **options)  # type: ignore[arg-type]

    return load_wat


@pytest.fixture
def native() -> Callable[..., Host]:
    """Load a filter in plain Python only: for what no compiled module shows."""

    def native(source: Path, configuration: object = None, **options: object) -> Host:
        def no_compiler(_source: object) -> bytes:
            raise AssertionError("plain Python needs no compiler")

        return load(source, Target.NATIVE, no_compiler, configuration, **options)  # type: ignore[arg-type]

    return native
