"""A plugin that traps at every request."""

from pathlib import Path

from wasmtime import wat2wasm

from e2e.world.world import World

_PROGRAM = """
(module
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param i32) (result i32) i32.const 1024)
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) unreachable))
"""


def trapping_module(world: World, name: str) -> Path:
    """Write the module beside the mesh file."""
    path = world.plan.folder / f"{name}.wasm"
    path.write_bytes(wat2wasm(_PROGRAM))
    path.chmod(0o644)
    return path
