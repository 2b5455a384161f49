"""What the mixer does with batches that a receiver does not take, natively and as Wasm."""

import json
from typing import Any

import pytest

from mixer2.testhost import Host, Response
from mixer2.testhost.plugin import Load

COUNTERS = ("calls", "errors", "dropped")


def exporting(load: Load, answer: Response) -> Host:
    handler: dict[str, Any] = {
        "access_log": {"cluster": "logs"},
        "buffer": {"size": 2, "interval": "100ms", "attempts": 3},
    }
    configuration = {"handlers": {"lines": handler}, "rules": [{"report": "lines"}]}
    return load("filters/mixer.py", configuration, clusters={"logs": answer}, leak_check=False)


def counts(host: Host) -> list[int]:
    return [host.stats[f"mixer2_report_{name}_total{{handler=lines}}"] for name in COUNTERS]


def paths(host: Host) -> list[list[str]]:
    return [
        [json.loads(line)["path"] for line in one.request.body.splitlines()]
        for one in host.http_callouts
    ]


@pytest.mark.parametrize("status", [400, 404, 413])
def test_a_batch_that_is_refused_does_not_come_again(load: Load, status: int) -> None:
    host = exporting(load, Response(status))
    for number in range(4):
        host.get(f"/{number}")
        host.advance(0.2)
    host.advance(10)
    sent = paths(host)
    assert len({path for batch in sent for path in batch}) == sum(len(batch) for batch in sent) == 4
    assert counts(host) == [len(sent), len(sent), 4]


@pytest.mark.parametrize("status", [429, 503])
def test_a_batch_that_fails_comes_again_and_is_given_up(load: Load, status: int) -> None:
    host = exporting(load, Response(status))
    host.get("/0")
    host.get("/1")
    host.advance(30)
    assert paths(host) == [["/0", "/1"]] * 3
    assert counts(host) == [3, 3, 2]
