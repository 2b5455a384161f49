"""The compiler of profile aot: typed Python to a small Wasm module, without a C toolchain.

    frontend  source -> typed IR        (mypy and mypyc, pinned)
    emit      IR -> symbols
    link      symbols and run-time -> module
"""
