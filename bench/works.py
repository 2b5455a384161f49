"""The works: what every variant has to do, and the request that it is done for.

F1  read the request header x-tenant, count per tenant, add a response header
F2  telemetry: read twelve attributes at log, eight of them the key of a counter (bytes) and a
    histogram (microseconds); health checks are left out
F3  a token bucket for all workers: in Wasm in shared data, by compare and swap

Tenants, and keys of F2, are bounded to 100; later ones count as `other`.
"""

from dataclasses import dataclass
from typing import Final

REQUEST: Final = (
    b"GET /orders/42?expand=items HTTP/1.1\r\n"
    b"host: shop.example\r\n"
    b"user-agent: bench/1.0\r\n"
    b"accept: application/json\r\n"
    b"accept-encoding: gzip, br\r\n"
    b"accept-language: en\r\n"
    b"authorization: Bearer 0123456789abcdef0123456789abcdef\r\n"
    b"cookie: session=0123456789abcdef; theme=dark\r\n"
    b"x-tenant: acme\r\n"
    b"\r\n"
)
"""Every request of every load."""

TENANT: Final = "acme"
HEADER: Final = ("x-bench", "f1")
"""What F1 adds."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """F3's configuration: how many tokens there are, and how many come back each second."""

    capacity: int
    per_second: int

    def __str__(self) -> str:
        return f"{self.capacity} {self.per_second}"


AMPLE: Final = Bucket(1_000_000, 1_000_000)
"""More than any load takes: what F3 is measured with."""

SCARCE: Final = Bucket(5, 0)
"""What shows that F3 limits: five requests pass, and then none."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a filter does.

    Attributes:
        name: As in the table: `F1`.
        title: What it does.
        stack: How many times the filter stands in the chain.
    """

    name: str
    title: str
    stack: int = 1


NOTHING: Final = Work("none", "no filter")
F1: Final = Work("F1", "read a header, count per tenant, add a header")
F1_STACK_4: Final = Work("F1 x4", "four filters, each F1", stack=4)
F1_STACK_8: Final = Work("F1 x8", "eight filters, each F1", stack=8)
F2: Final = Work("F2", "telemetry: 12 attributes, key of 8, counter and histogram at log")
F3: Final = Work("F3", "token bucket shared by all workers")
