"""Wasm modules: compiled once per process, and refused for what Envoy would refuse or die of."""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Final

import wasmtime

from mixer2.testhost.errors import LoadError
from mixer2.testhost.module_rules import (
    check_border,
    check_exports,
    missing_imports,
    type_mismatch,
)
from mixer2.testhost.wasm_interface import ItemKind, read_interface, words

_VALUE_TYPES: Final = {"i32": wasmtime.ValType.i32, "i64": wasmtime.ValType.i64}


class HostFunction:
    """A function that the host offers.

    Args:
        arguments: Its argument types.
        returns: Whether it returns an i32.
        function: What it does.
    """

    def __init__(
        self, arguments: tuple[str, ...], returns: bool, function: Callable[..., int | None]
    ) -> None:
        self.words = words(list(arguments), ["i32"] if returns else [])
        result = [wasmtime.ValType.i32()] if returns else []
        self._type = wasmtime.FuncType([_VALUE_TYPES[word]() for word in arguments], result)
        self._function = function

    def make(self, store: wasmtime.Store) -> wasmtime.Func:
        """The function in a store."""
        return wasmtime.Func(store, self._type, self._function)


class WasmModule:
    """A compiled module.

    Args:
        wasm: Its bytes.

    Raises:
        LoadError: it is no Wasm, lacks what Envoy requires, or has what would kill Envoy.
    """

    def __init__(self, wasm: bytes) -> None:
        self.engine = engine()
        try:
            self._module = wasmtime.Module(self.engine, wasm)
        except wasmtime.WasmtimeError as error:
            raise LoadError(f"Failed to load Wasm bytecode: {error}") from error
        self._interface = read_interface(wasm)
        self.export_names = frozenset(export.name for export in self._interface.exports)
        check_border(self._interface)
        check_exports(self._interface)

    def instantiate(
        self, store: wasmtime.Store, find: Callable[[str], HostFunction | None]
    ) -> wasmtime.Instance:
        """Make an instance.

        Args:
            store: Where it lives.
            find: The function for an import, named `env.proxy_log`, or None.

        Raises:
            MissingImportError: names everything that is missing.
            LoadError: an import has another type, or there is not memory enough.
        """
        provided: list[wasmtime.Func | wasmtime.Memory | wasmtime.Table] = []
        missing: list[str] = []
        for item, wanted in zip(self._interface.imports, self._module.imports, strict=True):
            if item.kind is ItemKind.MEMORY and isinstance(wanted.type, wasmtime.MemoryType):
                provided.append(wasmtime.Memory(store, wanted.type))
                continue
            if item.kind is ItemKind.TABLE and isinstance(wanted.type, wasmtime.TableType):
                provided.append(wasmtime.Table(store, wanted.type, None))
                continue
            found = find(item.name)
            if found is None or item.kind is not ItemKind.FUNCTION:
                missing.append(item.name)
            elif found.words != item.type:
                raise type_mismatch(item, found.words)
            else:
                provided.append(found.make(store))
        if missing:
            raise missing_imports(missing)
        try:
            return wasmtime.Instance(store, self._module, provided)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise LoadError(f"Failed to create new Wasm instance: {error}") from error


# V8's `--stack-size` of 984 KB.
_V8_STACK: Final = 984 << 10


@cache
def engine() -> wasmtime.Engine:
    """The engine that all modules of this process share, with what Envoy's V8 takes."""
    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.wasm_memory64 = True
    config.wasm_multi_memory = True
    config.wasm_reference_types = True
    config.wasm_simd = True
    config.wasm_tail_call = True
    config.max_wasm_stack = _V8_STACK
    return wasmtime.Engine(config)


_modules: Final[dict[bytes, WasmModule]] = {}


def load_module(wasm: bytes) -> WasmModule:
    """A module, compiled once per content.

    Raises:
        LoadError: Envoy would not take it.
    """
    digest = hashlib.sha256(wasm).digest()
    module = _modules.get(digest)
    if module is None:
        module = _modules[digest] = WasmModule(wasm)
    return module
