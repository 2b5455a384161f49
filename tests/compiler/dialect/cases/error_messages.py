def attempt(n: int) -> object:
    d: dict[str, int] = {"a": 1}
    l = [1, 2]
    o: object = "text"
    z = n - n
    if n == 0:
        return d["missing"]
    if n == 1:
        return l[5]
    if n == 2:
        return 1 // z
    if n == 3:
        return 1 % z
    if n == 4:
        return 1.5 / z
    if n == 5:
        return int("12x")
    if n == 6:
        return float("abc")
    if n == 7:
        return "a".index("b")
    if n == 8:
        return l.index(9)
    if n == 9:
        l.remove(9)
    if n == 10:
        return b"\xff".decode()
    if n == 11:
        return "é".encode("ascii")
    if n == 12:
        return chr(-1)
    if n == 13:
        return ord("ab")
    if n == 14:
        return bytes([256])
    if n == 15:
        return "x".join([1])  # type: ignore[list-item]
    if n == 16:
        return max([])
    if n == 17:
        return next(iter([]))
    if n == 18:
        return {1: 2}.popitem() and dict[int, int]().popitem()
    if n == 19:
        return set[int]().pop()
    if n == 20:
        return int("z", 36), int("0x1f", 16), int("8", 8)
    if n == 21:
        return "ab" + 1  # type: ignore[operator]
    if n == 22:
        return o + 1  # type: ignore[operator]
    if n == 23:
        return len(5)  # type: ignore[arg-type]
    if n == 24:
        return d[[1]]  # type: ignore[index]
    if n == 25:
        return sorted([1, "a"])  # type: ignore
    if n == 26:
        return "%d" % "x"  # type: ignore
    if n == 27:
        return "%s %s" % (1,)  # type: ignore
    if n == 28:
        return "%s" % (1, 2)  # type: ignore
    if n == 29:
        return "{} {}".format(1)  # type: ignore
    if n == 30:
        return "{x}".format(y=1)  # type: ignore
    if n == 31:
        return 2**-z / z
    if n == 32:
        return 1 << -1 - z
    if n == 33:
        return round(float("nan"))
    if n == 34:
        return int(float("inf"))
    if n == 35:
        return [1] * -1, "ab" * -z
    if n == 36:
        return "abc".split("")
    if n == 37:
        return range(1, 5, z)
    if n == 38:
        return tuple([1])[3]
    if n == 39:
        return "abc"[10]
    if n == 40:
        return 0.0**-1
    if n == 41:
        return divmod(5, z)
    if n == 42:
        return int("")
    if n == 43:
        return (
            int("  42_000 "),
            int("-0b101", 0),
            int("0o17", 0),
            float(" 1e3 "),
            float("1_0.5"),
            int("٣"),
        )
    if n == 44:
        return "abc".center(10, "xy")
    if n == 45:
        return bytes("é", "latin-1"), str(b"\xe9", "latin-1"), b"abc".decode("utf-8", "strict")
    if n == 46:
        return list(zip([1], [1, 2], strict=True))
    if n == 47:
        return list(zip([1, 2], [1], strict=True))
    if n == 48:
        return dict[str, int]()["a"]
    if n == 49:
        return {(1, "x"): 1}[(2, "y")]
    if n == 50:
        return {1: 1}[2], {1.5: 1}[2.5]
    if n == 51:
        return sum(["a"])  # type: ignore[list-item]
    if n == 52:
        return "x" < 1  # type: ignore[operator]
    if n == 53:
        return -"x"  # type: ignore[operator]
    if n == 54:
        return b"ab".fromhex("zz")
    if n == 55:
        return bytearray(b"a").pop() and bytearray().pop()
    if n == 56:
        return (5).to_bytes(1, "big"), (300).to_bytes(1, "big")
    if n == 57:
        return (-1).to_bytes(2, "big")
    if n == 58:
        return chr(0xD800).encode()
    if n == 59:
        return enumerate(5)  # type: ignore[arg-type]
    return None


def main() -> None:
    for n in range(60):
        try:
            print(n, repr(attempt(n)))
        except Exception as e:
            print(n, type(e).__name__, e, e.args if n not in (10, 11, 58) else "")
