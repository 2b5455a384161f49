"""base64, hashlib, hmac and zlib of compiled filters against CPython's; CRC-32C against vectors."""

import pytest
from aiokafka.record.util import calc_crc32c
from hypothesis import given, settings
from hypothesis import strategies as st

from pal.checksum import crc32c
from tests.compiler.library.differential import differential

encoded = st.lists(st.sampled_from("AZaz09+/-_=\n é"), max_size=12).map("".join)


@settings(max_examples=300)
@given(st.binary(max_size=300) | encoded.map(lambda text: text.encode("latin-1")))
def test_as_in_cpython(data: bytes) -> None:
    differential("byte_tools").check(data)


@pytest.mark.parametrize("size", [55, 56, 57, 63, 64, 65, 119, 120, 1000, 100_000])
def test_sizes_around_blocks(size: int) -> None:
    differential("byte_tools").check(bytes(i & 255 for i in range(size)))


def test_nothing_is_left_behind() -> None:
    differential("byte_tools").check_growth(b"some request=")


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        # RFC 3720, appendix B.4
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
    ],
)
def test_crc32c(data: bytes, checksum: int) -> None:
    assert crc32c(data) == checksum
    assert crc32c(data[3:], crc32c(data[:3])) == checksum
    assert crc32c(b"xyz" + data, start=3) == checksum


@given(st.binary(max_size=300), st.integers(0, 20))
def test_crc32c_as_a_kafka_client_computes_it(data: bytes, start: int) -> None:
    assert crc32c(data, start=start) == calc_crc32c(data[start:])
