from urllib.parse import (
    quote,
    unquote,
    urlsplit,
    parse_qs,
    parse_qsl,
    urlencode,
    quote_plus,
    unquote_plus,
    urlunsplit,
)


def main() -> None:
    for s in ("a b/c?d=é&x=%", "~-._ +", "", "日本"):
        print(quote(s), quote(s, safe=""), quote_plus(s), unquote(quote(s)), unquote_plus(s))
    for s in ("%41%zz%", "%e9", "%C3%A9+", "%2"):
        print(repr(unquote(s)), repr(unquote_plus(s)), repr(unquote(s, errors="replace")))
    for u in (
        "http://user:pw@Host.com:8080/p/a;x?q=1&r=2#frag",
        "//h/p",
        "/only/path?x",
        "mailto:a@b",
        "HTTPS://[::1]:443/",
        "a:b:c",
        "",
        "http://h:bad/",
        "http://h?x#y",
        "file:///etc/p",
    ):
        try:
            r = urlsplit(u)
            print(r, r.hostname, r.username, r.password, r.geturl(), urlunsplit(r))
            print(r.port)
        except ValueError as e:
            print(e)
    print(
        parse_qs("a=1&b=2&a=3&c=&d"),
        parse_qs("a=1&c=&d", keep_blank_values=True),
        parse_qsl("x=%20y+z&=v"),
        urlencode({"a": "b c", "é": "1&2"}),
        urlencode([("a", "1"), ("a", "2")]),
    )
