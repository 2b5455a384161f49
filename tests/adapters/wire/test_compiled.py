"""The formats inside a module: of random values they make what plain Python makes."""

import json
import random
from typing import Any

import pytest
from envoy.service.auth.v3 import external_auth_pb2
from envoy.service.ratelimit.v3 import rls_pb2

from mixer2.testhost.plugin import Load
from tests.adapters.wire.encoding import all_lines

ALPHABET = 'abc "\\\n\t{}%é東😀\x00\x1f'
NAMES = ["traceparent", "tracestate", "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-sampled"]


class Values:
    """Random values."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self) -> str:
        return "".join(self._random.choices(ALPHABET, k=self._random.randrange(12)))

    def hex_id(self, digits: int) -> str:
        return f"{self._random.randrange(1, 16**digits):0{digits}x}"

    def number(self) -> str:
        return str(self._random.randrange(2 ** self._random.randrange(1, 62)))

    def span(self) -> dict[str, Any]:
        count = self._random.randrange(4)
        return {
            "trace_id": self.hex_id(32),
            "span_id": self.hex_id(16),
            "parent_id": self._random.choice(["", self.hex_id(16)]),
            "name": self.text(),
            "kind": self._random.choice(["SERVER", "CLIENT"]),
            "started_ns": str(self._random.randrange(2**61)),
            "duration_ns": str(self._random.randrange(2**60)),
            "names": [self.text() for _ in range(count)],
            "texts": [self.text() for _ in range(count)],
            "numbers": [self.number() for _ in range(count)],
            "failed": self._random.random() < 0.5,
            "trace_state": self.text(),
        }

    def context(self) -> dict[str, Any]:
        trace, span = self.hex_id(32), self.hex_id(16)
        good = {
            "traceparent": f"00-{trace}-{span}-0{self._random.randrange(4)}",
            "tracestate": "a=1, b=2",
            "b3": self._random.choice([f"{trace}-{span}-1", f"{span}-{span}", "0", "d"]),
            "x-b3-traceid": self._random.choice([trace, span, span.upper()]),
            "x-b3-spanid": span,
            "x-b3-sampled": self._random.choice(["0", "1", "true", "x"]),
        }
        names = [name for name in NAMES if self._random.random() < 0.5]
        values = [good[name] for name in names]
        if values and self._random.random() < 0.3:
            at = self._random.randrange(len(values))
            values[at] = values[at][: self._random.randrange(len(values[at]) + 1)] + self.text()
        return {"names": names, "values": values}

    def message(self) -> str:
        limit = rls_pb2.RateLimitResponse(overall_code=self._random.randrange(3))
        for _ in range(self._random.randrange(3)):
            status = limit.statuses.add(code=self._random.randrange(3))
            status.limit_remaining = self._random.randrange(2**32)
            status.current_limit.requests_per_unit = self._random.randrange(2**32)
            status.current_limit.unit = self._random.randrange(8)
            status.duration_until_reset.nanos = self._random.randrange(10**9)
            status.quota.requests = self._random.randrange(1000)
        authz = external_auth_pb2.CheckResponse()
        authz.status.code = self._random.randrange(-3, 3)
        header = authz.denied_response.headers.add().header
        header.key, header.value = "x-a", "é"
        chosen = self._random.randrange(3)
        if chosen == 2:
            return self._random.randbytes(self._random.randrange(30)).hex()
        data = bytearray((limit, authz)[chosen].SerializeToString())
        if data and self._random.random() < 0.4:
            data[self._random.randrange(len(data))] = self._random.randrange(256)
        return bytes(data).hex()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_formats_are_the_same_in_a_module(load: Load, seed: int) -> None:
    values = Values(seed)
    configuration = {
        "spans": [values.span() for _ in range(60)],
        "contexts": [values.context() for _ in range(200)],
        "messages": [values.message() for _ in range(300)],
    }
    data = json.dumps(configuration).encode()

    host = load("encoding.py", data)

    expected = all_lines(data)
    assert len(expected) > 1000
    assert host.log_lines == expected
