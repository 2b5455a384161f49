"""Changes to a stream of bytes."""


class Edit:
    """Bytes of the client that are to be replaced.

    Attributes:
        start: The first of them, counted from the connection's first byte.
        end: Behind the last of them.
        data: What comes in their place.
    """

    def __init__(self, start: int, end: int, data: bytes) -> None:
        self.start = start
        self.end = end
        self.data = data


def apply(edits: list[Edit], data: bytes, start: int) -> bytes:
    """Bytes with changes made.

    Args:
        edits: The changes, in order, all within `data`.
        data: Bytes of the stream.
        start: Where in the stream the first of them stands.
    """
    pieces: list[bytes] = []
    at = 0
    for edit in edits:
        pieces.append(data[at : edit.start - start])
        pieces.append(edit.data)
        at = edit.end - start
    pieces.append(data[at:])
    return b"".join(pieces)
