"""DEFLATE, read: a function of the run-time in profile aot (build/runtime/inflate.c).

Source: RFC 1951.
"""

import zlib


def inflate(data: bytes, start: int, end: int, size: int) -> bytes:
    """What is compressed in a part of the data.

    Args:
        data: Holds the compressed bytes.
        start: The first of them.
        end: Behind the last of them.
        size: Bytes that come of it, so that nobody makes a gigabyte of a kilobyte.

    Raises:
        ValueError: the part is no DEFLATE stream, or none of `size` bytes.
    """
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = stream.decompress(data[start:end], size + 1)
        # Of nothing more the end of the stream may still be to be read.
        inflated += stream.decompress(stream.unconsumed_tail, 1) if not stream.eof else b""
    except zlib.error as error:
        raise ValueError("not a DEFLATE stream of that size") from error
    if len(inflated) != size or not stream.eof or stream.unused_data:
        raise ValueError("not a DEFLATE stream of that size")
    return inflated
