"""A mesh file, served to a real Envoy."""

import asyncio
import json
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from mixer2.control.client import fetch_status
from tests.control.mesh_stage import (
    envoy,
    free_port,
    get,
    served,
    settled,
    until,
    write,
    write_probe,
)
from tests.control.upstreams import Upstream

pytestmark = pytest.mark.envoy


def mesh_of(port: int, upstream: Upstream, **more: Any) -> dict[str, Any]:
    """One listener with the probe filter, one service."""
    return {
        "version": 1,
        "listeners": {"web": {"port": port, "routes": "web", "filters": ["probe"]}},
        "routes": {"web": [{"to": "web"}]},
        "services": {"web": {"endpoints": [upstream.address]}},
        "filters": {"probe": {"code": "aaaa.wasm", "configuration": "one"}},
        **more,
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_probe(tmp_path, "aaaa")
    write_probe(tmp_path, "bbbb")
    return tmp_path / "mesh.yaml"


async def test_a_mesh_file_is_served_and_an_edit_is_live(path: Path, one: Upstream) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    write(path, mesh)
    async with served(path) as running, envoy(running):
        await until(port, (200, "one", "aaaa", "one"))
        mesh["filters"]["probe"]["configuration"] = "two"
        write(path, mesh)
        await until(port, (200, "one", "aaaa", "two"))
        mesh["filters"]["probe"]["code"] = "bbbb.wasm"
        write(path, mesh)
        await until(port, (200, "one", "bbbb", "two"))


async def test_a_bad_edit_is_refused_whole_and_what_runs_stays(path: Path, one: Upstream) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    write(path, mesh)
    async with served(path) as running, envoy(running) as proxy:
        await until(port, (200, "one", "aaaa", "one"))
        before = await proxy.admin.stats("update_(success|rejected)$|config_reload$")
        mesh["filters"]["probe"]["configuration"] = "two"
        mesh["routes"]["web"][0]["to"] = "nowhere"
        write(path, mesh)
        async with asyncio.timeout(5):
            while not running.plane.problems:
                await asyncio.sleep(0.02)
        (problem,) = running.plane.problems
        assert str(problem).startswith(f"{path}:10:9:")
        assert "there is no service 'nowhere'; there is: web" in problem.what
        await asyncio.sleep(0.3)
        assert await get(port) == (200, "one", "aaaa", "one")
        assert await proxy.admin.stats("update_(success|rejected)$|config_reload$") == before
        # Mended, it is live, with the other change that came with it.
        mesh["routes"]["web"][0]["to"] = "web"
        write(path, mesh)
        await until(port, (200, "one", "aaaa", "two"))
        assert running.plane.problems == ()


async def test_what_does_not_change_is_not_pushed(path: Path, one: Upstream) -> None:
    port = free_port()
    write(path, mesh_of(port, one))
    async with served(path) as running, envoy(running) as proxy:
        await until(port, (200, "one", "aaaa", "one"))
        before = await proxy.admin.stats("update_success$|config_reload$")
        loaded = running.plane.loaded
        path.write_text(f"# a comment\n{path.read_text()}")
        async with asyncio.timeout(5):
            while running.plane.loaded is loaded:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        assert await proxy.admin.stats("update_success$|config_reload$") == before


async def test_filters_are_on_and_off_by_route(path: Path, one: Upstream) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    mesh["filters"]["other"] = {"code": "bbbb.wasm", "configuration": "b"}
    mesh["listeners"]["web"]["filters"] = ["probe", {"filter": "other", "routes": "chosen"}]
    mesh["routes"]["web"] = [
        {"match": {"prefix": "/none"}, "to": "web", "filters": {"probe": "off"}},
        {
            "match": {"prefix": "/other"},
            "to": "web",
            "filters": {"probe": "off", "other": "on"},
        },
        {"to": "web"},
    ]
    write(path, mesh)
    async with served(path) as running, envoy(running):
        await until(port, (200, "one", "aaaa", "one"))
        assert await get(port, "/none") == (200, "one", "", "")
        assert await get(port, "/other") == (200, "one", "bbbb", "b")


async def test_routes_match_headers_weigh_services_and_answer(
    path: Path, one: Upstream, two: Upstream
) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    del mesh["filters"], mesh["listeners"]["web"]["filters"]
    mesh["services"]["two"] = {"endpoints": [two.address]}
    mesh["routes"]["web"] = [
        {"match": {"headers": {"x-user": "a"}}, "to": "two"},
        {"match": {"headers": {"x-user": {"present": True}}}, "to": "web"},
        {"match": {"path": "/teapot"}, "respond": {"status": 418, "body": "short and stout"}},
        {"match": {"prefix": "/moved"}, "redirect": {"path": "/there", "status": 308}},
        {
            "match": {"prefix": "/half"},
            "to": [{"service": "web", "weight": 1}, {"service": "two", "weight": 1}],
        },
        {"match": {"methods": ["POST"]}, "respond": {"status": 405}},
        {"match": {"query": {"q": "x"}}, "respond": {"status": 204}},
        {"match": {"regex": "/v[0-9]+/x"}, "to": "two", "rewrite_host": "other"},
        {"to": "web"},
    ]
    write(path, mesh)
    async with served(path) as running, envoy(running):
        await until(port, (200, "one", "", ""))
        assert await get(port, headers={"x-user": "a"}) == (200, "two", "", "")
        assert await get(port, headers={"x-user": "b"}) == (200, "one", "", "")
        assert await get(port, "/teapot") == (418, "short and stout", "", "")
        assert (await get(port, "/moved"))[0] == 308
        assert (await get(port, "/?q=x"))[0] == 204
        assert await get(port, "/v12/x") == (200, "two", "", "")
        assert two.requests[-1].headers["host"] == "other"
        seen = Counter([(await get(port, "/half"))[1] for _ in range(200)])
        assert 60 < seen["one"] < 140


async def test_retries_faults_and_time_outs(path: Path, one: Upstream) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    del mesh["filters"], mesh["listeners"]["web"]["filters"]
    mesh["routes"]["web"] = [
        {"match": {"prefix": "/retry"}, "to": "web", "retry": {"attempts": 2, "back_off": "10ms"}},
        {"match": {"prefix": "/hasty"}, "to": "web", "timeout": "100ms"},
        {"match": {"prefix": "/abort"}, "to": "web", "fault": {"abort": {"status": 555}}},
        {
            "match": {"prefix": "/slow"},
            "to": "web",
            "timeout": "10s",
            "fault": {"delay": {"by": "50ms", "percent": "100%"}},
        },
        {"to": "web"},
    ]
    write(path, mesh)
    async with served(path) as running, envoy(running) as proxy:
        await until(port, (200, "one", "", ""))
        one.statuses = [503, 502]
        assert (await get(port, "/retry"))[0] == 200
        stats = await proxy.admin.stats(r"^cluster\.web\.upstream_rq_retry$")
        assert stats == {"cluster.web.upstream_rq_retry": 2}
        assert (await get(port, "/abort"))[0] == 555
        assert (await get(port, "/slow"))[0] == 200
        one.delay = 0.5
        assert (await get(port, "/hasty"))[0] == 504
        one.delay = 0.0
        faults = await proxy.admin.stats(r"fault\.(delays|aborts)_injected$")
        assert sorted(faults.values()) == [1, 1]


async def test_endpoints_from_a_file_and_from_an_api_change_without_the_mesh(
    path: Path, one: Upstream, two: Upstream
) -> None:
    listed = [one.address]
    asked = 0

    async def registry(request: web.BaseRequest) -> web.Response:
        nonlocal asked
        asked += 1
        tag = f'"{len(listed)}{listed[:1]}"'
        if request.headers.get("if-none-match") == tag:
            return web.Response(status=304)
        return web.json_response(listed, headers={"etag": tag})

    runner = web.ServerRunner(web.Server(registry))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = free_port()
    mesh = mesh_of(port, one)
    del mesh["filters"], mesh["listeners"]["web"]["filters"]
    mesh["services"] = {
        "file": {"file": "endpoints.json"},
        "api": {"http": {"url": f"http://127.0.0.1:{site.port}/v1", "every": "100ms"}},
        "dns": {"dns": f"localhost:{one.port}"},
    }
    mesh["routes"]["web"] = [
        {"match": {"prefix": "/api"}, "to": "api"},
        {"match": {"prefix": "/dns"}, "to": "dns"},
        {"to": "file"},
    ]
    write(path, mesh)
    endpoints = path.with_name("endpoints.json")
    endpoints.write_text(json.dumps([{"address": "127.0.0.1", "port": one.port, "weight": 2}]))
    try:
        async with served(path) as running, envoy(running) as proxy:
            await until(port, (200, "one", "", ""))
            await until(port, (200, "one", "", ""), "/api")
            await until(port, (200, "one", "", ""), "/dns")
            before = await proxy.admin.stats("cds.update_success$|lds.update_success$")
            endpoints.write_text(json.dumps([two.address]))
            listed[:] = [two.address]
            await until(port, (200, "two", "", ""))
            await until(port, (200, "two", "", ""), "/api")
            # A broken file and a broken API keep what was there.
            endpoints.write_text("[")
            listed[:] = ["nonsense"]
            async with asyncio.timeout(5):
                while sum(bool(s.problem) for s in running.plane.sources.status.values()) < 2:
                    await asyncio.sleep(0.02)
            assert await get(port) == (200, "two", "", "")
            assert await get(port, "/api") == (200, "two", "", "")
            assert await proxy.admin.stats("cds.update_success$|lds.update_success$") == before
            assert asked > 2
    finally:
        await runner.cleanup()


async def test_nodes_and_tenants_get_what_is_theirs(
    path: Path, one: Upstream, two: Upstream
) -> None:
    ports = {name: free_port() for name in ("web", "gold", "silver")}
    mesh = mesh_of(ports["web"], one)
    mesh["nodes"] = {"canary": {"labels": {"track": "canary"}}, "b": {"id": "b-*"}}
    mesh["filters"]["probe"]["nodes"] = "canary"
    mesh["tenants"] = {"gold": {"nodes": "b"}, "silver": {}}
    mesh["listeners"]["web"]["nodes"] = ["canary"]
    mesh["filters"]["own"] = {"code": "bbbb.wasm", "configuration": "own"}
    for tenant, upstream in (("gold", one), ("silver", two)):
        mesh["listeners"][tenant] = {
            "port": ports[tenant],
            "routes": tenant,
            "filters": ["own"],
            "tenant": tenant,
        }
        mesh["routes"][tenant] = [{"to": tenant}]
        mesh["services"][tenant] = {"endpoints": [upstream.address], "tenant": tenant}
    write(path, mesh)
    async with (
        served(path) as running,
        envoy(running, "a-1", metadata={"labels": {"track": "canary"}}) as a,
    ):
        await settled(running, "a-1")
        assert set(await a.admin.listeners()) == {"web", "silver"}
        assert await get(ports["web"]) == (200, "one", "aaaa", "one")
        assert await get(ports["silver"]) == (200, "two", "bbbb", "own")
        dump = json.dumps(await a.admin.config_dump())
        assert "gold" not in dump
        del mesh["listeners"]["web"]["nodes"], mesh["listeners"]["silver"]
        del mesh["routes"]["silver"]
        # Another node takes the ports over.
    async with served(path) as running, envoy(running, "b-1") as b:
        await settled(running, "b-1")
        assert set(await b.admin.listeners()) == {"gold", "silver"}
        ids = {
            config["vm_id"]
            for config in _all(await b.admin.config_dump(), "vm_config")
            if "vm_id" in config
        }
        assert {one.rpartition("-")[2] for one in ids} == {"gold", "silver"}


def _all(value: Any, key: str) -> list[Any]:
    """Everything that stands under a key, at any depth."""
    if isinstance(value, dict):
        found = [value[key]] if key in value else []
        return found + [one for child in value.values() for one in _all(child, key)]
    if isinstance(value, list):
        return [one for child in value for one in _all(child, key)]
    return []


async def test_raw_resources_stand_beside_the_others(path: Path, one: Upstream) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    prefix = "type.googleapis.com/envoy.config."
    host, number = one.address.split(":")
    mesh["raw"] = [
        {
            "resource": {
                "@type": f"{prefix}cluster.v3.Cluster",
                "name": "raw",
                "type": "STATIC",
                "load_assignment": {
                    "cluster_name": "raw",
                    "endpoints": [
                        {
                            "lb_endpoints": [
                                {
                                    "endpoint": {
                                        "address": {
                                            "socket_address": {
                                                "address": host,
                                                "port_value": int(number),
                                            }
                                        }
                                    }
                                }
                            ]
                        }
                    ],
                },
            }
        }
    ]
    mesh["routes"]["web"] = [{"to": "raw"}]
    write(path, mesh)
    async with served(path) as running, envoy(running) as proxy:
        await until(port, (200, "one", "aaaa", "one"))
        assert (await proxy.admin.stats(r"^cluster\.raw\.upstream_rq_total$")) != {}


async def test_circuit_breakers_and_load_balancing(
    path: Path, one: Upstream, two: Upstream
) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    del mesh["filters"], mesh["listeners"]["web"]["filters"]
    mesh["services"] = {
        "both": {"endpoints": [one.address, two.address]},
        "hashed": {"endpoints": [one.address, two.address], "load_balancing": "ring_hash"},
        "closed": {"endpoints": [one.address], "circuit_breakers": {"pending_requests": 0}},
    }
    mesh["routes"]["web"] = [
        {"match": {"prefix": "/hashed"}, "to": "hashed", "hash_header": "x-user"},
        {"match": {"prefix": "/closed"}, "to": "closed"},
        {"to": "both"},
    ]
    write(path, mesh)
    async with served(path) as running, envoy(running) as proxy:
        await settled(running)
        seen = Counter([(await get(port))[1] for _ in range(40)])
        assert seen == {"one": 20, "two": 20}
        for user in "abcdef":
            answers = {(await get(port, "/hashed", {"x-user": user}))[1] for _ in range(5)}
            assert len(answers) == 1
        assert (await get(port, "/closed"))[0] == 503
        stats = await proxy.admin.stats(r"^cluster\.closed\.upstream_rq_pending_overflow$")
        assert stats == {"cluster.closed.upstream_rq_pending_overflow": 1}


async def test_connections_of_a_tcp_listener_meet_network_plugins(
    path: Path, one: Upstream
) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    mesh["listeners"]["web"] = {
        "port": port,
        "protocol": "tcp",
        "to": "web",
        "filters": ["probe"],
        "idle_timeout": "1m",
    }
    del mesh["routes"]
    write(path, mesh)
    async with served(path) as running, envoy(running) as proxy:
        await until(port, (200, "one", "", ""))
        stats = await proxy.admin.stats(
            r"^tcp\.web\.downstream_cx_total$|network_filter\.probe\.config_reload$"
        )
        assert stats["extension_config_discovery.network_filter.probe.config_reload"] == 1
        assert stats["tcp.web.downstream_cx_total"] >= 1
        status = running.xds.nodes.get("edge-1")
        assert status is not None
        assert status.rejections == ()


PYTHON = '''\
"""Names itself in a response header."""

from pal import Action, HttpContext, PluginContext


class Named(HttpContext):
    def on_response_headers(self, end_of_stream: bool) -> Action:
        self.response_headers.set("x-module", "NAME")
        return Action.CONTINUE


class NamedPlugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Named(self)
'''


async def test_python_is_built_and_an_edit_of_it_is_live(path: Path, one: Upstream) -> None:
    port = free_port()
    mesh = mesh_of(port, one)
    mesh["filters"]["probe"] = {"code": "named.py"}
    source = path.with_name("named.py")
    source.write_text(PYTHON)
    write(path, mesh)
    async with served(path) as running, envoy(running):
        await until(port, (200, "one", "NAME", ""), patience=60)
        source.write_text(PYTHON.replace('"NAME"', '"other"'))
        await until(port, (200, "one", "other", ""), patience=60)
        # What does not compile is refused with its place, and what ran runs on.
        source.write_text(PYTHON.replace('"NAME"', "1"))
        async with asyncio.timeout(60):
            while not running.plane.problems:
                await asyncio.sleep(0.02)
        assert f"{source.name}:8:" in str(running.plane.problems[0])
        assert await get(port) == (200, "one", "other", "")


async def test_a_restarted_server_says_nothing_new(path: Path, one: Upstream) -> None:
    port, xds_port = free_port(), free_port()
    mesh = mesh_of(port, one)
    mesh["listeners"]["web"]["access_log"] = {"path": "/dev/null", "format": "%PROTOCOL%"}
    mesh["routes"]["web"][0] |= {"filters": {"probe": "on"}, "fault": {"delay": {"by": "1ms"}}}
    mesh["services"]["web"]["protocol"] = "http1"
    write(path, mesh)
    pattern = "update_success$|config_reload$|listener_(modified|added)$|cluster_(modified|added)$"
    async with AsyncExitStack() as stack:
        async with served(path, port=xds_port) as running:
            proxy = await stack.enter_async_context(envoy(running))
            await until(port, (200, "one", "aaaa", "one"))
            await settled(running)
            before = await proxy.admin.stats(pattern)
            assert sum(before.values()) > 0
        assert await get(port) == (200, "one", "aaaa", "one")
        async with served(path, port=xds_port) as running:
            await settled(running)
            await asyncio.sleep(0.5)
            assert await proxy.admin.stats(pattern) == before
            # It knows what the node runs, also what it was given by the server before.
            status = await fetch_status(running.status.url)
            (filter_,) = status["nodes"][0]["filters"]
            assert (filter_["state"], filter_["in_use"]) == ("in use", filter_["wanted"])
            mesh["filters"]["probe"]["configuration"] = "two"
            write(path, mesh)
            await until(port, (200, "one", "aaaa", "two"))
