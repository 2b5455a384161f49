"""Messages as Kafka's own definitions encode them (kio), and batches as a client does."""

import datetime as dt
import importlib
import io
import re
import uuid
from pathlib import Path
from typing import Any

from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.record.util import calc_crc32c
from kio.records.readers import read_batch
from kio.schema.index import api_key_map
from kio.serial import entity_reader, entity_writer
from kio.static.primitive import Records

Header = tuple[str, bytes]
Record = tuple[bytes | None, bytes | None, list[Header]]

CORRELATION_ID = 77


def schema(name: str, version: int, part: str) -> Any:
    return importlib.import_module(f"kio.schema.{name}.v{version}.{part}")


def header_schemas(api_key: int, part: str) -> dict[int, Any]:
    """Kafka's header of every version of a `request` or `response`; their sources name it."""
    name = api_key_map[api_key]
    folder = Path(str(importlib.import_module("kio.schema").__file__)).parent / name
    found: dict[int, Any] = {}
    for source in folder.glob(f"v*/{part}.py"):
        line = re.search(
            r"from (kio\.schema\.\w+_header\.v\d+\.header) import (\w+)", source.read_text()
        )
        assert line is not None
        found[int(source.parent.name[1:])] = getattr(importlib.import_module(line[1]), line[2])
    return found


def encoded(entity: Any) -> bytes:
    buffer = io.BytesIO()
    entity_writer(type(entity))(buffer, entity)
    return buffer.getvalue()


def decoded(kind: Any, data: bytes) -> Any:
    entity, size = entity_reader(kind)(data, 0)
    assert size == len(data)
    return entity


def framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def request(body: Any, client_id: str | None = "a-client", correlation_id: int = 77) -> bytes:
    """A request with its size and header."""
    fields = {
        "request_api_key": body.__api_key__,
        "request_api_version": body.__version__,
        "correlation_id": correlation_id,
    }
    header = body.__header_schema__
    if header.__version__ >= 1:
        fields["client_id"] = client_id
    return framed(encoded(header(**fields)) + encoded(body))


def response(body: Any, correlation_id: int = CORRELATION_ID) -> bytes:
    """A response with its size and header."""
    return framed(encoded(body.__header_schema__(correlation_id=correlation_id)) + encoded(body))


