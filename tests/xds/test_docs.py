"""docs/xds.md: its example runs, and its figures are those of the code."""

import re
from pathlib import Path

from mixer2.xds import nodes, protos, stream
from mixer2.xds.admission import LONGEST_NAME, MOST_NAMES
from mixer2.xds.gateway import HttpGateway
from mixer2.xds.limits import Limits
from mixer2.xds.metrics import ServerMetrics
from mixer2.xds.nodes import Nodes
from tests.xds.test_protocol import CASES

TEXT = (Path(__file__).parents[2] / "docs" / "xds.md").read_text()


def test_the_example_makes_a_gateway() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    built, served = code.split("async with")
    names: dict[str, object] = {}
    exec(built, names)  # noqa: S102  our own page
    gateway = names["gateway"]
    assert isinstance(gateway, HttpGateway)
    gateway.snapshot().check()
    assert "server.cache.set(gateway.snapshot())" in served


def test_limits_are_those_of_the_code() -> None:
    limits = Limits()
    for said in (
        f"| streams in all | {limits.streams:,} |",
        f"| streams of a node | {limits.streams_per_node} |",
        f"| streams of a connection | {limits.streams_per_connection} |",
        f"| first request of a stream | within {limits.silence:g} s |",
        f"| {limits.burst:,} at once, {limits.requests_per_second:g} a second |",
        f"| names on a stream | {MOST_NAMES:,} of {LONGEST_NAME:,} characters |",
        f"| types on a stream | {stream._MOST_TYPES} |",
        f"| metadata of a node | {protos._MOST_METADATA >> 10} KB |",
        f"| nodes that are remembered after they left | {nodes._MOST_DISCONNECTED:,} |",
    ):
        assert said in TEXT


def test_metrics_that_are_named_exist_and_the_others_are_named() -> None:
    exported = {
        line.split()[2]
        for line in ServerMetrics(Nodes()).text().decode().splitlines()
        if line.startswith("# TYPE mixer2_xds_") and not line.split()[2].endswith("_created")
    }
    rows = [line for line in TEXT.splitlines() if line.startswith("| `mixer2_xds_")]
    found = re.findall(r"`([a-z0-9_]+)(?:\{\w+\})?`", "\n".join(rows))
    named = {one if one.startswith("mixer2_xds_") else f"mixer2_xds_{one}" for one in found}
    assert named == exported


def test_there_are_as_many_conversations_as_it_says() -> None:
    assert abs(len(CASES) - 130) <= 10
