"""Packs and unpacks by a format; the request is the format, a newline, and bytes."""

import struct


def answer(request: bytes) -> list[str]:
    first, _, data = request.partition(b"\n")
    codes = first.decode()
    try:
        form = struct.Struct(codes)
        lines = [str(form.size), str(struct.calcsize(codes))]
        data = (data * (form.size + 1))[: form.size] if data else bytes(form.size)
        values = form.unpack(data)
        lines.append(repr(values))
        lines.append(repr(form.pack(*values)))
        lines.append(repr(struct.unpack_from(codes, b"xyz" + data + b"x", 3)))
        numbers: list[object] = [len(data), -len(data), len(data) * 10000000, 1.5, b"ab", True]
        for number in numbers:
            try:
                lines.append(repr(struct.pack(codes, *[number for _ in values])))
            except struct.error as error:
                lines.append(str(error))
            except OverflowError as too_large:
                lines.append(str(too_large))
        try:
            lines.append(repr(struct.unpack(codes, data + b"x")))
        except struct.error as no_fit:
            lines.append(str(no_fit))
    except struct.error as no_format:
        return [str(no_format)]
    except OverflowError:
        return ["too large"]
    return lines
