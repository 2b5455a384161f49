import struct
from struct import Struct, calcsize, pack, unpack

HEADER = Struct("!BBHI")


def main() -> None:
    data = HEADER.pack(4, 255, 65535, 4294967295)
    print(data, HEADER.unpack(data), HEADER.size, HEADER.format)
    for order in "@=<>!":
        for codes in ("bh", "xBq", "3sI", "c?e", "fd", "2H0i", "5p", "hhl", " b i ", "2x", ""):
            print(order + codes, calcsize(order + codes))
    print(pack("<bhiq", -1, -2, -3, -4), pack(">BHIQ", 1, 2, 3, 4), pack("bq", 1, 2))
    print(unpack("<bhiq", pack("<bhiq", -128, -32768, -2147483648, -4611686018427387904)))
    print(pack(">efd", 1.5, -0.1, 1e300), unpack(">efd", pack(">efd", 65504.0, 3.4e38, float("-inf"))))
    print(unpack("<3e", b"\x01\x00\xff\x03\x00\x7c"), pack("<e", 2.0**-25), pack("<e", 1.5 * 2.0**-25))
    print(pack("<?c5s3p", True, b"x", b"abc", b"abcd"), unpack("<?c5s3p", b"\1xabc\0\0\2ab"))
    print(struct.unpack_from(">H", b"abcd", 1), struct.unpack_from(">H", b"abcd", -2))
    print(list(struct.iter_unpack("<H", b"\1\0\2\0")), pack("!d", 1), unpack("<H", bytearray(b"\1\2")))
    wrong = (("b", 128), ("B", -1), ("<h", 40000), ("h", 40000), ("<I", -1), ("<Q", -1), ("q", "x"))
    for code, value in (*wrong, ("f", 1e39), ("e", 65520.0), ("s", "x"), ("c", b"xx"), ("d", "1"), ("H", -1)):
        try:
            print(pack(code, value))
        except struct.error as error:
            print(code, "error", error)
        except OverflowError as overflow:
            print(code, overflow)
    for formats in ("y", "3", "<n", "2", "<P"):
        try:
            print(calcsize(formats))
        except struct.error as bad:
            print(bad)
    for size in (0, 3, 8):
        try:
            print(unpack("<I", bytes(size)))
        except struct.error as no_fit:
            print(no_fit)
        try:
            print(struct.unpack_from("<I", bytes(size), 2))
        except struct.error as no_fit_from:
            print(no_fit_from)
    try:
        pack("<hh", 1)
    except struct.error as too_few:
        print(too_few)
    print(unpack("<qQ", pack("<qQ", -4611686018427387904, 4611686018427387903)))
