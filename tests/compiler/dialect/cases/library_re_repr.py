import re


def main() -> None:
    for f in (0, re.I, re.M | re.S, re.A | re.X, re.I | re.A):
        print(re.compile("a'b", f), re.compile(b"ab", f & ~re.A))
    print(re.compile("x" * 300))
