"""Packs a double as a smaller float."""

import struct


def answer(request: bytes) -> list[str]:
    value = float(struct.unpack("<d", request[1:])[0])
    try:
        return [repr(struct.pack("<" + request[:1].decode(), value))]
    except OverflowError as error:
        return [str(error)]
