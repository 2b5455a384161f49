import re
from re import compile as pattern_of
from re import error, escape, sub
from typing import Final

WORD: Final = r"[a-z_]\w*"
ASSIGNMENT = re.compile(
    rf"\s*({WORD})"  # not a constant: read when the module starts
    r"\s*=\s*(?P<value>.*)",
)
TENANT = pattern_of(r"^tenant-(?P<id>\d{1,6})(?:\.(?P<zone>[a-z]+))?$", re.IGNORECASE)
TOKENS = re.compile(
    r"""
    (?P<number> \d+ (?: \. \d+ )? )   # 1 or 1.5
    | (?P<name> [^\W\d]\w* )
    | (?P<other> \S )
    """,
    re.VERBOSE,
)


class Route:
    def __init__(self, pattern: str) -> None:
        self.pattern: re.Pattern[str] = re.compile(pattern)

    def find(self, path: str) -> "re.Match[str] | None":
        return self.pattern.fullmatch(path)


def tenant(text: str) -> str:
    found = TENANT.match(text)
    if found is None:
        return "none"
    zone: str | None = found["zone"]
    return f"{found.group('id')} {zone} {found.span('zone')} {found.lastgroup}"


def shout(found: re.Match[str]) -> str:
    return str(found[0]).upper()


def main() -> None:
    for text in ("tenant-1", "Tenant-22.eu", "tenant-1234567", "tenant-", "tenant-1\n"):
        print(tenant(text))
    for token in TOKENS.finditer("x1 = 2.5*é"):
        print(token.lastgroup, repr(token.group()), token.span(), token.groupdict())
    assigned = ASSIGNMENT.match("  a_1 = two words")
    if assigned is not None:
        print(assigned.groups(), assigned.re.groups, assigned.start("value"), assigned.end())
    found = Route(r"/v(\d+)/([^/]+)").find("/v1/a%20b")
    print(None if found is None else (found.group(1, 2), found.groups("-")))
    print(re.match("a" + r"b*", "abbb") is not None, re.fullmatch(WORD, "a-b"), re.search("b", "a"))
    print(re.sub(r"(\w+)@(\w+)", r"\2 at \g<1>", re.sub("é", "e", "mé@you, x@y"), count=1))
    print(sub("[aeiou]", shout, "vowels, some"), re.subn("o", "0", "foo", flags=re.A | re.I))
    print(re.split(r"\s*[,;]\s*", "a , b;c", maxsplit=1), re.findall(r"(a)|(b)", "abc"))
    print(re.findall(rb"\xff.", b"\xff\x00\xff\xff"), escape("a.b"), re.escape(b"[x]"))
    print(re.compile("a") == re.compile("a"), re.compile("a", re.I) == re.compile("a"))
    print(re.compile("a(b)?"), re.compile("a(b)?").match("a"), TENANT.groupindex, TENANT.groups)
    for wrong in ("(", "a**", "[z-a]", "\\", "(?P<1>x)", "x{2,1}"):
        try:
            print(re.compile(wrong))
        except error as problem:
            print(problem, problem.pos, problem.msg)
    try:
        print(re.match("a", "a").group("x"))  # type: ignore[union-attr]
    except IndexError as no_group:
        print(no_group)
