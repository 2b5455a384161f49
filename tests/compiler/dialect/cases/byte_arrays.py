def main() -> None:
    a = bytearray(b"abc")
    a.append(100)
    a += b"ef"
    a.extend([103, 104])
    a[0] = 65
    print(a, len(a), a[0], a[-1], a[1:3], bytes(a), a == b"Abcdefgh", list(a)[:2])
    del a[0]
    a[0:2] = b"ZZZ"
    print(a, a.find(b"d"), b"de" in a, a.decode(), a.hex(), bytearray(3), bytearray(), bool(bytearray()))
    a.clear()
    print(a, a.startswith(b""), a + b"x")