def batch(records: list[Record], codec: int = 0, base_offset: int = 0, **producer: int) -> bytes:
    """A record batch as aiokafka writes it."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=codec,
        is_transactional=0,
        producer_id=producer.get("producer_id", -1),
        producer_epoch=producer.get("producer_epoch", -1),
        base_sequence=producer.get("base_sequence", -1),
        batch_size=1 << 30,
    )
    for offset, (key, value, headers) in enumerate(records):
        builder.append(offset, 1_700_000_000_000 + offset, key, value, headers)
    data = bytearray(builder.build())
    data[:8] = base_offset.to_bytes(8, "big")
    return bytes(data)


def parsed(data: bytes) -> list[Any]:
    """The records of a batch, with all that aiokafka reads of them."""
    batch = MemoryRecords(data).next_batch()
    return list(batch)


def records_of(data: bytes) -> list[Record]:
    """The records in batches, by aiokafka, which checks the checksums, and by kio where it can."""
    found: list[Record] = []
    batches = MemoryRecords(data)
    at = 0
    while (one := batches.next_batch()) is not None:
        assert one.validate_crc()
        records = [(record.key, record.value, list(record.headers)) for record in one]
        size = 12 + int.from_bytes(data[at + 8 : at + 12], "big")
        if data[at + 22] & 7 == 0:
            assert _records_by_kio(data[at : at + size]) == records
        at += size
        found += records
    return found


def _records_by_kio(data: bytes) -> list[Record]:
    batch, size = read_batch(data, 0)
    assert size == len(data)
    last = batch.base_offset + batch.last_offset_delta
    assert [one.offset for one in batch.records] == list(range(batch.base_offset, last + 1))
    return [
        (
            one.key,
            one.value,
            [((named.key or b"").decode(), named.value or b"") for named in one.headers],
        )
        for one in batch.records
    ]


def produce_request(
    version: int,
    batches: dict[tuple[str, int], bytes],
    acks: int = -1,
    transaction: str | None = None,
) -> Any:
    module = schema("produce", version, "request")
    topics: dict[str, list[Any]] = {}
    for (topic, partition), data in batches.items():
        topics.setdefault(topic, []).append(
            module.PartitionProduceData(index=partition, records=Records(data))
        )
    return module.ProduceRequest(
        transactional_id=transaction,
        acks=acks,
        timeout=dt.timedelta(seconds=1),
        topic_data=tuple(
            module.TopicProduceData(name=name, partition_data=tuple(partitions))
            for name, partitions in topics.items()
        ),
    )


def produce_response(version: int, results: dict[tuple[str, int], tuple[int, int]]) -> Any:
    """Results are error code and base offset."""
    module = schema("produce", version, "response")
    code = importlib.import_module("kio.schema.errors").ErrorCode
    topics: dict[str, list[Any]] = {}
    for (topic, partition), (error_code, base_offset) in results.items():
        fields: dict[str, Any] = {
            "index": partition,
            "error_code": code(error_code),
            "base_offset": base_offset,
            "log_append_time": None,
        }
        if version >= 5:
            fields["log_start_offset"] = 0
        if version >= 8:
            fields["record_errors"] = ()
            fields["error_message"] = "no" if error_code else None
        topics.setdefault(topic, []).append(module.PartitionProduceResponse(**fields))
    return module.ProduceResponse(
        responses=tuple(
            module.TopicProduceResponse(name=name, partition_responses=tuple(partitions))
            for name, partitions in topics.items()
        ),
        throttle_time=dt.timedelta(milliseconds=12),
    )


def fetch_request(version: int, topic: str = "") -> Any:
    """A request for the first partition of a topic, by its name; for nothing without one."""
    module = schema("fetch", version, "request")
    fields: dict[str, Any] = {
        "max_wait": dt.timedelta(milliseconds=500),
        "min_bytes": 1,
        "max_bytes": 1 << 20,
        "topics": (),
    }
    if version <= 14:
        fields["replica_id"] = -1
    if version >= 4:
        fields["isolation_level"] = 0
    if version >= 7:
        fields |= {"session_id": 0, "session_epoch": -1, "forgotten_topics_data": ()}
    if version >= 11:
        fields["rack_id"] = ""
    if topic:
        wanted: dict[str, Any] = {"partition": 0, "fetch_offset": 0, "partition_max_bytes": 1 << 20}
        if version >= 5:
            wanted["log_start_offset"] = -1
        if version >= 9:
            wanted["current_leader_epoch"] = -1
        partition = module.FetchPartition(**wanted)
        fields["topics"] = (module.FetchTopic(topic=topic, partitions=(partition,)),)
    return module.FetchRequest(**fields)


def fetch_response(
    version: int, batches: dict[tuple[str, int], bytes], topic_ids: dict[str, uuid.UUID]
) -> Any:
    module = schema("fetch", version, "response")
    code = importlib.import_module("kio.schema.errors").ErrorCode
    topics: dict[str, list[Any]] = {}
    for (topic, partition), data in batches.items():
        fields: dict[str, Any] = {
            "partition_index": partition,
            "error_code": code(0),
            "high_watermark": 100,
            "last_stable_offset": 100,
            "aborted_transactions": None,
            "records": Records(data),
        }
        if version >= 5:
            fields["log_start_offset"] = 0
        if version >= 11:
            fields["preferred_read_replica"] = -1
        topics.setdefault(topic, []).append(module.PartitionData(**fields))
    responses = []
    for name, partitions in topics.items():
        named = {"topic_id": topic_ids[name]} if version >= 13 else {"topic": name}
        responses.append(module.FetchableTopicResponse(partitions=tuple(partitions), **named))
    fields = {"throttle_time": dt.timedelta(milliseconds=3), "responses": tuple(responses)}
    if version >= 7:
        fields |= {"error_code": code(0), "session_id": 0}
    return module.FetchResponse(**fields)


def metadata_request(version: int) -> Any:
    module = schema("metadata", version, "request")
    fields: dict[str, Any] = {"topics": ()}
    if version >= 4:
        fields["allow_auto_topic_creation"] = False
    if 8 <= version <= 10:
        fields["include_cluster_authorized_operations"] = False
    if version >= 8:
        fields["include_topic_authorized_operations"] = False
    return module.MetadataRequest(**fields)


def metadata_response(version: int, topic_ids: dict[str, uuid.UUID]) -> Any:
    module = schema("metadata", version, "response")
    code = importlib.import_module("kio.schema.errors").ErrorCode
    partition = module.MetadataResponsePartition(
        error_code=code(0),
        partition_index=0,
        leader_id=1,
        leader_epoch=0,
        replica_nodes=(1, 2),
        isr_nodes=(1,),
        offline_replicas=(),
    )
    broker = module.MetadataResponseBroker(node_id=1, host="broker", port=9092, rack="r1")
    topics = tuple(
        module.MetadataResponseTopic(
            error_code=code(0),
            name=name,
            topic_id=topic_id,
            is_internal=False,
            partitions=(partition, partition),
            topic_authorized_operations=0,
        )
        for name, topic_id in topic_ids.items()
    )
    return module.MetadataResponse(
        throttle_time=dt.timedelta(0),
        brokers=(broker,),
        cluster_id="cluster",
        controller_id=1,
        topics=topics,
        **({"cluster_authorized_operations": 0} if version == 10 else {}),
        **({"error_code": code(0)} if version >= 13 else {}),
    )


def with_codec(data: bytes, codec: int) -> bytes:
    """A batch that says that its records are compressed in that way."""
    return sealed(data[:22] + bytes([codec]) + data[23:])


def sealed(data: bytes) -> bytes:
    """A batch with the length and checksum of its bytes."""
    head = data[:8] + (len(data) - 12).to_bytes(4, "big") + data[12:17]
    checksum: int = calc_crc32c(data[21:])
    return head + checksum.to_bytes(4, "big") + data[21:]
