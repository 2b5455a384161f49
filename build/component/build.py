"""Builds the template of profile cpython: componentize-py's code and our glue in one core module.

The same sources and tools give the same bytes. Needs what `make artefacts` installs:
componentize-py, ziglang, and this folder's package-lock.json.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from refused import refusing_c

from mixer2.component.component_format import Component, read_component
from mixer2.component.componentize import componentize, installed_version
from mixer2.component.flatten import HOST, FlatComponent, FlatModule, flatten, main_module
from mixer2.component.prune import Range, UnknownFunctionError, prune, read_removed
from mixer2.component.stack_guard import Recursion, guard, is_interpreter, read_recursion
from mixer2.component.staging import stage
from mixer2.component.template import (
    GLUE_PAGE,
    TEMPLATE,
    Meta,
    Template,
    code_digest,
    write_template,
)
from mixer2.component.wasm_format import (
    DATA,
    DATA_COUNT,
    FUNCTION,
    GLOBAL,
    GLOBALS,
    IMPORTS,
    MEMORIES,
    TYPES,
    Global,
    Import,
    Reader,
    encode_globals,
    function_types,
    i32_constant,
    leb,
    module,
    read_exports,
    read_globals,
    read_imports,
    rename,
    sections,
    with_memory_pages,
)

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]
WIT = SOURCES / "wit" / "plugin.wit"
REMOVED = SOURCES / "removed.txt"
RECURSION = SOURCES / "recursion.txt"
GLUE = SOURCES / "glue"
BINARYEN = SOURCES / "node_modules" / ".bin"

# Any filter has the code; the smallest is the quickest.
SAMPLE = ROOT / "filters" / "hello.py"

PAGE = 65536
GLUE_BASE = GLUE_PAGE * PAGE
# The glue's stack is the second half of its page.
GLUE_STACK = GLUE_BASE + PAGE

COMPILE = [
    *("-target", "wasm32-freestanding", "-mcpu=mvp+bulk_memory+sign_ext+mutable_globals"),
    *("-std=c11", "-O2", "-g0", "-ffreestanding", "-fno-builtin", "-nostdlib", "-fno-ident"),
    *("-fno-sanitize=all", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"),
    *("-Wl,--no-entry", "-Wl,--import-memory", "-Wl,--strip-all"),
    *(f"-Wl,--global-base={GLUE_BASE}", f"-Wl,--initial-memory={GLUE_STACK}"),
    *("-Wl,-z,stack-size=16384", f"-DGLUE_BASE={GLUE_BASE}u"),
]
# What glue/hashes.c looks at.
ADDRESSES = {
    "HASH_SECRET": "libpython3.14.so:_Py_HashSecret",
    "RUNTIME": "libpython3.14.so:_PyRuntime",
}
FEATURES = [
    f"--enable-{feature}"
    for feature in (
        *("bulk-memory", "bulk-memory-opt", "sign-ext", "mutable-globals", "multivalue"),
        *("nontrapping-float-to-int", "reference-types", "simd", "extended-const"),
        *("call-indirect-overlong", "gc"),
    )
]
# The merged module's offsets become constants, and what is then unreachable goes.
OPTIMISE = [
    "--simplify-globals",
    "--remove-unused-module-elements",
    "--duplicate-function-elimination",
    "--remove-unused-module-elements",
]

# Stands for the snapshot while the modules are merged.
PLACEHOLDER = b"the snapshot goes here"


def build(target: Path) -> Template:
    """Build the template.

    Raises:
        subprocess.CalledProcessError: a tool refused; it said why.
        ComponentError: the component is not as expected.
    """
    removed = read_removed(REMOVED.read_text(encoding="utf-8"))
    wit = WIT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        staged = stage(
            folder, SAMPLE, wit, included=[], traced=[], removed=removed.modules, libraries=[]
        )
        componentize(staged, folder / "sample.wasm")
        component = read_component((folder / "sample.wasm").read_bytes())
        recursion = read_recursion(RECURSION.read_text(encoding="utf-8"))
        changed = _guarded(_pruned(component.modules, removed.ranges), recursion)
        flat = _without_snapshot(flatten(replace(component, modules=changed)))
        merged = _merge(flat, _glue(flat, folder, _addresses(component)), folder)
    template = Template(
        Meta(installed_version(), code_digest(component), removed.modules, source_digest()),
        wit,
        _finished(merged),
    )
    write_template(target, template)
    return template


def source_digest() -> str:
    """SHA-256, hexadecimal, over the sources and how they are compiled."""
    digest = hashlib.sha256(repr([COMPILE, FEATURES, OPTIMISE]).encode())
    scripts = [SOURCES / "refused.py", SOURCES / "package-lock.json"]
    files = [WIT, REMOVED, RECURSION, *scripts, *GLUE.iterdir()]
    for file in sorted(files):
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _pruned(modules: list[bytes], ranges: list[Range]) -> list[bytes]:
    pruned, found = [], set[Range]()
    for wasm in modules:
        smaller, here = prune(wasm, ranges)
        pruned.append(smaller)
        found |= here
    absent = set(ranges) - found
    if absent:
        raise UnknownFunctionError(
            f"{REMOVED.name}: no module has {', '.join(sorted(one.first for one in absent))}"
        )
    return pruned


def _guarded(modules: list[bytes], recursion: Recursion) -> list[bytes]:
    return [guard(wasm, recursion) if is_interpreter(wasm) else wasm for wasm in modules]


def _without_snapshot(flat: FlatComponent) -> FlatComponent:
    """Put a placeholder in the snapshot's place: merging tools need not carry it about."""
    segment = b"\0" + i32_constant(PAGE) + leb(len(PLACEHOLDER)) + PLACEHOLDER

    def emptied(wasm: bytes) -> bytes:
        parts = []
        for kind, content in sections(wasm):
            if kind == DATA:
                parts.append((kind, b"\1" + segment))
            elif kind == DATA_COUNT:
                parts.append((kind, b"\1"))
            elif kind == MEMORIES:
                parts.append((kind, with_memory_pages(content, GLUE_PAGE + 1)))
            else:
                parts.append((kind, content))
        return module(parts)

    modules = [
        FlatModule(one.name, emptied(one.wasm)) if one.name == flat.main else one
        for one in flat.modules
    ]
    return replace(flat, modules=modules)


