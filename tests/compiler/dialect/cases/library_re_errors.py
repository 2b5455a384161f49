import re


def main() -> None:
    m = re.match(r"(?P<k>\w+)=(?P<v>[^;]*)(;|$)", "key=value; x")
    assert m
    print(
        m,
        m.groups(),
        m.groupdict(),
        m.span("v"),
        m["k"],
        m.lastgroup,
        m.lastindex,
        m.expand(r"\2-\g<k>"),
        m.start(3),
        m.end(),
    )
    print(
        re.findall(r"\d+", "a1b22"),
        re.findall(r"(a)(b)?", "abaa"),
        re.split(r"[,;]\s*", "a, b;c"),
        re.split(r"(-)", "a-b"),
        re.sub(r"(\w)(\d)", r"\2\1", "a1 b2"),
        re.sub("x*", "-", "abxd"),
        re.subn("a", lambda k: k.group().upper(), "banana", count=2),
        re.escape("a.b*c"),
    )
    print(
        [x.span() for x in re.finditer(r"\b", "ab cd")],
        re.fullmatch("a|ab", "ab"),
        re.search(r"(?i)HELLO", "say hello"),
        re.search(r"^b$", "a\nb\nc", re.M),
        re.match(r"(?x) a # c\n b", "ab"),
        re.search(r"[^\W\d_]+", "12é_x"),
        re.match(r"a{2,3}?", "aaaa"),
        re.search("ß", "SS", re.I),
        re.findall(r"(?:a|b)+?c", "aabc"),
        re.match(r"", "x"),
        re.split("", "ab"),
    )
    for p in (
        "(",
        "a**",
        "[z-a]",
        "(?P<1>a)",
        "\\",
        "a{2,1}",
        "*a",
        "(?P<n>a)(?P<n>b)",
        "[",
        "(?q)",
    ):
        try:
            print(re.compile(p))
        except re.error as e:
            print(p, e.msg, e.pos)
    c = re.compile("a+", re.I)
    print(
        c,
        c.pattern,
        c.flags,
        c.groups,
        c.search("xxAAa", 3),
        c.match("baa", 1),
        c.fullmatch("aab", 0, 2),
        c.sub("-", "aXaa"),
        c == re.compile("a+", re.I),
    )
