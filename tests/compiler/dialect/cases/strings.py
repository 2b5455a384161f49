def main() -> None:
    s = "Hello, Wörld €😀"
    print(len(s), s[0], s[-1], s[7:12], s[::-1], s[::2], s[1:-1:3], s[:5], s[-3:])
    print(s.upper(), s.lower(), s.title(), s.swapcase(), s.casefold(), s.capitalize())
    print(s.find("W"), s.find("zz"), s.rfind("l"), s.index("o"), s.count("l"), s.startswith("He"), s.endswith(("x", "😀")))
    print(s.replace("l", "L"), s.replace("l", "L", 1), s.split(), s.split(", "), "a,b,,c".split(","), "a,b,c".split(",", 1), "a b c".rsplit(" ", 1))
    print("  x ".strip(), "xxaxx".strip("x"), "xxaxx".lstrip("x"), "xxaxx".rstrip("x"), "-".join(["a", "b"]), "ab" * 3, "a" + "b")
    print("a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("z"), "l1\nl2\r\nl3".splitlines(), "x".center(5, "*"), "x".ljust(3) + "|", "x".rjust(3), "7".zfill(3))
    print("é" in s, "Wör" in s, "zz" not in s, "a" < "b", "a" == "a", "é" > "z", "abc" < "abd", "" < "a")
    print("abc".isalpha(), "123".isdigit(), "a1".isalnum(), " ".isspace(), "Ab".isupper(), "ab".islower(), "é".isalpha(), "ab".isascii())
    print([c for c in "aé😀"], list("ab"), sorted("bca"), ord("€"), chr(8364), "\n\t\\\"'", repr("\n\t\\\"'é\x00\x7f"), ascii("é"))
    print("a\tb".expandtabs(4), "prefix-x".removeprefix("prefix-"), "x.py".removesuffix(".py"))
    print("%s %d %5.2f %r %x %%" % ("a", 5, 3.14159, "q", 255), "%s" % 5, "%-5s|" % "x", "%05d" % 42)
    print("{} {}".format(1, "a"), "{0} {1} {0}".format("x", "y"), "{a} {b!r}".format(a=1, b="z"), "{:>5}|{:<5}|{:^5}|{:05.1f}".format("r", "l", "c", 2.55))
    name, width, value = "né", 8, 3.14159
    print(f"{name} {name!r} {name:>{width}} {value:.{2}f} {width:04} {{}} {name!s:*^10} {value=:.1f} {1 + 1}")
    print(f"{'nested ' + name}" "implicit" f"{len(name)}")
    print("""multi
line""", 'single', "raw \\ " r"\n", "\u00e9\x41\N{BULLET}")
    print(s.encode()[:5], s.encode("utf-8").decode(), "abc".encode("ascii"), "é".encode("latin-1"))
    try:
        "é".encode("ascii")
    except UnicodeEncodeError as error:
        print(error)
    for action in (lambda: "abc"[5], lambda: "abc".index("z"), lambda: chr(-1)):
        try:
            print(action())
        except (IndexError, ValueError) as error:
            print(type(error).__name__, error)
    print(s * 0 == "", not "", bool("x"), hash("a") == hash("a"), "abc"[1:2], "abc"[5:], "abc"[-100:2])
    a = "x"
    a += "y"
    a += "é"
    print(a, a is a, max("abc"), min("b", "a"), "a" "b", str(None), str(True), str([1]), str(b"x"))
    print("ΑΣ".lower(), "ß".upper(), "İ".lower(), "ŉ".upper(), "Σ".lower())
    print("".join(reversed("abc")), "a-b_c".replace("-", "_").split("_"))
    for name in ("a", "_", "1", "a1", "é", "aé", "·", "a·", "", "a b", "日本"):
        print(ascii(name), name.isidentifier())
