"""Cases of the dialect and random programs, natively under sanitizers: `make sanitize` calls it.

The run-time must be one of `build.py --watched`, which MIXER2_RUNTIME names. What a program prints
is compared with CPython. The last line gives the numbers of programs and of differences.
"""

import argparse
import itertools
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import wasmtime

from mixer2.compiler.frontend.program import load_program
from mixer2.compiler.pipeline import compile_program
from tests.compiler.dialect.harness import (
    CACHE,
    LEAVES_OBJECTS,
    all_cases,
    code,
    run_in_cpython,
    write_runner,
)
from tests.fuzz.compare import in_cpython, usable
from tests.fuzz.program import PRELUDE, PRELUDE_NAME, program
from tests.native.program import NativeRun, build_native, run_native

# Programs that are compiled together.
GROUP = 16

# Reads what the host was told to forbid: unless that is found, nothing here finds anything.
FAULTY = """\
(module
  (import "env" "mixer2_forbid" (func $forbid (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_initialize"))
  (func (export "malloc") (param i32) (result i32) i32.const 0)
  (func (export "live_objects") (result i32) i32.const 0)
  (func (export "proxy_on_context_create") (param i32 i32))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (drop (call $forbid (i32.const 64) (i32.const FORBIDDEN)))
    (i32.load8_u (i32.const 67))))
"""


def native(sources: dict[str, str], *, is_bytecode: bool) -> dict[str, NativeRun]:
    """Compile programs into one module, and run each natively."""
    with tempfile.TemporaryDirectory() as name, code(is_bytecode=is_bytecode):
        folder = Path(name)
        (folder / f"{PRELUDE_NAME}.py").write_text(PRELUDE)
        artefact = compile_program(load_program(write_runner(folder, sources)), CACHE)
        return run_native(build_native(artefact.wasm, folder), list(sources))


def faults_are_found(forbidden: int = 8) -> bool:
    """Whether the sanitizers see a module read where so many bytes are not in use."""
    faulty = FAULTY.replace("FORBIDDEN", str(forbidden))
    with tempfile.TemporaryDirectory() as folder:
        program = build_native(bytes(wasmtime.wat2wasm(faulty)), Path(folder))
        return "use-after-poison" in run_native(program, ["faulty"])["faulty"].failure


def _cases() -> Iterator[tuple[dict[str, str], dict[str, list[str]]]]:
    """Sources of groups of cases, and what each prints in CPython."""
    cases = all_cases()
    for first in range(0, len(cases), GROUP):
        group = cases[first : first + GROUP]
        yield (
            {case.stem: case.read_text() for case in group},
            {case.stem: run_in_cpython(case).lines for case in group},
        )


def _random_programs(seed: int) -> Iterator[tuple[dict[str, str], dict[str, list[str]]]]:
    for first in itertools.count(seed, GROUP):
        made = {f"program_{first + i}": program(first + i) for i in range(GROUP)}
        sources = usable(made)
        yield sources, {name: in_cpython(source) for name, source in sources.items()}


def _problem(run: NativeRun, expected: list[str], *, leaves_objects: bool) -> str:
    if run.failure:
        return run.failure
    if run.lines != expected:
        pairs = itertools.zip_longest(expected, run.lines)
        return next(f"CPython {a!r}, native {b!r}" for a, b in pairs if a != b)
    return f"{run.growth:+} live objects" if run.growth and not leaves_objects else ""


def main() -> None:
    """Run the cases, then random programs until the time is up."""
    parser = argparse.ArgumentParser(prog="python -m tests.native", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not shutil.which("wasm2c"):
        sys.exit("tests.native: wasm2c is missing; on Debian: apt install wabt")
    if not faults_are_found():
        sys.exit("tests.native: the sanitizers do not see a forbidden access")
    compared = differences = 0
    deadline = None
    groups = itertools.chain(_cases(), _random_programs(options.seed))
    for number, (sources, expected) in enumerate(groups):
        is_random = any(name.startswith("program_") for name in sources)
        if is_random and deadline is None:
            deadline = time.monotonic() + options.seconds
        if deadline is not None and time.monotonic() > deadline:
            break
        # Every other group is bytecode.
        for name, run in native(sources, is_bytecode=number % 2 == 1).items():
            compared += 1
            leaves_objects = sources[name].startswith(LEAVES_OBJECTS)
            problem = _problem(run, expected[name], leaves_objects=leaves_objects)
            if problem:
                differences += 1
                print(f"{name}: {problem}", flush=True)
    print(f"{compared} programs run natively, {differences} differences")
    sys.exit(1 if differences or not compared else 0)


if __name__ == "__main__":
    main()
