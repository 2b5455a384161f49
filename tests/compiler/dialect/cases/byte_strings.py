def main() -> None:
    b = b"hello \xff\x00"
    print(b, len(b), b[0], b[-1], b[1:3], b[::-1], b[::2], list(b[:3]), bytes([1, 2, 3]), bytes(3), bytes("é", "utf-8"))
    print(b"a" + b"b", b"ab" * 2, b"a" in b"abc", 97 in b"abc", b"abc" == b"abc", b"a" < b"b", b"ab".upper(), b"x,y".split(b","), b",".join([b"a", b"b"]))
    print(b.find(b"l"), b.startswith(b"he"), b.endswith(b"\x00"), b.replace(b"l", b"L"), b" x ".strip(), b"k=v".partition(b"="), b.hex(), bytes.fromhex("00ff"))
    print(b"abc".decode(), b"\xc3\xa9".decode("utf-8"), b"\xff".decode("latin-1"), b"\xff".decode("utf-8", "replace"), b"abc".isalpha(), b"12".isdigit())
    try:
        b"\xff".decode()
    except UnicodeDecodeError as error:
        print(error)
    for value in b"ab":
        print(value)
    try:
        print(b[100])
    except IndexError as error:
        print(error)
    try:
        print(bytes([256]))
    except ValueError as error:
        print(error)
    print(repr(b"'\"\n"), hash(b"a") == hash(b"a"), bool(b""), {b"k": 1}[b"k"], b"a%db" % 5 if False else b"-")
    a = b""
    for i in range(3):
        a += bytes([65 + i])
    print(a, sorted(b"cab"), max(b"ab"), sum(b"\x01\x02"), int.from_bytes(b"\x01\x00", "little"))
