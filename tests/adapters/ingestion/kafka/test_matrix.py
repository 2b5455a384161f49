"""docs/kafka.md says which versions are understood."""

import re
from pathlib import Path

import pytest

from adapters.ingestion.kafka import apis, fetch, metadata, produce
from adapters.ingestion.kafka.messages import (
    RequestHead,
    read_request_head,
    read_response_head,
)
from adapters.ingestion.kafka.reader import Reader
from tests.adapters.ingestion.kafka import wire

PAGE = (Path(__file__).parents[4] / "docs" / "kafka.md").read_text(encoding="utf-8")


def versions(api: str) -> tuple[int, int]:
    found = re.search(rf"^\| {api} \| (\d+) to (\d+) \|", PAGE, re.MULTILINE)
    assert found is not None
    return int(found[1]), int(found[2])


def test_the_versions_are_those_of_the_page() -> None:
    assert versions("Produce") == (produce.FIRST_VERSION, produce.LAST_VERSION)
    assert versions("Fetch") == (fetch.FIRST_VERSION, fetch.LAST_VERSION)
    assert versions("Metadata") == (metadata.FIRST_NAMING_VERSION, metadata.LAST_VERSION)


def test_every_reason_is_on_the_page() -> None:
    for reason in ("version", "malformed", "checksum", "codec", "too_large", "idempotent"):
        assert f"| `{reason}` |" in PAGE


def test_every_api_is_in_the_matrix() -> None:
    rows = re.findall(r"^\| (\d+) \| (\w+) \| 0 to (\d+) \| (\d+|-) \|", PAGE, re.MULTILINE)
    expected: list[tuple[str, str, str, str]] = []
    for key in apis.api_keys():
        last = int(rows[len(expected)][2])
        assert apis.known(key, last) is not None
        assert apis.known(key, last + 1) is None
        flexible = [version for version in range(last + 1) if apis.is_flexible(key, version)]
        first = str(flexible[0]) if flexible else "-"
        expected.append((str(key), apis.name_of(key), str(last), first))
    assert rows == expected


CLIENT_IDS = (None, "", "a-client", "é" * 100)
BODY = b"\xaa\xbb\xcc"


@pytest.mark.parametrize("key", apis.api_keys())
@pytest.mark.parametrize("part", ["request", "response"])
def test_headers_are_read_as_kafka_encodes_them(key: int, part: str) -> None:
    """Every version of every message that Kafka still speaks, encoded by kio."""
    versions_of_kio = wire.header_schemas(key, part)
    assert versions_of_kio
    for version, header in versions_of_kio.items():
        assert apis.known(key, version) is not None, version
        if part == "response":
            data = wire.encoded(header(correlation_id=77)) + BODY
            reader = Reader(data)
            assert read_response_head(reader, key, version) == 77
            assert reader.take(3) == BODY
            continue
        for client_id in CLIENT_IDS:
            fields = {"request_api_key": key, "request_api_version": version, "correlation_id": 77}
            data = wire.encoded(header(**fields, client_id=client_id)) + BODY
            reader = Reader(data)
            head = read_request_head(reader)
            assert head == RequestHead(key, version, 77, client_id or "")
            assert reader.take(3) == BODY
