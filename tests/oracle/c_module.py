"""The IR of programs as C, by mypyc's own back end: an extension module of CPython.

The same typed IR that the compiler emits Wasm from, before its own passes, goes through code of
other people, with CPython's objects and memory: an oracle of what the IR means.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import mypyc
from mypyc.codegen.emitmodule import GroupGenerator
from mypyc.namegen import NameGenerator
from mypyc.options import CompilerOptions

from mixer2.compiler.frontend.program import load_program
from mixer2.compiler.frontend.typecheck import LIBRARY_GROUP, typecheck
from mixer2.compiler.pipeline import compiling
from tests.compiler.dialect.harness import CACHE, write_runner
from tests.fuzz.program import PRELUDE, PRELUDE_NAME

NATIVES = Path(__file__).with_name("natives.c")

# The module of functions that `natives.c` has.
_LANGUAGE = "pystd._language"

_RUNTIME = Path(mypyc.__file__).with_name("lib-rt")
_HEADERS = Path(sysconfig.get_paths()["include"])


def missing() -> str:
    """What this machine lacks to make extension modules; "" for nothing."""
    if not _HEADERS.joinpath("Python.h").is_file():
        return "Python.h is missing; on Debian: apt install python3-dev"
    return ""


def _compiler() -> list[str]:
    """A C compiler: the machine's, or the one that the run-time is built with."""
    named = os.environ.get("CC") or shutil.which("cc")
    return [named] if named else [sys.executable, "-m", "ziglang", "cc"]


def build_c_module(sources: dict[str, str], folder: Path) -> Path:
    """Make an extension module of programs that the compiler takes.

    Args:
        sources: The programs, by module name.
        folder: Where files are written.

    Raises:
        subprocess.CalledProcessError: the C compiler refused; it said why.
    """
    (folder / f"{PRELUDE_NAME}.py").write_text(PRELUDE)
    with compiling():
        typed = typecheck(load_program(write_runner(folder, sources)), CACHE)
        chosen = [PRELUDE_NAME, *sources]
        generator = GroupGenerator(
            {name: ir for name, ir in typed.modules.items() if name in chosen},
            {name: f"{name}.py" for name in chosen},
            LIBRARY_GROUP,
            dict.fromkeys([*chosen, _LANGUAGE], LIBRARY_GROUP),
            NameGenerator([[*chosen, _LANGUAGE]]),
            CompilerOptions(),
        )
        for name, text in generator.generate_c_for_modules():
            (folder / name).write_text(text)
    target = folder / f"{LIBRARY_GROUP}__mypyc.so"
    include = [_HEADERS, _RUNTIME, folder]
    subprocess.run(
        [
            *(*_compiler(), "-O0", "-w", "-shared", "-fPIC"),
            *(f"-I{path}" for path in include),
            *(str(NATIVES), "-o", str(target)),
        ],
        check=True,
    )
    return target
