"""The APIs of Kafka: their names, and which headers their messages have.

Source: Kafka protocol guide, "Protocol API Keys" and the message definitions of Kafka 4.1.
"""

from typing import Final

PRODUCE: Final = 0
FETCH: Final = 1
METADATA: Final = 3
OFFSET_COMMIT: Final = 8
OFFSET_FETCH: Final = 9
JOIN_GROUP: Final = 11
HEARTBEAT: Final = 12
SYNC_GROUP: Final = 14
API_VERSIONS: Final = 18

_NEVER: Final = 32_767


class Api:
    """One API.

    Attributes:
        name: What the protocol guide calls it.
        first_flexible: First version with compact types and tagged fields.
        last: Last version that is known here.
    """

    def __init__(self, name: str, first_flexible: int, last: int) -> None:
        self.name = name
        self.first_flexible = first_flexible
        self.last = last


_APIS: Final = {
    0: Api("Produce", 9, 13),
    1: Api("Fetch", 12, 18),
    2: Api("ListOffsets", 6, 11),
    3: Api("Metadata", 9, 13),
    8: Api("OffsetCommit", 8, 10),
    9: Api("OffsetFetch", 6, 10),
    10: Api("FindCoordinator", 3, 6),
    11: Api("JoinGroup", 6, 9),
    12: Api("Heartbeat", 4, 4),
    13: Api("LeaveGroup", 4, 5),
    14: Api("SyncGroup", 4, 5),
    15: Api("DescribeGroups", 5, 6),
    16: Api("ListGroups", 3, 5),
    17: Api("SaslHandshake", _NEVER, 1),
    18: Api("ApiVersions", 3, 4),
    19: Api("CreateTopics", 5, 7),
    20: Api("DeleteTopics", 4, 6),
    21: Api("DeleteRecords", 2, 2),
    22: Api("InitProducerId", 2, 6),
    23: Api("OffsetForLeaderEpoch", 4, 4),
    24: Api("AddPartitionsToTxn", 3, 5),
    25: Api("AddOffsetsToTxn", 3, 4),
    26: Api("EndTxn", 3, 5),
    27: Api("WriteTxnMarkers", 1, 2),
    28: Api("TxnOffsetCommit", 3, 5),
    29: Api("DescribeAcls", 2, 3),
    30: Api("CreateAcls", 2, 3),
    31: Api("DeleteAcls", 2, 3),
    32: Api("DescribeConfigs", 4, 4),
    33: Api("AlterConfigs", 2, 2),
    34: Api("AlterReplicaLogDirs", 2, 2),
    35: Api("DescribeLogDirs", 2, 5),
    36: Api("SaslAuthenticate", 2, 2),
    37: Api("CreatePartitions", 2, 3),
    38: Api("CreateDelegationToken", 2, 3),
    39: Api("RenewDelegationToken", 2, 2),
    40: Api("ExpireDelegationToken", 2, 2),
    41: Api("DescribeDelegationToken", 2, 3),
    42: Api("DeleteGroups", 2, 2),
    43: Api("ElectLeaders", 2, 2),
    44: Api("IncrementalAlterConfigs", 1, 1),
    45: Api("AlterPartitionReassignments", 0, 1),
    46: Api("ListPartitionReassignments", 0, 0),
    47: Api("OffsetDelete", _NEVER, 0),
    48: Api("DescribeClientQuotas", 1, 1),
    49: Api("AlterClientQuotas", 1, 1),
    50: Api("DescribeUserScramCredentials", 0, 0),
    51: Api("AlterUserScramCredentials", 0, 0),
    55: Api("DescribeQuorum", 0, 2),
    57: Api("UpdateFeatures", 0, 2),
    60: Api("DescribeCluster", 0, 2),
    61: Api("DescribeProducers", 0, 0),
    64: Api("UnregisterBroker", 0, 0),
    65: Api("DescribeTransactions", 0, 0),
    66: Api("ListTransactions", 0, 2),
    68: Api("ConsumerGroupHeartbeat", 0, 1),
    69: Api("ConsumerGroupDescribe", 0, 1),
    71: Api("GetTelemetrySubscriptions", 0, 0),
    72: Api("PushTelemetry", 0, 0),
    74: Api("ListConfigResources", 0, 1),
    75: Api("DescribeTopicPartitions", 0, 0),
    76: Api("ShareGroupHeartbeat", 1, 1),
    77: Api("ShareGroupDescribe", 1, 1),
    78: Api("ShareFetch", 1, 2),
    79: Api("ShareAcknowledge", 1, 2),
    80: Api("AddRaftVoter", 0, 1),
    81: Api("RemoveRaftVoter", 0, 0),
    90: Api("DescribeShareGroupOffsets", 0, 1),
    91: Api("AlterShareGroupOffsets", 0, 0),
    92: Api("DeleteShareGroupOffsets", 0, 0),
}


def api_keys() -> list[int]:
    """The numbers of all APIs that are known."""
    return list(_APIS)


def known(api_key: int, version: int) -> Api | None:
    """An API, when this version of it is known."""
    api = _APIS.get(api_key)
    return api if api is not None and 0 <= version <= api.last else None


def name_of(api_key: int) -> str:
    """What metrics and spans call an API."""
    api = _APIS.get(api_key)
    return f"Api{api_key}" if api is None else api.name


def is_flexible(api_key: int, version: int) -> bool:
    """Whether a version has compact types and tagged fields."""
    api = known(api_key, version)
    return api is not None and version >= api.first_flexible
