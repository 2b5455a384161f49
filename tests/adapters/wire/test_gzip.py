"""gzip against Python's own, in plain Python and compiled (build/runtime/inflate.c)."""

import gzip as python_gzip
import random
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.wire import gzip
from adapters.wire.deflate import inflate
from tests.compiler.library.differential import differential

LIMIT = 1_000_000
STRATEGIES = [zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE]


def member(data: bytes, level: int, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    stream = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS + 16, 9, strategy)
    return stream.compress(data) + stream.flush()


def words(seed: int, size: int) -> bytes:
    """Bytes of which there is something to compress, of all lengths and distances."""
    source = random.Random(seed)
    parts: list[bytes] = []
    while sum(map(len, parts)) < size:
        if parts and source.random() < 0.7:
            parts.append(source.choice(parts))
        else:
            parts.append(source.randbytes(source.choice([1, 3, 40, 300])))
    return b"".join(parts)[:size]


texts = st.binary(max_size=200) | st.builds(words, st.integers(0, 999), st.integers(0, 5_000))


@given(texts, st.integers(0, 9), st.sampled_from(STRATEGIES))
def test_what_was_compressed_comes_back(data: bytes, level: int, strategy: int) -> None:
    assert gzip.decompress(member(data, level, strategy), LIMIT) == data


@settings(max_examples=200)
@given(texts, st.integers(0, 9), st.sampled_from(STRATEGIES))
def test_compiled_as_in_cpython(data: bytes, level: int, strategy: int) -> None:
    differential("gunzip").check(member(data, level, strategy))


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_large_members(level: int) -> None:
    for seed, size in enumerate([32_768, 65_535, 65_536, 300_000, 1_000_000]):
        differential("gunzip").check(member(words(seed, size), level))


@settings(max_examples=300)
@given(texts, st.data())
def test_broken_members_are_refused_alike(data: bytes, draw: st.DataObject) -> None:
    broken = bytearray(member(data, draw.draw(st.integers(0, 9))))
    for _ in range(draw.draw(st.integers(1, 3))):
        broken[draw.draw(st.integers(0, len(broken) - 1))] = draw.draw(st.integers(0, 255))
    cut = draw.draw(st.integers(1, len(broken)))
    differential("gunzip").check(bytes(broken[:cut]))
    differential("gunzip").check(bytes(broken))


@given(st.binary(max_size=100))
def test_only_gzip_errors_escape(noise: bytes) -> None:
    for data in (noise, python_gzip.compress(b"")[:10] + noise):
        with suppress(gzip.GzipError):
            gzip.decompress(data, LIMIT)


def test_a_bomb_is_refused_before_anything_is_made_of_it() -> None:
    bomb = python_gzip.compress(bytes(LIMIT + 1))
    with pytest.raises(gzip.GzipError, match="1000001 bytes in a gzip member, at most 1000000"):
        gzip.decompress(bomb, LIMIT)
    lying = bomb[:-4] + (1_000).to_bytes(4, "little")
    with pytest.raises(gzip.GzipError, match="stream is broken"):
        gzip.decompress(lying, LIMIT)
    differential("gunzip").check(bomb)
    differential("gunzip").check(lying)


def test_heads_with_names() -> None:
    stream = member(b"abc", 6)
    flagged = b"\x1f\x8b\x08\x1e" + stream[4:10] + b"\x02\0xxname\0comment\0hc" + stream[10:]
    assert gzip.decompress(flagged, 10) == b"abc"
    differential("gunzip").check(flagged)
    for end in range(len(flagged)):
        with pytest.raises(gzip.GzipError):
            gzip.decompress(flagged[:end], 10)


@given(texts)
def test_of_zlib(data: bytes) -> None:
    packed = gzip.of_zlib(zlib.compress(data), data)
    assert python_gzip.decompress(packed) == data
    assert gzip.decompress(packed, LIMIT) == data


def test_nothing_is_left_behind() -> None:
    differential("gunzip").check_growth(member(words(1, 1_000), 6))
    differential("gunzip").check_growth(b"no gzip")


def test_a_range_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="not a DEFLATE stream"):
        inflate(b"abc", 0, 3, 100)
