"""The scheme of docs/decisions/0006, against the real Envoy: what goes in, what Prometheus sees."""

import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from mixer2.envoy.bootstrap import Bootstrap, Node
from mixer2.envoy.errors import InvalidLabel
from mixer2.envoy.process import EnvoyProcess
from mixer2.envoy.stat_tags import WELL_KNOWN_LABELS, stats_tags
from tests.envoy.wasm_service import wasm_service

COUNTER, GAUGE, HISTOGRAM = 0, 1, 2
LABELS = ("tenant", "method", "code_class")

# Metric type and name -> the series in Prometheus.
SERIES = [
    (
        COUNTER,
        "t_requests_total{tenant=acme,method=GET,code_class=2xx}",
        't_requests_total{tenant="acme",method="GET",code_class="2xx"}',
    ),
    (COUNTER, "t_plain_total", "t_plain_total{}"),
    (COUNTER, "t_one_total{method=GET}", 't_one_total{method="GET"}'),
    (GAUGE, "t.open{tenant=a.b..c}", 't_open{tenant="a.b..c"}'),
    (HISTOGRAM, "t_ms{tenant=a,method=GET}", 't_ms_count{tenant="a",method="GET"}'),
    (COUNTER, "t_v{tenant=sp ace}", 't_v{tenant="sp ace"}'),
    (COUNTER, 't_v{tenant=qu"ote}', r't_v{tenant="qu\"ote"}'),
    (COUNTER, "t_v{tenant=back\\slash}", r't_v{tenant="back\\slash"}'),
    (COUNTER, "t_v{tenant=co:lon=|;}", 't_v{tenant="co:lon=|;"}'),
    (COUNTER, "t_v{tenant=zürich 日本}", 't_v{tenant="zürich 日本"}'),
    (COUNTER, "t_v{tenant=%2C%7B%7D%25%0A}", 't_v{tenant="%2C%7B%7D%25%0A"}'),
    (COUNTER, "t_v{tenant=.dot%2E}", 't_v{tenant=".dot%2E"}'),
    # Envoy's own rules must not see a value: `_rq_(\d{3})$` is a response code to them.
    (COUNTER, "t_v{tenant=x_rq_404}", 't_v{tenant="x_rq_404"}'),
    (COUNTER, "t_v{tenant=,method=x_rq_5xx}", 't_v{tenant="",method="x_rq_5xx"}'),
    # A label named inside a value is not a label.
    (COUNTER, "t_v{tenant=method=GET}", 't_v{tenant="method=GET"}'),
    # A label that the bootstrap does not know stays in the name, and takes nothing along.
    (COUNTER, "t_u{color=red,tenant=a}", 't_u_color_red{tenant="a"}'),
    (COUNTER, "t_long{tenant=" + "x" * 4096 + "}", 't_long{tenant="' + "x" * 4096 + '"}'),
]


def defining(metrics: Iterable[tuple[int, str]]) -> dict[str, Any]:
    """Bootstrap fields of an Envoy in which a plugin defines `metrics`."""
    wat = Path(__file__).with_name("metrics.wat").read_text(encoding="utf-8")
    config = b"".join(
        struct.pack("<BI", kind, len(name.encode())) + name.encode() for kind, name in metrics
    )
    return wasm_service(bytes(wasmtime.wat2wasm(wat)), config)


@pytest.mark.envoy
async def test_prometheus_shows_labels() -> None:
    metrics = [(kind, name) for kind, name, _ in SERIES]
    bootstrap = Bootstrap(node=Node("n"), labels=LABELS, extra=defining(metrics))
    async with EnvoyProcess(bootstrap) as envoy:
        prometheus = await envoy.admin.prometheus()
        counters = await envoy.admin.stats("^wasmcustom")
        histograms = await envoy.admin.histograms("^wasmcustom")

    shown = {line.rpartition(" ")[0]: line.rpartition(" ")[2] for line in prometheus.splitlines()}
    assert {series for _, _, series in SERIES} <= set(shown)
    # The plugin starts twice in a singleton bootstrap service: canary and itself.
    assert shown[SERIES[0][2]] == "14"
    assert counters["wasmcustom." + SERIES[0][1]] == 14
    assert histograms["wasmcustom.t_ms{tenant=a,method=GET}"].count == 2


def test_each_label_has_one_rule() -> None:
    assert [rule["tag_name"] for rule in stats_tags(["a", "b", "a"])] == ["a", "b"]
    assert len(stats_tags()) == len(WELL_KNOWN_LABELS)


def test_a_rule_takes_the_last_brace_along() -> None:
    (rule,) = stats_tags(["b"])
    found = re.search(rule["regex"], "wasmcustom.m{a=1,b=2}")
    assert found is not None
    assert found.groups() == (",b=2}", "2")


@pytest.mark.parametrize("label", ["", "9th", "a-b", "le", "__name__", "a.b", "tenant}"])
def test_a_label_prometheus_would_refuse_is_refused(label: str) -> None:
    with pytest.raises(InvalidLabel, match=re.escape(repr(label))):
        stats_tags([label])
