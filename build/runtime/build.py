"""Builds the guest run-time: every C file of this folder into one relocatable Wasm object.

`runtime.wasm` keeps its symbols and relocations, so that the compiler's linker can drop what a
program does not reach. The same sources give the same bytes wherever they are built: no debug
information, no paths, no times, and the files are linked in the order of their names.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mixer2.compiler.wasm import leb128

SOURCES = Path(__file__).resolve().parent
ARTEFACT = SOURCES.parents[1] / "mixer2" / "compiler" / "runtime.wasm"

# Beyond the MVP only what every Proxy-Wasm host has.
FEATURES = "bulk_memory+bulk_memory_opt+sign_ext+nontrapping_fptoint+mutable_globals"
COMPILE = [
    *("-target", "wasm32-freestanding", f"-mcpu=mvp+{FEATURES}"),
    *("-std=c11", "-g0", "-ffreestanding", "-fno-builtin"),
    *("-ffunction-sections", "-fdata-sections", "-fno-ident", "-fno-unroll-loops"),
    *("-Wall", "-Wextra", "-Werror"),
]
SHIPPED = ["-fno-sanitize=all"]
# Loads and stores of unaligned words are fine in Wasm, and the code uses them.
SANITIZE = ["-fsanitize=undefined", "-fsanitize-trap=all", "-fno-sanitize=alignment,function"]
# What requests run through all the time is made fast, everything else small.
HOT = frozenset(
    {
        *(
            "bytes",
            "checksum",
            "copy",
            "host_buffer",
            "host_numbers",
            "host_text",
            "hostcall",
            "hostcalls",
            "inflate",
        ),
        *("int", "memory", "pairs", "str_affix", "str_concat", "str_index", "table_str"),
        "utf8",
    }
)
# A custom section with a digest of all that the artefact was made from.
SOURCES_SECTION = "mixer2.sources"


def zig(*arguments: str, folder: Path) -> None:
    """Run the zig that the environment holds, in `folder`, so that no path enters the output."""
    subprocess.run(
        [sys.executable, "-m", "ziglang", *arguments], cwd=folder, check=True, timeout=600
    )


def compile_file(source: Path, objects: Path, options: list[str]) -> None:
    """Compile one C file of the run-time, or one that takes its place, into `objects`."""
    target = objects / f"{source.stem}.o"
    optimise = "-O2" if source.stem in HOT else "-Oz"
    include = ["-I", str(SOURCES)]
    command = [*COMPILE, optimise, *include, *options, "-c", source.name, "-o", str(target)]
    zig("cc", *command, folder=source.parent)


def build(
    target: Path, sources: Path = SOURCES, *, checked: bool = False, watched: bool = False
) -> None:
    """Compile and link all of `sources` into the relocatable object `target`.

    Args:
        target: The file to write.
        sources: The folder of the C files.
        checked: Trap on undefined behaviour and on misuse of memory; for tests.
        watched: The same, and the host is told which memory is in use.

    Raises:
        subprocess.CalledProcessError: the C compiler or the linker refused; it said why.
    """
    files = {file.stem: file for file in sorted(sources.glob("*.c"))}
    options = SHIPPED
    if checked or watched:
        files |= {file.stem: file for file in sorted((sources / "checked").glob("*.c"))}
        options = [*SANITIZE, *(["-DWATCHED"] if watched else [])]
    with tempfile.TemporaryDirectory() as folder:
        objects = Path(folder)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for _ in pool.map(lambda file: compile_file(file, objects, options), files.values()):
                pass
        names = [f"{stem}.o" for stem in files]
        zig("wasm-ld", "--relocatable", "-o", "linked.wasm", *names, folder=objects)
        linked = (objects / "linked.wasm").read_bytes()
    target.write_bytes(without_sections(linked) + digest_section(source_digest(sources)))


def sections(module: bytes) -> list[tuple[int, bytes, bytes]]:
    """Id, payload and raw bytes of each section of a Wasm module."""
    found = []
    at = 8
    while at < len(module):
        start, kind = at, module[at]
        size, at = leb128.read_unsigned(module, at + 1)
        found.append((kind, module[at : at + size], module[start : at + size]))
        at += size
    return found


def custom_name(payload: bytes) -> str:
    """Name of a custom section."""
    size, at = leb128.read_unsigned(payload, 0)
    return payload[at : at + size].decode()


def without_sections(module: bytes) -> bytes:
    """The module without what only debuggers and curious people read.

    Names are in the symbol table too, so the name section goes as well.
    """
    kept = [module[:8]]
    for kind, payload, raw in sections(module):
        name = custom_name(payload) if kind == 0 else ""
        if name in ("producers", "name") or name.startswith((".debug", "reloc..debug")):
            continue
        kept.append(raw)
    return b"".join(kept)


def source_digest(sources: Path = SOURCES) -> bytes:
    """SHA-256 over the C files, their names, and how they are compiled."""
    digest = hashlib.sha256(repr(COMPILE).encode())
    for file in sorted([*sources.glob("*.c"), *sources.glob("*.h")]):
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.digest()


def digest_section(digest: bytes) -> bytes:
    """The custom section that records a digest."""
    name = SOURCES_SECTION.encode()
    body = bytes([len(name)]) + name + digest
    return bytes([0, len(body)]) + body


def recorded_digest(module: bytes) -> bytes:
    """What `source_digest` was when the module was built."""
    name = SOURCES_SECTION.encode()
    for kind, body, _ in sections(module):
        if kind == 0 and custom_name(body) == SOURCES_SECTION:
            return body[1 + len(name) :]
    return b""


def count_functions(module: bytes) -> int:
    """How many functions the module defines."""
    return next(leb128.read_unsigned(body, 0)[0] for kind, body, _ in sections(module) if kind == 3)


def main() -> None:
    """Write the committed artefact, or the checked one for tests."""
    parser = argparse.ArgumentParser(description="Build the guest run-time.")
    parser.add_argument(
        "--checked", type=Path, metavar="FILE", help="write one that traps on undefined behaviour"
    )
    parser.add_argument(
        "--watched", type=Path, metavar="FILE", help="the same, for AddressSanitizer (tests.native)"
    )
    options = parser.parse_args()
    target = options.checked or options.watched or ARTEFACT
    try:
        build(target, checked=bool(options.checked), watched=bool(options.watched))
    except subprocess.CalledProcessError:
        sys.exit("build.py: not built, see above")
    module = target.read_bytes()
    print(f"{target.name}: {len(module)} bytes, {count_functions(module)} functions")


if __name__ == "__main__":
    main()
