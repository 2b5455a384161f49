"""CRC-32C."""

import crc32c as oracle
from hypothesis import given
from hypothesis import strategies as st

from adapters.ingestion.kafka.crc32c import crc32c


def test_the_check_value() -> None:
    assert crc32c(b"123456789", 0) == 0xE306_9283


@given(st.binary(max_size=300), st.integers(0, 20))
def test_any_bytes(data: bytes, start: int) -> None:
    assert crc32c(data, start) == oracle.crc32c(data[start:])
