"""Metadata, versions 0 to 13: the names of topics by their ids.

Source: Kafka, MetadataResponse.json.
"""

from typing import Final

from adapters.ingestion.kafka.reader import UUID_BYTES, Reader

FIRST_NAMING_VERSION: Final = 10
"""Earlier versions have no ids."""

LAST_VERSION: Final = 13

_NO_ID: Final = bytes(UUID_BYTES)


def read_topic_names(reader: Reader, version: int) -> dict[bytes, str]:
    """The names of the topics in a response, by their ids. Before version 10 there are none.

    Raises:
        ProtocolError: it is no Metadata response.
    """
    names: dict[bytes, str] = {}
    if version < FIRST_NAMING_VERSION:
        return names
    reader.skip(4)
    for _ in range(reader.count()):
        reader.skip(4)
        reader.string()
        reader.skip(4)
        reader.string()
        reader.end()
    reader.string()
    reader.skip(4)
    for _ in range(reader.count()):
        reader.skip(2)
        name = reader.string()
        topic_id = reader.take(UUID_BYTES)
        if name and topic_id != _NO_ID:
            names[topic_id] = name
        reader.skip(1)
        for _ in range(reader.count()):
            reader.skip(2 + 4 + 4 + 4)
            for _ in range(3):
                reader.skip(4 * max(0, reader.count()))
            reader.end()
        reader.skip(4)
        reader.end()
    return names
