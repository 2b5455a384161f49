"""docs/kafka.md says which versions are understood."""

import re
from pathlib import Path

from adapters.ingestion.kafka import fetch, metadata, produce

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
    for reason in ("version", "malformed", "checksum", "codec", "too_large"):
        assert f"| `{reason}` |" in PAGE
