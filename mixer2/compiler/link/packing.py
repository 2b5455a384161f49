"""Static data made smaller by what repeats in it; build/runtime/unpack.c makes it whole again.

A packed text is a row of steps. A step is a byte with two lengths, the bytes that come next as they
are, and a place before the end of what is there already from which bytes are taken again:

    LLLL MMMM   L bytes follow; then M + 3 bytes from `distance` before the end, unless all is there
    15 in one   further bytes are added to the length, up to one that is not 255; of L first
    distance    one byte below 128; else two, the first with its highest bit set, big-endian
"""

from collections import defaultdict, deque

_LONGEST_NIBBLE = 15
_SHORTEST = 3
_NEAR = 0x80
_FAR = 0x8000

# Earlier places that are tried for each.
_TRIED = 24


def pack(data: bytes) -> bytes:
    """The packed text of data."""
    packed = bytearray()
    places: dict[bytes, deque[int]] = defaultdict(lambda: deque(maxlen=_TRIED))
    start = at = 0
    while at < len(data):
        length, distance = _longest_match(data, at, places)
        if length == 0:
            places[data[at : at + _SHORTEST]].appendleft(at)
            at += 1
            continue
        packed += _step(data[start:at], length, distance)
        for place in range(at, at + length):
            places[data[place : place + _SHORTEST]].appendleft(place)
        start = at = at + length
    if start < len(data):
        packed += _step(data[start:], 0, 0)
    return bytes(packed)


def _longest_match(data: bytes, at: int, places: dict[bytes, deque[int]]) -> tuple[int, int]:
    """Length and distance of what was there before; zeros when saying it is no shorter."""
    best = saved = distance = 0
    for place in places.get(data[at : at + _SHORTEST], ()):
        away = at - place
        if away >= _FAR:
            break
        if best and data[place + best : place + best + 1] != data[at + best : at + best + 1]:
            continue
        length = _common_length(data, place, at)
        gain = length - (1 if away < _NEAR else 2)
        if gain > saved:
            best, saved, distance = length, gain, away
    return (best, distance) if saved > 1 else (0, 0)


def _common_length(data: bytes, place: int, at: int) -> int:
    length = _SHORTEST
    step = 32
    while step:
        more = length + step
        if (
            at + more <= len(data)
            and data[place + length : place + more] == (data[at + length : at + more])
        ):
            length = more
        else:
            step //= 2
    return length


def _step(literals: bytes, length: int, distance: int) -> bytes:
    repeated = length - _SHORTEST if length else 0
    first = min(len(literals), _LONGEST_NIBBLE) << 4 | min(repeated, _LONGEST_NIBBLE)
    step = bytes([first]) + _rest(len(literals)) + literals
    if not length:
        return step
    place = (
        distance.to_bytes(1, "big") if distance < _NEAR else ((distance | _FAR).to_bytes(2, "big"))
    )
    return step + _rest(repeated) + place


def _rest(length: int) -> bytes:
    """What a length has beyond its four bits."""
    if length < _LONGEST_NIBBLE:
        return b""
    whole, rest = divmod(length - _LONGEST_NIBBLE, 0xFF)
    return b"\xff" * whole + bytes([rest])
