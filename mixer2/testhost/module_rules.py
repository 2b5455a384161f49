"""What Envoy asks of a module's border: what it refuses, and what would end its process.

Read from the bytes alone, so that a module can be judged without running it. Messages are Envoy's
where it has one. Source: Envoy 1.40 and proxy-wasm-cpp-host, `wasm.cc`, `v8.cc`.
"""

from typing import Final

from mixer2.testhost import abi, wasi
from mixer2.testhost.errors import LoadError, MissingImportError
from mixer2.testhost.wasm_interface import Interface, Item, ItemKind, read_interface, words

ABI_VERSIONS: Final = frozenset({"proxy_abi_version_0_2_0", "proxy_abi_version_0_2_1"})
MAX_PAGES: Final = 16384
"""1 GiB, Envoy's `--wasm_max_mem_pages`."""

_ALLOCATORS: Final = frozenset({"malloc", "proxy_on_memory_allocate"})
_DEADLY: Final = frozenset({"v128", "ref"})
_WASI_NAMESPACES: Final = ("wasi_snapshot_preview1", "wasi_unstable")
_EXTRAS: Final = {
    "env.pthread_equal": "i32 i32 -> i32",
    "env.emscripten_notify_memory_growth": "i32 -> void",
    "env.envoy_resolve_dns": "i32 i32 i32 -> i32",
}


def check_module(wasm: bytes) -> Interface:
    """Judge a module, without running it.

    Raises:
        LoadError: Envoy would refuse it, or die of it; with the first reason.
        MissingImportError: it imports what Envoy does not have; all of it is named.
    """
    interface = read_interface(wasm)
    check_border(interface)
    check_exports(interface)
    check_imports(interface)
    return interface


def check_border(interface: Interface) -> None:
    """Refuse what kills Envoy when it loads the module, and too much memory.

    Raises:
        LoadError: with the import or export, and its type.
    """
    for item in (*interface.imports, *interface.exports):
        is_typed = item.kind in (ItemKind.FUNCTION, ItemKind.GLOBAL)
        deadly = _DEADLY & set(item.type.split()) if is_typed else frozenset()
        if deadly:
            raise LoadError(
                f"{item.name} has type {item.type}: {_TYPE_NAMES[min(deadly)]} at the border "
                "kills Envoy"
            )
        if item.kind is ItemKind.TAG:
            raise LoadError(f"{item.name} is an exception tag: at the border it kills Envoy")
        if item.pages > MAX_PAGES:
            raise LoadError(
                f"Failed to create new Wasm instance: {item.pages} pages of memory, "
                f"Envoy gives at most {MAX_PAGES} (1 GiB)"
            )


_TYPE_NAMES: Final = {"v128": "v128", "ref": "a reference type of the GC proposal"}


def check_exports(interface: Interface) -> None:
    """Refuse a module without what Envoy needs, or with callbacks of another type.

    Raises:
        LoadError: with what is missing, or with both types.
    """
    names = {export.name for export in interface.exports}
    if not names & ABI_VERSIONS:
        raise LoadError(
            "Missing or unknown Proxy-Wasm ABI version: the module exports neither "
            + " nor ".join(sorted(ABI_VERSIONS))
        )
    if not names & _ALLOCATORS:
        raise LoadError(
            "Wasm module is missing malloc: it exports neither malloc nor proxy_on_memory_allocate"
        )
    for export in interface.exports:
        expected = abi.CALLBACKS.get(export.name)
        if expected is None or export.kind is not ItemKind.FUNCTION:
            continue
        arguments, results = expected
        wanted = words(["i32"] * arguments, ["i32"] * results)
        if export.type != wanted:
            raise LoadError(
                f"Bad function signature for: {export.name}, want: {wanted}, "
                f"but the module exports: {export.type}"
            )


def check_imports(interface: Interface) -> None:
    """Refuse imports that Envoy does not have, or has with another type.

    Raises:
        MissingImportError: names everything that is missing.
        LoadError: an import has another type.
    """
    missing: list[str] = []
    for item in interface.imports:
        if item.kind in (ItemKind.MEMORY, ItemKind.TABLE):
            continue
        offered = _offered(item)
        if offered is None:
            missing.append(item.name)
        elif offered != item.type:
            raise type_mismatch(item, offered)
    if missing:
        raise missing_imports(missing)


def missing_imports(names: list[str]) -> MissingImportError:
    """The error for imports that are not there."""
    return MissingImportError(
        f"Failed to load Wasm module due to a missing import: {', '.join(names)}"
    )


def type_mismatch(item: Item, offered: str) -> LoadError:
    """The error for an import that the host has with another type."""
    return LoadError(
        "Failed to load Wasm module due to an import type mismatch: "
        f"{item.name}, want: {item.type}, but host exports: {offered}"
    )


def _offered(item: Item) -> str | None:
    """The type of what Envoy has under an import's name; None when there is nothing."""
    if item.kind is not ItemKind.FUNCTION:
        return None
    namespace, _, name = item.name.rpartition(".")
    call = abi.HOST_CALLS.get(name) if namespace == "env" else None
    if call is not None:
        return words(list(call.wasm_arguments), ["i32"])
    if namespace in _WASI_NAMESPACES and name in wasi.SIGNATURES:
        return words(list(wasi.SIGNATURES[name][0]), [] if name == "proc_exit" else ["i32"])
    return _EXTRAS.get(item.name)
