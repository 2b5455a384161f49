def main() -> None:
    s = "Straße ΑΣ İıß ﬁ ǅ"
    print(
        s.upper(), s.lower(), s.casefold(), s.title(), s.swapcase(), s.capitalize(), len(s.lower())
    )
    print(
        "a\tb\r\nc\x0bd\x0ce\x1cf\x85g\u2028h".splitlines(),
        "x".splitlines(),
        "".splitlines(),
        "\n".splitlines(True),
    )
    print(
        "  a  b ".split(),
        "  a  b ".split(" "),
        "a,b,c".split(",", 1),
        "a,b,c".rsplit(",", 1),
        "".split(),
        "".split(","),
        "\u3000a\xa0b".split(),
    )
    print(
        "abc".find("", 3),
        "abc".find("", 4),
        "abc".rfind(""),
        "aaa".count("aa"),
        "aaa".count(""),
        "abc".replace("", "-"),
        "abc".replace("b", "", 0),
        "abcabc".rfind("c", 0, 5),
        "éaé".rindex("é"),
    )
    print(
        "x".zfill(3),
        "-5".zfill(4),
        "+5".zfill(4),
        "".zfill(2),
        "ab".center(5, "*"),
        "ab".center(4),
        "abc".center(6, "-"),
        "é".ljust(3, "😀"),
    )
    print(
        "a-b-c".partition("-"), "a-b-c".rpartition("-"), "abc".partition("x"), "abc".rpartition("x")
    )
    print(
        "abc" in "xabcx",
        "" in "",
        "é" in "caf\u0065\u0301",
        "a" < "B",
        "é" > "z",
        "😀" > "\uffff",
        "abc" < "abcd",
    )
    print(
        repr("\x00\x1f\x7f\x80\xad\u200b\ud7ff\ue000\U0001f600\U000e0001"),
        repr("it's"),
        repr('say "hi"'),
        repr("both ' and \""),
        ascii("é😀\n"),
    )
    print(
        "ab".translate({97: "X", 98: None}),
        "abc".translate(str.maketrans("ab", "xy", "c")),
        "a{b}c".format(b=1),
        "%s" % "x",
    )
    print(
        "1²3".isdigit(),
        "1²3".isdecimal(),
        "½".isnumeric(),
        "Ab1".isalnum(),
        "_a1".isidentifier(),
        "Hello World".istitle(),
        " \t".isspace(),
        "".isalpha(),
        "ABC1".isupper(),
        "é".isascii(),
        "a\n".isprintable(),
    )
    print(
        "abc".expandtabs(),
        "a\tb\tcd\te".expandtabs(4),
        "\ta\n\tb".expandtabs(3),
        "prefix-x".removeprefix("prefix-"),
        "x.py".removesuffix(".py"),
    )
    print(
        "abc".startswith(("x", "a")),
        "abc".endswith(("c", "d")),
        "abc".startswith("b", 1),
        "abc".endswith("b", 0, 2),
        "abc".startswith(""),
        "".startswith("a"),
    )
    print(
        "ß".upper().lower(),
        "Ǆ".lower(),
        "ŉ".upper(),
        "İ".lower() == "i̇",
        "ὈΔΥΣΣΕΎΣ".lower(),
        "Σ".lower(),
        "aΣ".lower(),
        "aΣb".lower(),
    )
    print(
        " x ".strip(),
        "xxaxx".strip("x"),
        "abcba".lstrip("ab"),
        "abcba".rstrip("ab"),
        "\u2003x\u2003".strip(),
    )
    print(
        "😀é"[0],
        "😀é"[-1],
        "😀é"[::-1],
        "😀é" * 2,
        list("😀é"),
        len("😀é".encode()),
        "😀é".encode("utf-16-le").hex() if False else "",
    )
    print(
        "".join(chr(c) for c in range(0x370, 0x380)),
        max("hello"),
        min("hello"),
        sorted("hello"),
        "".join(reversed("añb")),
    )
    print(
        "%-10s|%5s|%05d|%+.1f" % ("é", "ñ", 42, 1.05),
        "abcdef",
        "ab",
        r"\n",
        "\N{BULLET}",
        "\u00e9" == "é",
    )
