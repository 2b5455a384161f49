def main() -> None:
    big = 4611686018427387903
    low = -4611686018427387904
    vals = [
        big,
        low,
        0,
        -1,
        1,
        2**31,
        -(2**31),
        2**32,
        2**53,
        big - 1,
        low + 1,
        3037000499,
        -3037000499,
    ]
    for a in vals:
        for b in vals:
            for op in ("+", "-", "*", "//", "%", "&", "|", "^"):
                try:
                    if op == "+":
                        r = a + b
                    elif op == "-":
                        r = a - b
                    elif op == "*":
                        r = a * b
                    elif op == "//":
                        r = a // b
                    elif op == "%":
                        r = a % b
                    elif op == "&":
                        r = a & b
                    elif op == "|":
                        r = a | b
                    else:
                        r = a ^ b
                    if not low <= r <= big:
                        raise OverflowError
                    print(a, op, b, r)
                except OverflowError:
                    print(a, op, b, "overflow")
                except ZeroDivisionError as e:
                    print(e)
    for a in vals:
        print(
            hex(a),
            oct(a),
            bin(a),
            a.bit_length(),
            str(a),
            f"{a:,}",
            a >> 3,
            a >> 70,
            a >> 63,
            hash(a),
            float(a),
            int(str(a)),
            ~a if a != low else 0,
        )
        for s in (0, 1, 5, 40):
            try:
                r = a << s
                if not low <= r <= big:
                    raise OverflowError
                print(r)
            except OverflowError:
                print("overflow")
    print(
        (255).bit_count(),
        (1000).to_bytes(2, "little"),
        int.from_bytes(b"\xff\xfe", "big"),
        int.from_bytes(b"\xff\xfe", "little", signed=True),
        (-2).to_bytes(3, "big", signed=True),
        pow(3, 200, 1000007),
        pow(2, 10),
        divmod(low, 10),
        abs(low + 1),
    )
