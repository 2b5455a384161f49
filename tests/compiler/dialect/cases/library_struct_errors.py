import struct


def main() -> None:
    print(
        struct.pack(">BHIq", 1, 2, 3, -4),
        struct.pack("<3sxh?", b"ab", -2, True),
        struct.unpack(">Hb", b"\x01\x02\xff"),
        struct.calcsize("<BHI"),
        struct.calcsize("BHI"),
        struct.pack(">f", 1.5),
        struct.pack("<d", -2.25),
        struct.unpack("<d", struct.pack("<d", 0.1)),
    )
    print(
        struct.pack("5s", b"abcdefg"),
        struct.pack("!2H", 1, 2),
        struct.unpack_from(">I", b"xx\0\0\0\1", 2),
        list(struct.iter_unpack("<H", b"\1\0\2\0")),
        struct.pack("3p", b"abcd"),
        struct.unpack("4s", b"ab\0\0"),
    )
    for f in (0, 1, 2, 3, 4):
        try:
            if f == 0:
                struct.pack(">B", 256)
            if f == 1:
                struct.pack(">b", -129)
            if f == 2:
                struct.unpack(">I", b"abc")
            if f == 3:
                struct.pack(">BB", 1)
            if f == 4:
                struct.unpack_from(">I", b"abc", 2)
        except struct.error as e:
            print(e)
