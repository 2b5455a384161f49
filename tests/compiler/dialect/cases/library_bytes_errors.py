import base64, binascii, hashlib, hmac, zlib


def main() -> None:
    b = b"Hello \xff\x00World"
    print(
        b,
        b.hex(),
        b.hex(":"),
        bytes.fromhex("48 65"),
        b.find(b"W"),
        b.split(b" "),
        b.upper(),
        b[1],
        b[1:3],
        b + b"!",
        b * 2,
        72 in b,
        b"lo" in b,
        list(b[:3]),
        b.decode("latin-1"),
        b.decode("utf-8", "replace"),
        b.decode("utf-8", "ignore"),
        b.decode("ascii", "backslashreplace"),
        b.startswith(b"He"),
        b.replace(b"l", b"L", 1),
        b.partition(b" "),
        b.count(b"l"),
        b.index(b"o"),
        b.isalpha(),
        b.strip(b"Hd"),
        b.rjust(20, b"."),
        b < b"I",
        hash(b) == hash(bytes(b)),
        bytes(3),
        bytes([1, 2]),
        bytes("é", "utf-8"),
        b"%d %s" % (1, b"x"),
    )
    ba = bytearray(b"abc")
    ba.append(100)
    ba.extend(b"ef")
    ba += b"g"
    ba[0] = 65
    del ba[1]
    ba.insert(0, 33)
    print(
        ba,
        bytes(ba),
        ba.pop(),
        ba.find(b"d"),
        ba == b"!Acdef",
        ba.decode(),
        ba[::-1],
        ba.hex(),
        len(ba),
        ba.upper(),
        bytearray(2),
        ba.copy(),
        ba * 2,
    )
    ba.reverse()
    ba.clear()
    print(
        ba,
        base64.b64encode(b),
        base64.b64decode("SGk="),
        base64.urlsafe_b64encode(b"\xff\xfe"),
        binascii.hexlify(b"a"),
        hashlib.sha256(b).hexdigest(),
        hmac.new(b"k", b, "sha256").hexdigest(),
        zlib.crc32(b),
        hmac.compare_digest(b"a", b"a"),
    )
    for s in ("SGk", "a", "!!!!", "SG=k"):
        try:
            print(base64.b64decode(s), base64.b64decode(s, validate=True))
        except binascii.Error as e:
            print(e)
    try:
        print(b"abc".decode("ascii"), b"\xe9".decode("ascii"))
    except UnicodeDecodeError as e2:
        print(e2, "")
    for bad in (
        b"\xc3",
        b"\xe2\x82",
        b"\xf5",
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"a\xffb",
        b"\xf0\x9f\x98",
    ):
        try:
            bad.decode()
        except UnicodeDecodeError as e3:
            print(e3)
        print(bad.decode("utf-8", "replace"), repr(bad.decode("utf-8", "surrogateescape")))
