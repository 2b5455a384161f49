"""The allocator, and how objects come and go."""

import random
from itertools import pairwise

import pytest
import wasmtime

from tests.runtime.harness import IMMORTAL, Handle, Runtime

SIZES = [0, 1, 4, 12, 13, 20, 28, 100, 252, 253, 300, 508, 509, 1000, 4096, 65536, 100_000, 1 << 20]


def test_blocks_are_aligned_disjoint_and_as_large_as_asked(runtime: Runtime) -> None:
    before = runtime.live_objects()
    blocks = []
    for size in SIZES * 3:
        address = runtime.raw("mixer2_alloc", size)
        assert address % 8 == 0
        assert runtime.raw("mixer2_capacity", address) >= size
        assert runtime.raw("mixer2_capacity", address) <= size * 1.26 + 16
        blocks.append((address, size))
    blocks.sort()
    for (address, size), (following, _) in pairwise(blocks):
        assert address + size <= following
    assert runtime.live_objects() == before + len(blocks)
    for address, _ in blocks:
        runtime.raw("mixer2_free", address)
    assert runtime.live_objects() == before


@pytest.mark.parametrize("seed", range(3))
def test_contents_survive_what_happens_around_them(runtime: Runtime, seed: int) -> None:
    chance = random.Random(seed)
    blocks: dict[int, bytes] = {}
    for step in range(2000):
        size = chance.choice([8, 16, 24, 40, 100, 300, 2000])
        content = bytes([step % 251]) * size
        action = chance.random()
        if action < 0.5 or not blocks:
            address = runtime.raw("mixer2_alloc", size)
            assert address not in blocks
        else:
            address = chance.choice([*blocks])
            kept = blocks.pop(address)
            assert runtime.read(address, len(kept)) == kept
            if action < 0.75:
                runtime.raw("mixer2_free", address)
                continue
            address = runtime.raw("mixer2_realloc", address, size)
            common = min(size, len(kept))
            assert runtime.read(address, common) == kept[:common]
        runtime.write(address, content)
        blocks[address] = content
    for address, content in blocks.items():
        assert runtime.read(address, len(content)) == content


def test_freed_blocks_are_used_again(runtime: Runtime) -> None:
    def take_and_free() -> None:
        for address in [runtime.raw("mixer2_alloc", size) for size in SIZES]:
            runtime.raw("mixer2_free", address)

    take_and_free()
    pages = runtime.memory.size(runtime.store)
    for _ in range(50):
        take_and_free()
    assert runtime.memory.size(runtime.store) == pages


@pytest.mark.parametrize("seed", range(3))
def test_large_blocks_of_any_size_do_not_pile_up(runtime: Runtime, seed: int) -> None:
    """Twenty held bodies at a time, of ever other sizes, take little more than their sum."""
    chance = random.Random(seed)
    held: list[tuple[int, int]] = []
    peak = 0
    for _ in range(3000):
        if len(held) == 20 or (held and chance.random() < 0.3):
            address, size = held.pop(chance.randrange(len(held)))
            assert runtime.read(address, 8) == runtime.read(address + size - 8, 8)
            runtime.raw("mixer2_free", address)
        else:
            size = chance.randrange(30_000, 1_000_000)
            address = runtime.raw("mixer2_alloc", size)
            mark = address.to_bytes(8, "little")
            runtime.write(address, mark)
            runtime.write(address + size - 8, mark)
            held.append((address, size))
        peak = max(peak, sum(size for _, size in held))
    for address, size in held:
        assert runtime.read(address, 8) == runtime.read(address + size - 8, 8)
    assert runtime.memory.data_len(runtime.store) < 1.6 * peak + 200_000


