"""The module store: modules by the digest of their content, in a folder that outlives the process.

    <folder>/<sha256>.wasm

What is in it was checked when it was put there, and is checked against its name when it is read.
"""

import os
from collections.abc import Container
from hashlib import sha256
from pathlib import Path

from mixer2.xds.errors import InvalidModule
from mixer2.xds.modules import WasmModule


class ModuleStore:
    """Modules in a folder, and those in use in memory.

    Args:
        folder: Made when it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._modules: dict[str, WasmModule] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, code: bytes) -> WasmModule:
        """Keep a module; the same bytes are kept once.

        Raises:
            InvalidModule: no Envoy should be given this; it is not kept.
            OSError: the folder cannot be written to.
        """
        digest = sha256(code).hexdigest()
        if (known := self._modules.get(digest)) is not None:
            return known
        module = WasmModule.of(code)
        path = self._path(digest)
        if not path.exists():
            # Written aside and renamed: a crash leaves no half of a module under its name.
            partial = path.with_suffix(f".{os.getpid()}.partial")
            try:
                partial.write_bytes(code)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        self._modules[digest] = module
        return module

    def get(self, digest: str) -> WasmModule:
        """Return the module of a digest.

        Raises:
            InvalidModule: it is not in the store, or its file was changed.
        """
        module = self._modules.get(digest)
        if module is None:
            module = WasmModule.read(self._path(digest))
            if module.digest != digest:
                raise InvalidModule(f"{self._path(digest)}: its content is that of {module.digest}")
            self._modules[digest] = module
        return module

    def has(self, digest: str) -> bool:
        """Tell whether there is a module of that digest, unharmed."""
        try:
            self.get(digest)
        except InvalidModule:
            return False
        return True

    def keep_only(self, digests: Container[str]) -> int:
        """Drop all other modules; returns how many files went."""
        self._modules = {one: module for one, module in self._modules.items() if one in digests}
        gone = [path for path in self._folder.glob("*.wasm") if path.stem not in digests]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.wasm"
