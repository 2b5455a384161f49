"""What is measured is built here: C by zig, AssemblyScript by npm, filters by mixer2.

Everything goes to `bench/.build`, and is built anew when its sources change.
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.errors import BenchError
from bench.run import Tools
from bench.works import REQUEST
from mixer2.compiler import CompileError
from mixer2.compiler import build as compile_filter
from mixer2.component.build import build as build_in_cpython
from mixer2.component.errors import ComponentError

BENCH: Final = Path(__file__).parent
BUILT: Final = BENCH / ".build"
FOREIGN: Final = BENCH / "foreign"

_WASM_FLAGS: Final = (
    *("-target", "wasm32-freestanding", "-mcpu=mvp+bulk_memory+sign_ext"),
    *("-O2", "-std=c11", "-ffreestanding", "-fno-builtin", "-nostdlib"),
    *("-Wall", "-Wextra", "-Werror", "-Wl,--no-entry", "-Wl,--strip-all"),
)
_PROGRAM_FLAGS: Final = ("-O2", "-std=c11", "-Wall", "-Wextra", "-Werror")
_LIBRARY_FLAGS: Final = (*_PROGRAM_FLAGS, "-shared", "-fPIC")
_ASSEMBLYSCRIPT_FLAGS: Final = (
    *("-O3", "--noAssert", "--runtime", "incremental"),
    *("--use", "abort=proxy_wasm/abort"),
)
_TIMEOUT_S: Final = 300


def tools() -> Tools:
    """The programs that every run needs."""
    BUILT.mkdir(exist_ok=True)
    request = BUILT / "request"
    request.write_bytes(REQUEST)
    return Tools(_program("load"), _program("upstream"), request)


def c_module(name: str, *, pairs: bool = False) -> Path:
    """A work by hand in C, without SDK; with `pairs` it fetches header maps as a whole."""
    folder = BENCH / "variants" / "c"
    sources = [folder / f"{name}.c", folder / "proxy_wasm.c"]
    flags = (*_WASM_FLAGS, *(["-DPAIRS"] if pairs else []))
    target = BUILT / f"c-{name}{'-pairs' if pairs else ''}.wasm"
    _compile_c(flags, sources, [folder / "proxy_wasm.h"], target)
    return target


def dynamic_library(name: str) -> Path:
    """A work in C as a dynamic module."""
    sources = [BENCH / "variants" / "dynamic" / f"{name}.c"]
    target = BUILT / f"dynamic-{name}.so"
    _compile_c(_LIBRARY_FLAGS, sources, [], target)
    return target


def mixer2_module(name: str) -> Path:
    """A work in Python, compiled by mixer2 in profile aot."""
    BUILT.mkdir(exist_ok=True)
    target = BUILT / f"mixer2-{name}.wasm"
    try:
        wasm = compile_filter(BENCH / "filters" / f"{name}.py").wasm
    except CompileError as error:
        raise BenchError("\n".join(map(str, error.diagnostics))) from error
    target.write_bytes(wasm)
    return target


def cpython_module(name: str) -> Path:
    """The same work in profile cpython."""
    BUILT.mkdir(exist_ok=True)
    target = BUILT / f"cpython-{name}.wasm"
    try:
        wasm = build_in_cpython(BENCH / "filters" / f"{name}.py").wasm
    except ComponentError as error:
        raise BenchError(str(error)) from error
    target.write_bytes(wasm)
    return target


def foreign_modules() -> list[Path]:
    """Modules that somebody else built to do F1."""
    return sorted(FOREIGN.glob("*.wasm"))


def missing_for_assemblyscript() -> str | None:
    """Why AssemblyScript cannot be built here; None when it can."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            return f"no {program} on PATH"
    return None


def assemblyscript_module(name: str) -> Path:
    """A work in AssemblyScript, with as little ABI glue as it needs."""
    folder = BENCH / "variants" / "assemblyscript"
    work = BUILT / "assemblyscript"
    packages = [folder / "package.json", folder / "package-lock.json"]
    if _is_stale(work / "installed", packages, ()):
        work.mkdir(parents=True, exist_ok=True)
        for file in packages:
            shutil.copy(file, work)
        _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], work)
        _note(work / "installed", packages, ())
    sources = sorted(folder.glob("*.ts"))
    target = BUILT / f"assemblyscript-{name}.wasm"
    if _is_stale(target, sources, _ASSEMBLYSCRIPT_FLAGS):
        for file in sources:
            shutil.copy(file, work)
        asc = work / "node_modules" / "assemblyscript" / "bin" / "asc.js"
        _run(["node", asc, f"{name}.ts", *_ASSEMBLYSCRIPT_FLAGS, "-o", target], work)
        _note(target, sources, _ASSEMBLYSCRIPT_FLAGS)
    return target


def _program(name: str) -> Path:
    folder = BENCH / "load"
    sources = [folder / f"{name}.c", folder / "common.c"]
    target = BUILT / name
    _compile_c(_PROGRAM_FLAGS, sources, [folder / "common.h"], target)
    return target


def _compile_c(
    flags: Sequence[str], sources: Sequence[Path], headers: Sequence[Path], target: Path
) -> None:
    BUILT.mkdir(exist_ok=True)
    if not _is_stale(target, [*sources, *headers], flags):
        return
    if importlib.util.find_spec("ziglang") is None:
        raise BenchError("ziglang is not installed; `make bench` and `make test` install it")
    zig = [sys.executable, "-m", "ziglang", "cc"]
    _run([*zig, *flags, "-o", target, *sources], BUILT)
    _note(target, [*sources, *headers], flags)


def _run(command: Sequence[str | Path], folder: Path) -> None:
    try:
        subprocess.run(
            list(map(str, command)),
            cwd=folder,
            check=True,
            timeout=_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"{command[0]} took more than {_TIMEOUT_S} s") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip()
        raise BenchError(f"{' '.join(map(str, command))}\n{said}") from error


def _digest(sources: Sequence[Path], flags: Sequence[str]) -> str:
    digest = hashlib.sha256(repr(tuple(flags)).encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _is_stale(target: Path, sources: Sequence[Path], flags: Sequence[str]) -> bool:
    noted = target.with_name(target.name + ".sources")
    if not noted.exists() or not target.exists():
        return True
    return noted.read_text(encoding="ascii") != _digest(sources, flags)


def _note(target: Path, sources: Sequence[Path], flags: Sequence[str]) -> None:
    target.touch()
    noted = target.with_name(target.name + ".sources")
    noted.write_text(_digest(sources, flags), encoding="ascii")
