"""A module as a native program: wasm2c makes C of it, the C compiler a program with sanitizers.

So a program runs without wasmtime, and AddressSanitizer watches each access of emitted code and of
the run-time, which tells it what memory is in use (build/runtime/checked).
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HOST = Path(__file__).with_name("host.c")

# Where distributions put wasm2c's run-time.
_RUNTIME_FOLDERS = (Path("/usr/share/wabt/wasm2c"), Path("/usr/local/share/wabt/wasm2c"))

_COMPILE = [
    *(os.environ.get("CC", "cc"), "-std=gnu11", "-O0", "-g1", "-w"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
]
_OPTIONS = "detect_leaks=0:handle_segv=0:allow_user_segv_handler=1"
_MARK = re.compile(r"^= (growth|trap) (.*)$")


@dataclass(frozen=True, slots=True)
class NativeRun:
    """What a case printed natively, and what it left behind or why it stopped."""

    lines: list[str]
    growth: int
    failure: str = ""


def build_native(wasm: bytes, folder: Path) -> Path:
    """Make a native program of a module.

    Args:
        wasm: The module.
        folder: Where files are written.

    Raises:
        subprocess.CalledProcessError: wasm2c or the C compiler refused; it said why.
    """
    runtime = next(folder for folder in _RUNTIME_FOLDERS if folder.is_dir())
    (folder / "module.wasm").write_bytes(wasm)
    subprocess.run(
        [shutil.which("wasm2c") or "wasm2c", "module.wasm", "-n", "module", "-o", "module.c"],
        cwd=folder,
        check=True,
    )
    (folder / "stubs.c").write_text(_stubs((folder / "module.h").read_text()))
    program = folder / "program"
    sources = ["module.c", "stubs.c", str(HOST), str(runtime / "wasm-rt-impl.c")]
    include = ["-I", str(folder), "-I", str(runtime)]
    subprocess.run(
        [*_COMPILE, *include, *sources, "-o", str(program), "-lm", "-lpthread"],
        cwd=folder,
        check=True,
    )
    return program


def _stubs(header: str) -> str:
    """Host functions that `host.c` does not have: they answer 0."""
    own = set(re.findall(r"^u32 (Z_envZ_\w+)", HOST.read_text(), re.MULTILINE))
    declared = re.findall(r"^(u32 (Z_envZ_\w+)\(.*\));$", header, re.MULTILINE)
    bodies = []
    for declaration, name in declared:
        if name not in own:
            first, *others = re.split(r"(?=[,)])", declaration)
            named = "".join(f" a{i}{part}" for i, part in enumerate(others))
            bodies.append(f"{first}{named} {{ return 0; }}")
    return "\n".join(['#include "module.h"', *bodies, ""])


def run_native(program: Path, names: list[str]) -> dict[str, NativeRun]:
    """Run cases in one process; one that AddressSanitizer ends counts for the case that ran."""
    runs: dict[str, NativeRun] = {}
    waiting = list(names)
    while waiting:
        ended = subprocess.run(
            [program, *waiting],
            capture_output=True,
            check=False,
            timeout=600,
            env={**os.environ, "ASAN_OPTIONS": _OPTIONS, "UBSAN_OPTIONS": "print_stacktrace=1"},
        )
        output = ended.stdout.decode(errors="surrogateescape")
        found = _runs(output)
        runs |= found
        last = waiting[len(found) : len(found) + 1]
        if last:
            runs[last[0]] = NativeRun([], 0, ended.stderr.decode(errors="replace")[-3000:])
        waiting = waiting[len(found) + 1 :]
    return runs


def _runs(output: str) -> dict[str, NativeRun]:
    runs = {}
    name = ""
    lines: list[str] = []
    for line in output.split("\n"):
        if (mark := _MARK.match(line)) and name:
            growth = int(mark[2]) if mark[1] == "growth" else 0
            runs[name] = NativeRun(lines, growth, mark[2] if mark[1] == "trap" else "")
            name = ""
        elif not name and line.startswith("= "):
            name, lines = line.removeprefix("= "), []
        elif name:
            lines.append(line)
    return runs
