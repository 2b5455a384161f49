"""Modules of filters that have not changed: a snapshot takes seconds, a look at files does not.

What a module was made from is known when it is made: the snapshot tells which modules it imported
and which files it read. A record of their digests lies beside the module.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from mixer2.component.pack import Report
from mixer2.component.staging import GUEST_FILES, Staged

# Modules kept; the oldest go first. They have some 15 MB each.
_KEPT: Final = 16


class ModuleCache:
    """Modules in a folder.

    Args:
        folder: Where they are kept; made when it is first written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> tuple[bytes, Report] | None:
        """The module of a key; None when there is none, or what it was made from has changed."""
        try:
            record = json.loads(self._record(key).read_text(encoding="utf-8"))
            if any(_digest(Path(name)) != digest for name, digest in record["sources"].items()):
                return None
            wasm = self._module(key).read_bytes()
            if hashlib.sha256(wasm).hexdigest() != record["digest"]:
                return None
            return wasm, Report(**record["report"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, key: str, wasm: bytes, report: Report, sources: Iterable[Path]) -> None:
        """Keep a module. A folder that cannot be written to is no reason to fail."""
        try:
            record = {
                "sources": {str(path): _digest(path) for path in sources},
                "digest": hashlib.sha256(wasm).hexdigest(),
                "report": asdict(report),
            }
            self._folder.mkdir(parents=True, exist_ok=True)
            self._record(key).write_text(json.dumps(record), encoding="utf-8")
            self._module(key).write_bytes(wasm)
            modules = sorted(self._folder.glob("*.wasm"), key=lambda path: path.stat().st_mtime)
            for module in modules[:-_KEPT]:
                module.unlink(missing_ok=True)
                module.with_suffix(".json").unlink(missing_ok=True)
        except OSError:
            return

    def _module(self, key: str) -> Path:
        return self._folder / f"{key}.wasm"

    def _record(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def cache_key(source: Path, code: str, included: list[str], libraries: list[Path]) -> str:
    """A digest of what is known before a module is made.

    Args:
        source: The filter.
        code: What identifies the template.
        included: Modules that are imported for it.
        libraries: Where packages come from; which are installed counts too.
    """
    digest = hashlib.sha256(code.encode())
    for part in (str(source.resolve()), *included, "", *map(str, libraries)):
        digest.update(part.encode() + b"\0")
    installed = sorted(f"{one.name} {one.version}" for one in distributions())
    digest.update("\n".join(installed).encode())
    for file in GUEST_FILES.values():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def sources(report: Report, staged: Staged) -> list[Path]:
    """The files that a snapshot was made from, as they lie on this machine."""
    found = (staged.original(path) for path in report.files)
    return [path for path in found if path is not None]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
