"""CRC-32C."""

from aiokafka.record.util import calc_crc32c
from hypothesis import given
from hypothesis import strategies as st

from adapters.ingestion.kafka.crc32c import crc32c


def test_the_check_value() -> None:
    assert crc32c(b"123456789", 0) == 0xE306_9283


@given(st.binary(max_size=300), st.integers(0, 20))
def test_any_bytes(data: bytes, start: int) -> None:
    assert crc32c(data, start) == calc_crc32c(data[start:])
