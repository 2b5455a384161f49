"""Wasm modules to deliver: checked before any Envoy sees them, and watched for new versions."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import structlog
from watchfiles import awatch

from mixer2.xds.errors import InvalidModule
from mixer2.xds.wasm_interface import TAG, Interface, read_interface
from mixer2.xds.wasm_reader import EXTERNREF, F32, F64, FUNCREF, I32, I64

_log = structlog.get_logger("mixer2.xds")

_ABI = tuple(f"proxy_abi_version_{version}" for version in ("0_1_0", "0_2_0", "0_2_1"))
_SETTLE = 0.05  # seconds that a file must stay the same to count as written
_LOOK_AGAIN = 200  # milliseconds
_Stamp: TypeAlias = tuple[int, int, int] | None  # inode, size, time; None: no such file
# tests/xds/test_modules.py shows that the others are fatal to Envoy 1.40, wherever they stand.
_SAFE = frozenset({I32, I64, F32, F64, FUNCREF, EXTERNREF})


@dataclass(frozen=True, slots=True)
class WasmModule:
    """A module that passed the checks of `check`.

    Args:
        code: Its bytes.
        digest: Their SHA-256 in hex.
    """

    code: bytes = field(repr=False, compare=False)
    digest: str

    @classmethod
    def of(cls, code: bytes) -> "WasmModule":
        """Check `code` and take its digest.

        Raises:
            InvalidModule: no Envoy should be given this.
        """
        check(read_interface(code))
        return cls(code, sha256(code).hexdigest())

    @classmethod
    def read(cls, path: Path) -> "WasmModule":
        """Read a module from a file.

        Raises:
            InvalidModule: the file cannot be read, or no Envoy should be given what is in it.
        """
        try:
            return cls.of(path.read_bytes())
        except OSError as error:
            raise InvalidModule(f"{path}: {error.strerror}") from error
        except InvalidModule as error:
            raise InvalidModule(f"{path}: {error}") from error


def check(interface: Interface) -> None:
    """Refuse what is no Proxy-Wasm module, and what would not be rejected but kill Envoy 1.40.

    Raises:
        InvalidModule: and why.
    """
    if not any(one.name in _ABI for one in interface.exports):
        raise InvalidModule(f"not a Proxy-Wasm module: it exports none of {', '.join(_ABI)}")
    for extern in (*interface.imports, *interface.exports):
        if extern.kind == TAG:
            raise InvalidModule(f"{extern.name!r} is an exception tag: Envoy would crash on it")
        if not _SAFE.issuperset(extern.types):
            raise InvalidModule(
                f"{extern.name!r} is imported or exported with a type that Envoy would crash on: "
                "expected i32, i64, f32, f64, funcref and externref only"
            )


async def watch_module(path: Path) -> AsyncGenerator[WasmModule, None]:
    """Yield the module in `path`, and the new one whenever the content of the file changes.

    What is missing, still being written, or no valid module is logged and passed over: the
    consumer keeps what it has. Ends only by being closed or cancelled.

    Raises:
        InvalidModule: there is no folder that could hold `path`.
    """
    digest = reported = ""
    async for stamp in _changes(path):
        try:
            module = await asyncio.to_thread(WasmModule.read, path)
        except InvalidModule as error:
            if str(error) != reported:
                reported = str(error)
                _log.warning("module.refused", reason=reported, kept=digest[:16] or None)
            continue
        await asyncio.sleep(_SETTLE)
        if _stamp(path) != stamp:
            continue  # still being written; that change is coming
        reported = ""
        if module.digest != digest:
            digest = module.digest
            _log.info("module.read", path=str(path), digest=digest[:16], bytes=len(module.code))
            yield module


async def _changes(path: Path) -> AsyncGenerator[_Stamp, None]:
    """Yield the file's stamp now and whenever it changes, and also when the file is gone."""
    last = _stamp(path)
    yield last
    # The folder is watched: a file that is replaced by renaming is another file. Looking now and
    # then as well costs nothing and finds what happened before the watch began.
    if not path.parent.is_dir():
        raise InvalidModule(f"{path}: there is no folder {path.parent}")
    watch = awatch(path.parent, recursive=False, rust_timeout=_LOOK_AGAIN, yield_on_timeout=True)
    async with aclosing(watch):
        async for _ in watch:
            stamp = _stamp(path)
            if stamp != last:
                last = stamp
                yield stamp


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
