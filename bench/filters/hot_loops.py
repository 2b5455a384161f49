"""Loops of a filter's own Python, for `bench.python`; the configuration names one and a count."""

import json
from typing import Final

from pal import PluginContext, log

_MASK: Final = 0xFFFFFFFF
_COOKIE: Final = (
    "session=0a1b2c3d4e5f60718293a4b5c6d7e8f9; theme=dark; lang=en-GB; "
    "consent=analytics:0,ads:0,functional:1; tenant=gold; _ga=GA1.2.1234567890.1700000000"
)
_BODY: Final = bytes(range(256)) * 4
DOCUMENT: Final = (
    '{"order": {"id": 123456789, "customer": {"name": "Zoë Ångström", "email": "zoe@examp'
    'le.com", "address": {"street": "1 High Street", "city": "Reykjavík", "zip": "101", "'
    'geo": [64.1466, -21.9426]}}, "items": [{"sku": "A-1001", "title": "Woollen jumper, \\'
    '"Lopapeysa\\"", "quantity": 2, "price": 189.5, "tags": ["wool", "winter", "hand-knit"'
    ']}, {"sku": "B-2002", "title": "Liquorice", "quantity": 12, "price": 3.25, "tags": ['
    '"food"]}, {"sku": "C-3003", "title": "Guide to puffins", "quantity": 1, "price": 24.'
    '0, "tags": ["books", "birds", "nature"]}], "total": 442.0, "paid": true, "notes": nu'
    'll, "history": [{"at": "2024-02-29T12:00:00Z", "what": "created"}, {"at": "2024-02-2'
    '9T12:00:05Z", "what": "paid"}, {"at": "2024-03-01T08:30:00Z", "what": "shipped"}], "'
    'tracking": {"carrier": "Pósturinn", "number": "IS0012345678", "url": "https://exampl'
    'e.com/t/IS0012345678?lang=is&ref=order"}}}'
)


def parse_header(value: str) -> dict[str, str]:
    """The cookies of a header."""
    cookies: dict[str, str] = {}
    name = ""
    start = 0
    for place in range(len(value)):
        character = value[place]
        if character == "=" and not name:
            name = value[start:place]
            start = place + 1
        elif character == ";":
            cookies[name] = value[start:place]
            name = ""
            start = place + 2
    cookies[name] = value[start:]
    return cookies


def fnv1a(data: bytes) -> int:
    """A hash of bytes (FNV-1a, 32 bits)."""
    value = 0x811C9DC5
    for byte in data:
        value = (value ^ byte) * 0x01000193 & _MASK
    return value


def run(name: str, count: int) -> int:
    """Run a loop so often; something that depends on its results."""
    total = 0
    for _ in range(count):
        if name == "header":
            total += len(parse_header(_COOKIE))
        elif name == "hash":
            total += fnv1a(_BODY) & 1
        else:
            total += len(json.dumps(json.loads(DOCUMENT)))
    return total


class HotLoops(PluginContext):
    """Runs a loop when it is configured."""

    def on_configure(self) -> bool:
        """Run the loop that the configuration names."""
        name, _, count = self.configuration.decode().partition(" ")
        log.info(str(run(name, int(count))))
        return True
