"""The compiler of profile aot: typed Python to a small Wasm module, without a C toolchain.

frontend  source -> typed IR        (mypy and mypyc, pinned)
emit      IR -> symbols
link      symbols and run-time -> module
pipeline  all of it: `build`
"""

from mixer2.compiler.errors import CompileError, Diagnostic
from mixer2.compiler.pipeline import Artefact, build

__all__ = ["Artefact", "CompileError", "Diagnostic", "build"]
