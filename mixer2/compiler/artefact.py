"""What the compiler makes, and a cache of it: an unchanged program is not compiled again."""

import hashlib
import json
import time
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import mypy.version

from mixer2.compiler.frontend.program import Program
from mixer2.compiler.link.lines import FunctionLines

_COMPILER = Path(__file__).parent

# Modules kept; the oldest go first.
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Artefact:
    """A compiled filter.

    Attributes:
        wasm: The module.
        digest: SHA-256 of it, hexadecimal.
        seconds: Time that making it took.
        function_sizes: Bytes of each function, by symbol.
        data_sizes: Bytes of each piece of static data, by symbol.
        needed_by: For each symbol in the module, the one that needed it first.
        lines: Where functions and their calls lie, for backtraces.
    """

    wasm: bytes
    digest: str
    seconds: float
    function_sizes: dict[str, int]
    data_sizes: dict[str, int]
    needed_by: dict[str, str]
    lines: list[FunctionLines]


class ArtefactCache:
    """Artefacts in a folder, by what they were made from.

    Args:
        folder: Where they are kept; made when it is first written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Artefact | None:
        """The artefact of a key; None when there is none, or its files are damaged."""
        started = time.perf_counter()
        try:
            wasm = self._wasm(key).read_bytes()
            record = json.loads(self._record(key).read_text(encoding="utf-8"))
            lines = [_lines_of(function) for function in record.pop("lines")]
            artefact = Artefact(wasm=wasm, seconds=0.0, lines=lines, **record)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        if hashlib.sha256(wasm).hexdigest() != artefact.digest:
            return None
        return replace(artefact, seconds=time.perf_counter() - started)

    def put(self, key: str, artefact: Artefact) -> None:
        """Keep an artefact. A folder that cannot be written to is no reason to fail."""
        record = {
            "digest": artefact.digest,
            "function_sizes": artefact.function_sizes,
            "data_sizes": artefact.data_sizes,
            "needed_by": artefact.needed_by,
            "lines": [asdict(function) for function in artefact.lines],
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._record(key).write_text(json.dumps(record), encoding="utf-8")
            self._wasm(key).write_bytes(artefact.wasm)
            self._drop_oldest()
        except OSError:
            return

    def _drop_oldest(self) -> None:
        modules = sorted(self._folder.glob("*.wasm"), key=lambda path: path.stat().st_mtime)
        for module in modules[:-_KEPT]:
            module.unlink(missing_ok=True)
            module.with_suffix(".json").unlink(missing_ok=True)

    def _wasm(self, key: str) -> Path:
        return self._folder / f"{key}.wasm"

    def _record(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def _lines_of(record: dict[str, Any]) -> FunctionLines:
    calls = tuple((offset, line) for offset, line in record.pop("calls"))
    parts = tuple(map(_lines_of, record.pop("parts")))
    return FunctionLines(**record, calls=calls, parts=parts)


def cache_key(program: Program) -> str:
    """A digest of all that an artefact depends on: sources, compiler, run-time, front end."""
    digest = hashlib.sha256(_compiler_digest())
    for name, module in sorted(program.modules.items()):
        for part in (name, module.display_path, module.text):
            digest.update(part.encode() + b"\0")
    digest.update(program.filter.name.encode())
    return digest.hexdigest()


@cache
def _compiler_digest() -> bytes:
    digest = hashlib.sha256(mypy.version.__version__.encode())
    for path in sorted([*_COMPILER.rglob("*.py"), _COMPILER / "runtime.wasm"]):
        digest.update(path.relative_to(_COMPILER).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()
