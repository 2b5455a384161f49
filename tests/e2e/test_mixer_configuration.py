"""One module, many configurations: bound late, swapped under traffic, refused without harm."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from mixer2.xds.modules import WasmModule
from tests.e2e.mixing import mixing

pytestmark = pytest.mark.envoy

EXAMPLE = Path(__file__).parents[2] / "examples/mixer.yaml"
BY_TENANT = {"tenant": "request.headers['x-tenant']"}


def counting(metric: str) -> dict[str, Any]:
    return {
        "handlers": {"seen": {"counter": {"metric": metric}}},
        "rules": [{"report": "seen", "with": BY_TENANT}],
    }


async def test_the_example_limits_users_and_counts_tenants(mixer: WasmModule) -> None:
    configuration = YAML(typ="safe").load(EXAMPLE.read_text())
    async with mixing(mixer, configuration) as proxy:
        ann = await proxy.statuses(40, x_user="ann", x_tenant="acme")
        bob = await proxy.statuses(1, x_user="bob")
        counted = await proxy.stats("mixer2_http_requests_total")
    assert ann[200] >= 10
    assert ann[429] >= 1
    assert bob[200] == 1
    series = "mixer2_http_requests_total{{tenant={},method=GET,code_class={}}}"
    assert counted == {
        series.format("acme", "2xx"): ann[200],
        series.format("acme", "4xx"): ann[429],
        series.format("unknown", "2xx"): 1,
    }


async def test_backends_change_by_configuration_only(mixer: WasmModule) -> None:
    several = {
        "handlers": {
            "seen": {"counter": {"metric": "second_total"}},
            "golden": {"metrics": {}},
            "lines": {"access_log": {"template": "{method} {path} {code} {tenant}"}},
        },
        "rules": [{"report": ["seen", "golden", "lines"], "with": BY_TENANT}],
    }
    async with mixing(mixer, counting("first_total")) as proxy:
        await proxy.get("/", x_tenant="acme")
        await proxy.change(several)
        await proxy.get("/there", x_tenant="acme")
        stats = await proxy.stats("_total")
        log = proxy.envoy.log()
    assert stats["first_total{tenant=acme}"] == 1
    assert stats["second_total{tenant=acme}"] == 1
    assert stats["mixer2_http_requests_total{tenant=acme,method=GET,code_class=2xx}"] == 1
    assert "GET /there 200 acme" in log


async def test_a_refused_configuration_names_the_place_and_changes_nothing(
    mixer: WasmModule,
) -> None:
    wrong = counting("second_total")
    wrong["rules"][0]["when"] = "request.methd == 'GET'"
    async with mixing(mixer, counting("first_total")) as proxy:
        sending = asyncio.create_task(proxy.statuses(300, x_tenant="acme"))
        await proxy.change(wrong)
        refusals = proxy.refusals()
        found = await sending
        await proxy.get("/", x_tenant="acme")
        stats = await proxy.stats("first_total")
        log = proxy.envoy.log()
    assert found == {200: 300}
    assert stats == {"first_total{tenant=acme}": 301}
    assert len(refusals) == 1
    assert "rules[0].when: column 1: unknown attribute request.methd; there are " in log
