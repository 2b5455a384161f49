import urllib.parse
from urllib import parse
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit


def main() -> None:
    print(quote("/a b/é?~"), quote("a/b", safe=""), quote(b"\xff", ""), urllib.parse.quote_plus("a b+c"))
    print(unquote("%2Fa%20b%C3%A9%ff%zz%4"), parse.unquote_plus("a+b%2B"), unquote("é%C3%A9%C3é%A9"))
    print(parse.unquote_to_bytes("a%FFb"), unquote("%e9", "latin-1"), quote("é", encoding="latin-1"))
    parts = urlsplit("HTTPS://us%40er:pa:ss@Example.COM:8443/p/a;x?q=1&r=%20#frag?x")
    print(parts.scheme, parts.netloc, parts.path, parts.query, parts.fragment)
    print(parts.username, parts.password, parts.hostname, parts.port, parts.geturl(), parts[1])
    print(urlsplit("/just/a/path?x=1"), urlsplit("http://[::1%eth0]:80/").hostname)
    for wrong in ("http://[::1", "http://[1.2.3.4]/", "http://[vx.1]/", "http://[zz]/", "//h:x", "//h:99999"):
        try:
            print(urlsplit(wrong).port)
        except ValueError as error:
            print(error)
    print(parse_qs("a=1&b=2&a=3&c=&d&=e&%C3%A9=%20+"), parse_qs("a=1;b", separator=";"))
    print(parse.parse_qsl("a=&b", keep_blank_values=True), parse.parse_qsl(""))
    for strict in (True, False):
        try:
            print(parse.parse_qsl("a=1&b", strict_parsing=strict, max_num_fields=2))
            print(parse.parse_qsl("a=1&b&c", max_num_fields=2))
        except ValueError as error:
            print(error)
    print(urlencode({"a b": "c&d", "é": "/"}), urlencode([("x", "1"), ("x", "2")], safe="/"))
    print(parse.urlunsplit(("http", "h", "p", "q", "f")), parse.urlunsplit(("file", "", "/x", "", "")))
