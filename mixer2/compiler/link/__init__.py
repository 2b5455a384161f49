"""The linker: symbols in, one Wasm module out.

object_file   runtime.wasm (relocatable) -> symbols
symbols       functions and data with references between them
reach         which symbols the roots need
inlining      what keeps V8 from inlining much when a module starts
module        addresses, indices, sections, bytes
"""
