"""Build the plugins of other toolchains: `python -m tests.testhost.sdks.build`, for `make sdks`."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

_SOURCES: Final = Path(__file__).parent
BUILT: Final = Path(sys.prefix) / "sdks"
LANGUAGES: Final = ("cpp", "rust", "go")
_WASI: Final = "wasm32-wasi"


def module(language: str) -> Path:
    """Where the module of a language is, once it is built."""
    return BUILT / f"{language}.wasm"


def _cpp(output: Path) -> None:
    flags = ["-std=c++20", "-O2", "-fno-exceptions", "-Wl,--export=malloc,--strip-all"]
    _run(
        *(sys.executable, "-m", "ziglang", "c++", "-target", _WASI, "-mexec-model=reactor"),
        *(*flags, str(_SOURCES / "plugin.cc"), "-o", str(output)),
    )


def _rust(output: Path) -> None:
    flags = ["--edition", "2021", "--crate-type", "cdylib", "-C", "opt-level=2"]
    _run(
        *(_rustc(), "--target", _WASI, *flags, "-C", "panic=abort", "-C", "strip=symbols"),
        *(str(_SOURCES / "plugin.rs"), "-o", str(output)),
    )


def _rustc() -> str:
    """The first compiler that has the standard library of WASI, such as Debian's."""
    for compiler in (os.environ.get("RUSTC"), "/usr/bin/rustc", "rustc"):
        if compiler is None:
            continue
        asked = [compiler, "--print", "target-libdir", "--target", _WASI]
        try:
            answer = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            continue
        if Path(answer.strip()).is_dir():
            return compiler
    raise SystemExit(f"sdks: no rustc has the target {_WASI}; on Debian: libstd-rust-dev-wasm32")


def _go(output: Path) -> None:
    go = Path(sys.prefix) / "bin" / "go"
    target = {"GOOS": "wasip1", "GOARCH": "wasm", "GOTOOLCHAIN": "local"}
    _run(
        *(str(go), "build", "-buildmode=c-shared", "-ldflags=-s -w"),
        *("-o", str(output), str(_SOURCES / "plugin.go")),
        **target,
    )


def _run(*command: str, **environment: str) -> None:
    subprocess.run(command, check=True, env=os.environ | environment)


def main() -> None:
    """Build what is older than its source."""
    BUILT.mkdir(exist_ok=True)
    sources = {"cpp": "plugin.cc", "rust": "plugin.rs", "go": "plugin.go"}
    builders = {"cpp": _cpp, "rust": _rust, "go": _go}
    for language in LANGUAGES:
        source, output = _SOURCES / sources[language], module(language)
        if not output.exists() or output.stat().st_mtime < source.stat().st_mtime:
            sys.stdout.write(f"sdks: building {source.name}\n")
            sys.stdout.flush()
            builders[language](output)


if __name__ == "__main__":
    main()