def test_free_large_blocks_become_one(runtime: Runtime) -> None:
    blocks = [runtime.raw("mixer2_alloc", 100_000) for _ in range(10)]
    runtime.raw("mixer2_alloc", 8)
    pages = runtime.memory.size(runtime.store)
    for address in random.Random(1).sample(blocks, 10):
        runtime.raw("mixer2_free", address)
    whole = runtime.raw("mixer2_alloc", 1_023_000)
    assert whole == min(blocks)
    assert runtime.memory.size(runtime.store) == pages


def test_free_and_realloc_of_null(runtime: Runtime) -> None:
    before = runtime.live_objects()
    runtime.raw("mixer2_free", 0)
    address = runtime.raw("mixer2_realloc", 0, 10)
    assert runtime.live_objects() == before + 1
    runtime.raw("mixer2_free", address)


@pytest.mark.parametrize("size", [0x7FFFFFF1, 0xFFFFFFFF])
def test_out_of_memory_traps(runtime: Runtime, size: int) -> None:
    with pytest.raises(wasmtime.Trap, match="unreachable"):
        runtime.raw("mixer2_alloc", size)


def test_a_refused_growth_traps(runtime: Runtime) -> None:
    runtime.store.set_limits(memory_size=runtime.memory.data_len(runtime.store) + (1 << 20))

    def exhaust() -> None:
        for _ in range(100):
            runtime.raw("mixer2_alloc", 100_000)

    with pytest.raises(wasmtime.Trap, match="unreachable"):
        exhaust()


def test_structures_of_any_depth_are_freed(runtime: Runtime) -> None:
    before = runtime.live_objects()
    outer = runtime.make([])
    for _ in range(20_000):
        wrapped = runtime.raw("PyList_New", 1)
        runtime.write(runtime.u32(wrapped + 16), outer.to_bytes(8, "little"))
        outer = wrapped
    runtime.release(outer)
    assert runtime.live_objects() == before


@pytest.mark.parametrize("size", [0, 1, 3, 4, 7, 8, 15, 16, 17, 31, 63, 64, 65, 100, 1000])
def test_copying_and_comparing(runtime: Runtime, size: int) -> None:
    content = bytes(range(256)) * 5
    area = runtime.raw("mixer2_alloc", 8192)
    source, target = area + 3, area + 4001
    runtime.write(source, content)
    runtime.write(target, bytes(1280))
    assert runtime.raw("memcpy", target, source, size) == target
    assert runtime.read(target, size + 1) == content[:size] + b"\0"
    assert runtime.raw("memcmp", target, source, size) == 0
    for shift in (-5, -1, 1, 5, 9, 70):
        runtime.write(source, content)
        runtime.raw("memmove", source + 100 + shift, source + 100, size)
        assert runtime.read(source + 100 + shift, size) == content[100 : 100 + size]
    runtime.write(target, bytes(1280))
    runtime.raw("memset", target, 0xA7, size)
    assert runtime.read(target, size + 1) == b"\xa7" * size + b"\0"
    if size:
        runtime.write(source, content)
        runtime.raw("memcpy", target, source, size)
        runtime.write(target + size - 1, b"\xff")
        assert runtime.raw("memcmp", target, source, size) > 0
        assert runtime.raw("memcmp", source, target, size) < 0


def test_static_objects_are_never_freed(runtime: Runtime) -> None:
    """Compiled code does not count the references that it takes to them, so their counts sink."""
    none = runtime.raw("&_Py_NoneStruct")
    runtime.write(none, (1).to_bytes(4, "little"))
    before = runtime.live_objects()

    runtime.raw("CPy_DecRef", none)

    assert runtime.u32(none) == IMMORTAL
    assert runtime.live_objects() == before


def test_static_text_does_not_grow_in_place(runtime: Runtime) -> None:
    empty = runtime.raw("&str_empty_")
    runtime.write(empty, (1).to_bytes(4, "little"))

    assert runtime.call("CPyStr_Append", Handle(empty), "a") == "a"

    assert runtime.u32(empty) == IMMORTAL
    assert runtime.read(empty + 24, 1) == b"\0"
