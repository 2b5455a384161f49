"""Where the host gives no more memory a program gets MemoryError, can handle it, and goes on."""

from pathlib import Path

import pytest
import wasmtime

from mixer2.compiler import build
from tests.compiler.dialect import harness
from tests.compiler.dialect.harness import CACHE, Instance, write_runner

MEMORY = 4 << 20

FILLING = {
    "strings": "kept: list[str] = []\n    while True: kept.append('ab' * (50_000 + len(kept)))",
    "ints": "kept: list[int] = []\n    while True: kept.append(len(kept) + (1 << 40))",
    "tuples": "kept: list[tuple[int, str]] = []\n    while True: kept.append((0, str(len(kept))))",
    "instances": "node: Node | None = None\n    while True: node = Node(node)",
    "dict of ints": "kept: dict[int, str] = {}\n    while True: kept[len(kept)] = str(len(kept))",
    "dict of str": "kept: dict[str, int] = {}\n    while True: kept[str(len(kept))] = 1",
    "dict of pairs": "kept: dict[tuple[int], int] = {}\n    while True: kept[(len(kept),)] = 1",
    "set": "kept: set[str] = set()\n    while True: kept.add('x' + str(len(kept)))",
    "growing text": "kept = 'abc'\n    while True: kept += kept",
    "growing bytes": "kept = b'abc'\n    while True: kept = kept + kept",
    "joined": "kept = ['abc']\n    while True: kept = [','.join(kept * 3)]",
    "repeated list": "kept = [1]\n    while True: kept = kept * 4",
    "extended list": "kept = [1]\n    while True: kept.extend(kept)",
    "width of str": "print(len(f'{str(HUGE):<{HUGE}}'))",
    "width of int": "print(len(f'{HUGE:0{HUGE}d}'))",
    "width of float": "print(len(f'{1.5:{HUGE}}'))",
    "precision": "print(len(f'{1.5:.{HUGE}f}'))",
    "percent": "print(len('%2000000000d' % HUGE))",
    "padding": "print(len('a'.ljust(HUGE)), len(b'a'.center(HUGE)))",
    "bytes": "print(len(bytes(HUGE)))",
    "bytearray": "print(len(bytearray(HUGE)))",
}

_PROGRAM = """
HUGE = int("2000000000")

class Node:
    def __init__(self, next: "Node | None") -> None:
        self.next = next

def fill() -> None:
    {filling}

def main() -> None:
    for _ in range(3):
        try:
            fill()
        except MemoryError as error:
            print("MemoryError", error)
    print("still alive", [str(i) for i in range(3)])
"""


@pytest.mark.parametrize("filling", FILLING.values(), ids=FILLING.keys())
def test_a_program_can_handle_that_memory_ran_out(
    filling: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness, "MEMORY_LIMIT", MEMORY)
    source = write_runner(tmp_path, {"filling": _PROGRAM.format(filling=filling)})
    module = wasmtime.Module(harness._engine(), build(source, cache_folder=CACHE).wasm)
    instance = Instance(module)

    expected = [*["MemoryError "] * 3, "still alive ['0', '1', '2']"]
    assert instance.run("filling") == expected
    live = instance.live_objects()
    assert instance.run("filling") == expected
    assert instance.live_objects() == live


def test_the_host_is_told_when_there_is_no_room_for_its_buffer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness, "MEMORY_LIMIT", MEMORY)
    source = write_runner(tmp_path, {"quiet": "def main() -> None:\n    print('quiet')\n"})
    instance = Instance(wasmtime.Module(harness._engine(), build(source, cache_folder=CACHE).wasm))

    assert instance.call("malloc", MEMORY) == 0
    assert instance.run("quiet") == ["quiet"]
