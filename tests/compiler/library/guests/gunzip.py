"""Reads a gzip member: its bytes as hex, or what is wrong with it."""

from adapters.wire import gzip

LIMIT = 1_000_000


def answer(request: bytes) -> list[str]:
    try:
        data = gzip.decompress(request, LIMIT)
    except gzip.GzipError as error:
        return [str(error)]
    return [str(len(data)), data[:1_000].hex(), data[-1_000:].hex()]
