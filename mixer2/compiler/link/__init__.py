"""The linker: symbols in, one Wasm module out.

object_file     runtime.wasm (relocatable) -> symbols
symbols         functions and data with references between them
reach           which symbols the roots need
folding         of equal functions, one
rare_functions  what no request runs through: bytecode, in large modules (bytecode*)
merging         what one call calls is a part of its caller
inlining        what keeps V8 from inlining much when a module starts
memory_image    what linear memory holds at the start; packing: where that is much
lines           where functions and their calls lie, for backtraces
module          addresses, indices, bytes
"""