def _addresses(component: Component) -> list[str]:
    """Where CPython's data lies that the glue knows, as definitions for the C compiler."""
    wasm = component.modules[main_module(component)]
    values = read_globals(dict(sections(wasm))[GLOBALS])
    exports = {one.name: one.index for one in read_exports(wasm) if one.kind == GLOBAL}
    return [
        f"-D{name}={Reader(values[exports[symbol]].value, symbol, at=1).signed()}u"
        for name, symbol in ADDRESSES.items()
    ]


def _glue(flat: FlatComponent, folder: Path, addresses: list[str]) -> bytes:
    """Compile the glue for a component, and name its imports as the component does."""
    needed = _needed(flat)
    files = sorted(GLUE.glob("*.c"))
    served = set(_exported_names(files))
    refused = "".join(
        refusing_c(name, parameters)
        for name, parameters in sorted(needed.items())
        if name not in served
    )
    (folder / "glue").mkdir()
    for file in [*files, *GLUE.glob("*.h")]:
        (folder / "glue" / file.name).write_bytes(file.read_bytes())
    (folder / "glue" / "refused.c").write_text(f'#include "glue.h"\n{refused}', encoding="utf-8")
    names = [*(file.name for file in files), "refused.c"]
    command = [sys.executable, "-m", "ziglang", "cc", *COMPILE, *addresses, *names]
    command += ["-o", "glue.wasm"]
    subprocess.run(command, cwd=folder / "glue", check=True, timeout=600)
    linked = _with_own_stack((folder / "glue" / "glue.wasm").read_bytes())
    memory = next(
        one.name
        for part in flat.modules
        if part.name == flat.main
        for one in read_exports(part.wasm)
        if one.name == f"{flat.main}:memory"
    )

    def resolved(found: Import) -> tuple[str, str]:
        if (found.module, found.name) == ("env", "memory"):
            return flat.main, memory
        if found.module == "guest":
            return flat.lifted[found.name]
        return found.module, found.name

    return rename(linked, resolved, lambda export: export.name)


