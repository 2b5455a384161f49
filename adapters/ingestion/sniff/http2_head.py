"""HTTP/2 with prior knowledge: the preface, and whether the first request is gRPC.

Source: RFC 9113 sections 3.4 and 4.1; RFC 7541 appendix B; gRPC over HTTP/2, "Requests".
"""

from typing import Final

from adapters.ingestion.sniff.verdict import Verdict

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

_FRAME_HEADER: Final = 9
_HEADERS: Final = 1
_CONTINUATION: Final = 9
_END_HEADERS: Final = 4
_MAX_FRAME: Final = 16_384

_CONTENT_TYPE: Final = b"application/grpc"
# The same in HPACK's Huffman code, where it ends at the end of a byte.
_CONTENT_TYPE_HUFFMAN: Final = b"\x1d\x75\xd0\x62\x0d\x26\x3d\x4c\x4d\x65\x64"


def is_grpc(head: bytes) -> Verdict:
    """Whether the first request on a connection is a gRPC call.

    Args:
        head: Bytes of the client from the preface on.
    """
    at = len(PREFACE)
    while len(head) >= at + _FRAME_HEADER:
        size = head[at] << 16 | head[at + 1] << 8 | head[at + 2]
        kind = head[at + 3]
        if size > _MAX_FRAME:
            return Verdict.NO
        end = at + _FRAME_HEADER + size
        if kind in (_HEADERS, _CONTINUATION):
            if len(head) < end:
                return Verdict.MORE
            block = head[at + _FRAME_HEADER : end]
            if _CONTENT_TYPE in block or _CONTENT_TYPE_HUFFMAN in block:
                return Verdict.YES
            if head[at + 4] & _END_HEADERS:
                return Verdict.NO
        at = end
    return Verdict.MORE
