"""The records of a batch without their compression, and with it again.

gzip is read here; what makes it is given by whoever has a compressor. Snappy, lz4 and zstd stay as
they are.
"""

from adapters.ingestion.kafka import record_batch
from adapters.ingestion.kafka.errors import CodecError, ProtocolError, TooLargeError
from adapters.ingestion.kafka.record_batch import BatchHead
from adapters.wire import gzip

NONE = "none"
GZIP = "gzip"


class Compressor:
    """Compresses; a subclass knows something that does."""

    def compress(self, data: bytes) -> bytes:
        """The bytes in zlib's format (RFC 1950); empty when they cannot be compressed."""
        raise NotImplementedError


def unpacked(batch: bytes, head: BatchHead, limit: int) -> bytes:
    """The records of a batch, uncompressed.

    Args:
        batch: All bytes of the batch, and nothing else.
        head: Its head.
        limit: Most bytes that compressed records may become.

    Raises:
        CodecError: nobody here reads their compression.
        TooLargeError: they become more.
        ProtocolError: they are not what their compression makes.
    """
    codec = head.codec
    if codec == NONE:
        return batch[record_batch.HEAD_BYTES :]
    if codec != GZIP:
        raise CodecError(f"records compressed by {codec}")
    packed = batch[record_batch.HEAD_BYTES :]
    if gzip.size_of(packed) > limit:
        raise TooLargeError(f"{gzip.size_of(packed)} bytes of compressed records")
    try:
        return gzip.decompress(packed, limit)
    except gzip.GzipError as error:
        raise ProtocolError(str(error)) from error


def packed(records: bytes, head: BatchHead, compressor: Compressor | None) -> bytes:
    """Records compressed as those of the batch that they come from.

    Raises:
        CodecError: they cannot be.
    """
    if head.codec == NONE:
        return records
    stream = b"" if compressor is None else compressor.compress(records)
    if not stream:
        raise CodecError("the proxy does not compress")
    return gzip.of_zlib(stream, records)
