"""WebAssembly as bytes: numbers, types and the opcodes that the compiler emits."""