def _needed(flat: FlatComponent) -> dict[str, bytes]:
    """Parameter types of each function that the component wants from outside."""
    needed = {}
    for part in flat.modules:
        content = dict(sections(part.wasm))
        types = function_types(content[TYPES]) if IMPORTS in content and TYPES in content else []
        for one in read_imports(part.wasm):
            if one.module == HOST and one.kind == FUNCTION:
                needed[one.name] = types[Reader(one.described, "import", at=1).number()][0]
    return needed


def _exported_names(files: list[Path]) -> list[str]:
    """What the C files export, as their macros put it together."""
    names = []
    for file in files:
        command = [sys.executable, "-m", "ziglang", "cc", *COMPILE[:3], "-E", "-P", file.name]
        done = subprocess.run(
            command, cwd=GLUE, check=True, timeout=600, capture_output=True, text=True
        )
        for piece in done.stdout.split("export_name(")[1:]:
            literals = piece.partition(",")[0].rstrip(") ")
            names.append("".join(literals.split('"')[1::2]))
    return names


def _with_own_stack(wasm: bytes) -> bytes:
    """Move the glue's stack, which the linker puts where the component has its own."""
    parts = []
    for kind, content in sections(wasm):
        if kind == GLOBALS:
            stack, *others = read_globals(content)
            moved = Global(stack.type, i32_constant(GLUE_STACK))
            parts.append((kind, encode_globals([moved, *others])))
        else:
            parts.append((kind, content))
    return module(parts)


def _merge(flat: FlatComponent, glue: bytes, folder: Path) -> bytes:
    inputs: list[str] = []
    for part in [*flat.modules, FlatModule(HOST, glue)]:
        path = folder / f"{part.name}.wasm"
        path.write_bytes(part.wasm)
        inputs += [path.name, part.name]
    _binaryen("wasm-merge", [*inputs, "-o", "merged.wasm"], folder)
    (folder / "open.wasm").write_bytes(
        _with_final_exports((folder / "merged.wasm").read_bytes(), flat)
    )
    _binaryen("wasm-opt", ["open.wasm", *OPTIMISE, "-o", "optimised.wasm"], folder)
    return (folder / "optimised.wasm").read_bytes()


def _with_final_exports(wasm: bytes, flat: FlatComponent) -> bytes:
    memory = f"{flat.main}:memory"

    def renamed(name: str) -> str | None:
        return (
            "memory"
            if name == memory
            else name
            if name.startswith(("proxy_", "envoy_on_"))
            else None
        )

    return rename(wasm, lambda one: (one.module, one.name), lambda export: renamed(export.name))


def _binaryen(tool: str, arguments: list[str], folder: Path) -> None:
    command = [str(BINARYEN / tool), *FEATURES, *arguments]
    done = subprocess.run(
        command, cwd=folder, check=False, timeout=1800, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{tool}: {done.stderr[-2000:]}")


def _finished(wasm: bytes) -> bytes:
    """The template's code: without the placeholder, names and other custom sections."""
    parts = []
    for kind, content in sections(rename(wasm, lambda i: (i.module, i.name), lambda e: e.name)):
        if kind == DATA:
            reader = Reader(content, "data section")
            count = reader.number()
            reader.take(1)
            reader.constant()
            if reader.take(reader.number()) != PLACEHOLDER:
                raise reader.error("the placeholder first", "something else")
            parts.append((kind, leb(count - 1) + content[reader.at :]))
        elif kind == DATA_COUNT:
            parts.append((kind, leb(Reader(content, "data count").number() - 1)))
        else:
            parts.append((kind, content))
    return module(parts)


def main() -> None:
    """Write the committed artefact, or another file to compare with it."""
    parser = argparse.ArgumentParser(description="Build the template of profile cpython.")
    parser.add_argument("--output", type=Path, default=TEMPLATE)
    target: Path = parser.parse_args().output
    try:
        template = build(target)
    except subprocess.CalledProcessError:
        sys.exit("build.py: not built, see above")
    code = dict(sections(template.code))[10]
    print(
        f"{target.name}: {target.stat().st_size} bytes, {len(template.code)} unpacked, "
        f"{len(code)} of code"
    )


if __name__ == "__main__":
    main()
