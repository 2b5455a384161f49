"""Consumer groups: which group a client belongs to.

JoinGroup, SyncGroup, Heartbeat and OffsetCommit name it first, OffsetFetch does before version 8.
"""

from typing import Final

from adapters.ingestion.kafka import apis
from adapters.ingestion.kafka.reader import Reader

_OFFSET_FETCH_OF_MANY: Final = 8


def read_group(reader: Reader, api_key: int, version: int) -> str:
    """The group that a request names; empty when this API names none.

    Raises:
        ProtocolError: it is no such request.
    """
    if api_key == apis.OFFSET_FETCH and version >= _OFFSET_FETCH_OF_MANY:
        return ""
    if api_key in (
        apis.JOIN_GROUP,
        apis.SYNC_GROUP,
        apis.HEARTBEAT,
        apis.OFFSET_COMMIT,
        apis.OFFSET_FETCH,
    ):
        return reader.string() or ""
    return ""
