"""What stands between recursion in C and the end of V8's stack, on a module made for it."""

import pytest
import wasmtime

from mixer2.component.prune import UnknownFunctionError
from mixer2.component.stack_guard import guard, is_interpreter, read_recursion

# The limit is 712 bytes into memory, and `recurse` and `hash` go as deep as they are told.
INTERPRETER = """(module
  (memory (export "memory") 1)
  (global $stack (export "stack") (mut i32) (i32.const 65536))
  (func $Py_EnterRecursiveCall (param i32) (result i32)
    (i32.gt_u (i32.load (i32.add (i32.const 0) (i32.const 712))) (global.get $stack)))
  (func $_Py_EnterRecursiveCall (result i32) (i32.const 0))
  (func $_Py_ReachedRecursionLimitWithMargin (param i32 i32) (result i32)
    (i32.gt_u (i32.load (i32.add (local.get 0) (i32.const 712))) (global.get $stack)))
  (func $recurse (export "recurse") (param i32) (result i32)
    (if (i32.gt_u (i32.load (i32.add (i32.const 0) (i32.const 712))) (global.get $stack))
      (then (return (i32.const -2))))
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (call $recurse (i32.sub (local.get 0) (i32.const 1))))
  (func $hash (export "hash") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (call $hash (i32.sub (local.get 0) (i32.const 1)))))"""
RECURSION = read_recursion("[stack]\nre*e 1000  # a pattern\n* 500\n[unchecked]\nhash -1\n")


def named(text: str) -> bytes:
    """A module with the names that its text has."""
    return bytes(wasmtime.wat2wasm(text))


def test_functions_take_their_part_of_the_stack() -> None:
    wasm = named(INTERPRETER)
    assert is_interpreter(wasm)
    store = wasmtime.Store()
    module = wasmtime.Module(store.engine, guard(wasm, RECURSION))
    exports = wasmtime.Instance(store, module, []).exports(store)
    memory, recurse, hash_ = exports["memory"], exports["recurse"], exports["hash"]
    assert isinstance(memory, wasmtime.Memory)
    assert isinstance(recurse, wasmtime.Func)
    assert isinstance(hash_, wasmtime.Func)
    memory.write(store, (65536 - 10_000).to_bytes(4, "little"), 712)

    assert [recurse(store, depth) for depth in (0, 9, 10, 10_000)] == [0, 0, -2, -2]
    assert [hash_(store, depth) for depth in (0, 19, 20, 10_000)] == [0, 0, -1, -1]
    stack = exports["stack"]
    assert isinstance(stack, wasmtime.Global)
    assert stack.value(store) == 65536, "whatever was taken is given back"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("$hash", "$other", "CPython has no hash"),
        ("$Py_EnterRecursiveCall", "$enter", "CPython has no Py_EnterRecursiveCall"),
        ("(local.get 0) (i32.const 712)", "(local.get 0) (i32.const 716)", "does not load the end"),
    ],
)
def test_another_cpython_is_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(UnknownFunctionError, match=complaint):
        guard(named(INTERPRETER.replace(old, new)), RECURSION)
