"""Profile cpython in the real Envoy: one start, since V8 takes seconds for each module."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.processes import free_port
from bench.variants.variant import TYPE
from mixer2.component.build import build
from mixer2.envoy.bootstrap import Bootstrap, Node
from mixer2.envoy.process import EnvoyProcess
from tests.component.recursing import ENDS_BY_ITSELF, RAISES

ROOT = Path(__file__).parents[2]
SCHEMA = {"type": "object", "required": ["sku"], "properties": {"sku": {"pattern": "^(?!TEST-)"}}}
_HTTP = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"

pytestmark = pytest.mark.envoy


def listener(name: str, port: int, module: Path, configuration: Any) -> dict[str, Any]:
    """A listener with one plugin, which answers by itself."""
    plugin = {
        "name": name,
        "configuration": {
            "@type": "type.googleapis.com/google.protobuf.StringValue",
            "value": json.dumps(configuration),
        },
        "allow_on_headers_stop_iteration": True,
        "vm_config": {
            "vm_id": name,
            "runtime": "envoy.wasm.runtime.v8",
            "code": {"local": {"filename": str(module)}},
            "environment_variables": {"key_values": {"STAGE": "blue"}},
        },
    }
    wasm = {
        "name": name,
        "typed_config": {
            "@type": TYPE + "envoy.extensions.filters.http.wasm.v3.Wasm",
            "config": plugin,
        },
    }
    router = {
        "name": "router",
        "typed_config": {"@type": TYPE + "envoy.extensions.filters.http.router.v3.Router"},
    }
    route = {"match": {"prefix": "/"}, "direct_response": {"status": 200}}
    manager = {
        "@type": TYPE + _HTTP,
        "stat_prefix": name,
        "http_filters": [wasm, router],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
    }
    return {
        "name": name,
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }


async def test_every_vm_hashes_by_a_seed_of_its_own(tmp_path: Path) -> None:
    module = tmp_path / "seeding.wasm"
    module.write_bytes(build(Path(__file__).parent / "seeding.py").wasm)
    ports = [free_port(), free_port()]
    listeners = [listener(f"seed {port}", port, module, {}) for port in ports]
    bootstrap = Bootstrap(node=Node("test"), labels=(), static_resources={"listeners": listeners})
    async with EnvoyProcess(bootstrap, ready_timeout=240), aiohttp.ClientSession() as client:

        async def ask(port: int, question: str) -> str:
            url = f"http://127.0.0.1:{port}/"
            async with client.get(url, headers={"x-do": question}) as response:
                return response.headers["x-answer"]

        hashes = {await ask(port, "hash") for port in ports}
        lost = [await ask(port, "found") for port in ports]

    assert len(hashes) == 2
    assert "built" not in hashes
    assert lost == ["", ""]


async def test_recursion_without_end_is_an_exception_in_envoy(tmp_path: Path) -> None:
    module = tmp_path / "recursing.wasm"
    module.write_bytes(build(Path(__file__).parent / "recursing.py").wasm)
    port = free_port()
    listeners = [listener("recursing", port, module, {})]
    bootstrap = Bootstrap(node=Node("test"), labels=(), static_resources={"listeners": listeners})
    async with (
        EnvoyProcess(bootstrap, ready_timeout=240) as envoy,
        aiohttp.ClientSession() as client,
    ):

        async def ask(kind: str) -> int:
            async with client.get(f"http://127.0.0.1:{port}/", headers={"x-do": kind}) as response:
                return response.status

        statuses = {kind: await ask(kind) for kind in (*RAISES, *ENDS_BY_ITSELF)}
        log = envoy.log()

    assert set(statuses.values()) == {200}, "a VM that has ended answers 503"
    assert log.count("Traceback (most recent call last)") == len(RAISES)
    assert log.count("RecursionError: ") > len(RAISES) - 6


async def test_filters_of_profile_cpython_in_envoy(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    modules = []
    for source in (ROOT / "filters/cpython/json_schema.py", Path(__file__).parent / "language.py"):
        module = tmp_path / f"{source.stem}.wasm"
        module.write_bytes(build(source).wasm)
        modules.append(module)
    listeners = [
        listener("schema", ports[0], modules[0], {"rules": [{"path": "/", "schema": SCHEMA}]}),
        listener("language", ports[1], modules[1], {}),
    ]
    bootstrap = Bootstrap(node=Node("test"), labels=(), static_resources={"listeners": listeners})
    async with (
        EnvoyProcess(bootstrap, ready_timeout=240) as envoy,
        aiohttp.ClientSession() as client,
    ):

        async def post(body: bytes) -> int:
            async with client.post(f"http://127.0.0.1:{ports[0]}/", data=body) as response:
                return response.status

        async def ask(question: str) -> str:
            url = f"http://127.0.0.1:{ports[1]}/"
            async with client.get(url, headers={"x-do": question}) as response:
                return response.headers.get("x-answer", "")

        statuses = [
            await post(body)
            for body in (
                b'{"sku": "ABC"}',
                b'{"sku": "TEST-1"}',
                b"{",
                b"[" * 100_000,
                b'{"sku": "ABC"}',
            )
        ]
        answers = {
            question: await ask(question)
            for question in (
                *("eval", "decimal", "recursion", "open", "thread", "sleep", "missing", "sys.exit"),
                *("socket", "abort", "signal", "exit", "input", "asyncio", "subprocess", "ssl"),
                *("environment", "count"),
            )
        }
        drawn = {await ask("random") for _ in range(4)}
        again = await ask("count")
        log = envoy.log()

    assert statuses == [200, 422, 400, 400, 200]
    assert answers["eval"] == "42"
    assert answers["decimal"] == "0.3"
    assert answers["recursion"] == "RecursionError"
    assert "no files in a proxy" in answers["open"]
    assert "no threads in a proxy's sandbox" in answers["thread"]
    assert "would hold up the proxy" in answers["sleep"]
    assert "build with --include colorsys" in answers["missing"]
    assert answers["environment"] == "blue, 1"
    assert (answers["count"], again) == ("1", "2")
    assert len(drawn) == 4
    assert "RuntimeError: sys.exit(): a filter cannot end the proxy" in log
    for question in ("abort", "signal", "exit"):
        assert "a filter cannot end the proxy" in answers[question]
    assert "no sockets in a proxy" in answers["socket"]
    assert "no standard input" in answers["input"]
    assert "never waits" in answers["asyncio"]
    assert "processes" in answers["subprocess"]
    assert "ModuleNotFoundError" in answers["ssl"]
