"""What componentize-py snapshots in profile cpython: the filter, imported, and ready to be called.

Runs twice: at build time, when the modules are imported and the snapshot is taken, and in every VM
from there on. `start` is where a VM's life begins.
"""

# Named so that no module of the filter's is hidden by one of these.
import codecs
import contextlib
import gc
import importlib
import json
import os
import random
import sys
from collections.abc import Callable
from typing import Any

import mixer2_hashes
import mixer2_plugin_program
import mixer2_sandbox
import mixer2_settings
from mixer2_sandbox import LogStream
from wit_world import exports
from wit_world.imports import host, system

_WARN = 3
_ERROR = 4
_CRITICAL = 5
_INFO = 2

# What a callback answers when even its dispatcher failed: go on, and accept no configuration.
_ACCEPTS = {"proxy_on_done": 1}
_BOOLEANS = {"proxy_on_vm_start", "proxy_on_configure", "proxy_on_done"}

# CPython imports an encoding when it is first used.
_ENCODINGS = (
    *("ascii", "latin-1", "cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
    *("unicode_escape", "raw_unicode_escape", "idna", "punycode", "hex", "base64", "rot13"),
)

_LARGE_BLOCK = 1 << 20
_SMALL_BLOCK = 24

_started = False


def start() -> None:
    """Begin a VM's life: what must not be as it was when the snapshot was taken."""
    global _started
    _started = True
    # First of all: what is allocated from now on may lie behind the snapshot's end.
    if not mixer2_hashes.renew(_END):
        host.log(_WARN, b"the hash seed could not be renewed: it is the one of the build")
    # Not earlier: componentize-py goes on importing when this module is done.
    mixer2_sandbox.close()
    sys.stdout = LogStream(lambda line: host.log(_INFO, line))
    sys.stderr = LogStream(lambda line: host.log(_ERROR, line))
    random.seed()
    os.environ.clear()
    for entry in system.environment().split(b"\0"):
        name, separator, value = entry.partition(b"=")
        if separator:
            os.environ[os.fsdecode(name)] = os.fsdecode(value)


def _import_filter() -> dict[str, Callable[..., Any]]:
    filter_module = importlib.import_module(mixer2_settings.FILTER)
    for name in ("pal.dispatch", *mixer2_settings.INCLUDED):
        importlib.import_module(name)
    for name in mixer2_settings.TRACED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    functions: dict[str, Callable[..., Any]] = mixer2_plugin_program.start(
        filter_module, dict(sys.modules)
    )
    return functions


def _guarded(callback: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Let nothing leave a callback, not even what is no Exception: it would end the VM."""
    fallback = _ACCEPTS.get(callback, 0)

    def give_up(error: BaseException) -> int:
        host.log(_CRITICAL, f"{type(error).__name__} left {callback}: {error}".encode())
        return fallback

    # Arguments by name are the quickest; these are the numbers that callbacks have.
    def call_1(context: int) -> Any:
        try:
            return function(context)
        except BaseException as error:  # noqa: BLE001 - SystemExit and the like
            return give_up(error)

    def call_2(context: int, first: int) -> Any:
        try:
            return function(context, first)
        except BaseException as error:  # noqa: BLE001
            return give_up(error)

    def call_3(context: int, first: int, second: int) -> Any:
        try:
            return function(context, first, second)
        except BaseException as error:  # noqa: BLE001
            return give_up(error)

    def call_5(context: int, first: int, second: int, third: int, fourth: int) -> Any:
        try:
            return function(context, first, second, third, fourth)
        except BaseException as error:  # noqa: BLE001
            return give_up(error)

    by_count: dict[int, Callable[..., Any]] = {1: call_1, 2: call_2, 3: call_3, 5: call_5}
    call = by_count[function.__code__.co_argcount]

    def call_for_truth(*arguments: int) -> bool:
        return bool(call(*arguments))

    return call_for_truth if callback in _BOOLEANS else call


def _starting(create: Callable[..., Any]) -> Callable[..., Any]:
    """`proxy_on_context_create`, which is what a proxy calls first."""

    def call(context: int, parent: int) -> Any:
        if not _started:
            start()
        return create(context, parent)

    return call


def _clear_free_memory() -> int:
    """Overwrite what importing left behind: a snapshot leaves zeros out, and garbage not.

    Zeroed blocks are taken in falling sizes, until the allocator has to go beyond the memory that
    it had.

    Returns:
        An address that no object lies behind.
    """
    beyond = id(bytes(_LARGE_BLOCK))
    taken = []
    end = 0
    size = _LARGE_BLOCK
    while size >= _SMALL_BLOCK:
        block = bytes(size)
        taken.append(block)
        end = max(end, id(block) + size)
        if id(block) >= beyond:
            size = size * 3 // 4
    del taken
    # The list itself lay beyond.
    last = [bytes(_LARGE_BLOCK) for _ in range(6)]
    return max(end, *map(id, last)) + _LARGE_BLOCK


def _absent(*_arguments: int) -> int:
    return 0


def _report(callbacks: list[str]) -> bytes:
    """What the builder wants to know of the snapshot, between marks that it can find in it."""
    files = {str(getattr(module, "__file__", None) or "") for module in sys.modules.values()}
    files |= set(mixer2_sandbox.files_read)
    told = {"callbacks": callbacks, "files": sorted(files - {""}), "python": sys.version.split()[0]}
    return b"".join([b"\1mixer2", b" report\2", json.dumps(told).encode(), b"\3mixer2", b" end\4"])


mixer2_sandbox.keep_out(mixer2_settings.REMOVED)
for _encoding in _ENCODINGS:
    codecs.lookup(_encoding)
_functions = _import_filter()
REPORT = _report(sorted(_functions))


def _implementation(interface: Any, prefix: str) -> Any:
    """A class for an interface of the world.

    What the filter does not need must be there too; the module does not export it, though.
    """
    methods = dict.fromkeys(interface.__abstractmethods__, staticmethod(_absent))
    for callback, function in _functions.items():
        if callback.startswith(prefix):
            creates = callback == "proxy_on_context_create"
            guarded = _guarded(callback, _starting(function) if creates else function)
            methods[callback.removeprefix(prefix)] = staticmethod(guarded)
    return type(interface.__name__, (), methods)


Callbacks = _implementation(exports.Callbacks, "proxy_")
EnvoyCallbacks = _implementation(exports.EnvoyCallbacks, "envoy_")

mixer2_hashes.remember()
gc.collect()
gc.freeze()
_END = _clear_free_memory()
