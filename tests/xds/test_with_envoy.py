"""The server with the real Envoy at the other end."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
from mixer2.envoy.process import EnvoyProcess
from mixer2.xds.builders.endpoint import Endpoint
from mixer2.xds.builders.extension import FailurePolicy, WasmPlugin
from mixer2.xds.builders.listener import AccessLog
from mixer2.xds.builders.route import Route
from mixer2.xds.gateway import HttpGateway, Service
from mixer2.xds.resource import EXTENSION, LISTENER, Resource
from mixer2.xds.server import XdsServer
from mixer2.xds.snapshot import Snapshot
from tests.xds.probe import Load, probe, upstream

pytestmark = pytest.mark.envoy

NODE = "edge-1"


class Setting:
    """An upstream, the xDS server, an Envoy that serves, and who calls it."""

    def __init__(self, gateway: HttpGateway, server: XdsServer, envoy: EnvoyProcess) -> None:
        self.gateway = gateway
        self.server = server
        self.envoy = envoy

    async def load(self) -> Load:
        address = (await self.envoy.admin.listeners())["http"]
        assert isinstance(address, TcpAddress)
        return Load(address.port)

    async def change(self, gateway: HttpGateway) -> None:
        """Let the node run another gateway, and wait for its answer."""
        self.gateway = gateway
        snapshot = gateway.snapshot()
        self.server.cache.set(snapshot)
        await self.settled(snapshot)

    async def settled(self, snapshot: Snapshot) -> None:
        async with asyncio.timeout(10):
            await self.server.nodes.wait_settled(snapshot.version, NODE)

    async def updates(self) -> dict[str, int]:
        """What Envoy counted of everything that came by xDS."""
        stats = await self.envoy.admin.stats(
            r"(update_success|update_rejected|update_attempt|config_reload|config_fail)$"
        )
        return {name: value for name, value in stats.items() if value}


def plugin(module: str, configuration: str) -> WasmPlugin:
    return WasmPlugin(name="probe", module=probe(module), configuration=configuration.encode())


def configured(gateway: HttpGateway, module: str, configuration: str) -> HttpGateway:
    return replace(gateway, plugins=[plugin(module, configuration)])


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest_asyncio.fixture(params=[False, True], ids=["sotw", "delta"])
async def setting(request: pytest.FixtureRequest) -> AsyncIterator[Setting]:
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(upstream())
        server = await stack.enter_async_context(XdsServer())
        gateway = HttpGateway(
            port=0,
            services=[Service("web", [Endpoint("127.0.0.1", port)])],
            routes=[Route("/", "web")],
            plugins=[plugin("aaaa", "one")],
        )
        server.cache.set(gateway.snapshot())
        bootstrap = Bootstrap(
            node=Node(NODE, cluster="edge", metadata={"team": "a"}),
            xds=TcpAddress("127.0.0.1", server.port),
            reconnect_max=0.5,
            delta=request.param,
        )
        envoy = await stack.enter_async_context(
            EnvoyProcess(bootstrap, concurrency=2, extra_args=["--file-flush-interval-msec", "10"])
        )
        setting = Setting(gateway, server, envoy)
        await setting.settled(gateway.snapshot())
        yield setting


async def test_a_plugin_that_came_by_ecds_serves(setting: Setting) -> None:
    load = await setting.load()
    assert await load.once() == (200, "aaaa", "one")
    node = setting.server.nodes.get(NODE)
    assert node is not None
    assert (node.node.cluster, node.node.metadata, node.node.agent) == (
        "edge",
        {"team": "a"},
        "envoy 1.40.0",
    )
    assert node.connected
    assert node.rejections == ()
    assert node.of_type(EXTENSION).names == {"probe"}
    assert node.of_type(LISTENER).wildcard
    for status in node.types.values():
        assert status.acked_version == status.sent_version != ""


async def test_a_changed_configuration_is_used_once_it_is_acked(setting: Setting) -> None:
    load = await setting.load()
    async with load.running():
        await load.count(50)
        await setting.change(configured(setting.gateway, "aaaa", "two"))
        assert await load.once() == (200, "aaaa", "two")
        await load.count(50)
    assert set(load.seen) == {(200, "aaaa", "one"), (200, "aaaa", "two")}


async def test_a_refused_configuration_changes_nothing_and_says_why(setting: Setting) -> None:
    load = await setting.load()
    with capture_logs() as logs:
        async with load.running():
            await setting.change(configured(setting.gateway, "aaaa", "bad"))
            await load.count(50)
    assert set(load.seen) == {(200, "aaaa", "one")}

    node = setting.server.nodes.get(NODE)
    assert node is not None
    (rejection,) = node.rejections
    assert rejection.name == "probe"
    assert "Unable to create Wasm plugin probe" in rejection.reason
    assert [one["reason"] for one in logs if one["event"] == "xds.nack"] == [rejection.reason]

    # It is not sent again, neither by itself nor when something else changes.
    rejected = "extension_config_discovery.http_filter.probe.update_rejected"
    before = await setting.updates()
    assert before[rejected] == 1
    route = Route("/", "web", timeout=7)
    await setting.change(replace(setting.gateway, routes=[route]))
    after = await setting.updates()
    assert after[rejected] == 1
    assert (
        after["http.http.rds.http.update_success"]
        == before["http.http.rds.http.update_success"] + 1
    )

    # A good one is.
    await setting.change(configured(setting.gateway, "aaaa", "good"))
    assert node.rejections == ()
    assert await load.once() == (200, "aaaa", "good")


async def test_a_module_is_replaced_under_load_without_a_failed_request(setting: Setting) -> None:
    load = await setting.load()
    async with load.running():
        for module in ("bbbb", "cccc", "aaaa"):
            await load.count(100)
            await setting.change(configured(setting.gateway, module, module))
            assert await load.once() == (200, module, module)
        await load.count(100)
    assert {status for status, _, _ in load.seen} == {200}
    assert {(module, config) for _, module, config in load.seen} == {
        ("aaaa", "one"),
        ("bbbb", "bbbb"),
        ("cccc", "cccc"),
        ("aaaa", "aaaa"),
    }


@pytest.mark.parametrize(
    ("policy", "after"),
    [
        (FailurePolicy.RELOAD, (200, "aaaa", "one")),
        (FailurePolicy.CLOSED, (503, "", "")),
        (FailurePolicy.OPEN, (200, "", "")),
    ],
)
async def test_after_a_trap_the_failure_policy_decides(
    setting: Setting, policy: FailurePolicy, after: tuple[int, str, str]
) -> None:
    changed = replace(plugin("aaaa", "one"), failure_policy=policy)
    await setting.change(replace(setting.gateway, plugins=[changed]))
    load = await setting.load()
    if policy is FailurePolicy.RELOAD:
        await asyncio.sleep(1.6)  # the back-off counts from the last load of the VM: 1 to 1.5 s
    assert await load.trap_and_once_more() == [(503, "", ""), after]
    # A new configuration heals under any policy.
    await setting.change(configured(setting.gateway, "aaaa", "two"))
    assert await load.once() == (200, "aaaa", "two")


async def test_a_restarted_server_sends_nothing_that_did_not_change(setting: Setting) -> None:
    load = await setting.load()
    before = await setting.updates()
    async with load.running():
        await setting.server.stop()
        await load.count(100)
        setting.server = XdsServer(port=setting.server.port)
        setting.server.cache.set(setting.gateway.snapshot())
        async with setting.server:
            await setting.settled(setting.gateway.snapshot())
            await asyncio.sleep(0.5)
            after = await setting.updates()
            attempts = {name for name in after if name.endswith("update_attempt")}
            assert {name: after[name] for name in after.keys() - attempts} == {
                name: before[name] for name in before.keys() - attempts
            }
            node = setting.server.nodes.get(NODE)
            assert node is not None
            assert node.rejections == ()
            assert all(status.sent_version == "" for status in node.types.values())
            # It knows what the node has: of a change it sends the change.
            await setting.change(configured(setting.gateway, "aaaa", "after"))
            assert await load.once() == (200, "aaaa", "after")
            changed = await setting.updates()
    assert {status for status, _, _ in load.seen} == {200}
    more = {name for name in changed.keys() - attempts if changed[name] != after.get(name)}
    prefix = "extension_config_discovery.http_filter.probe."
    assert more == {prefix + "config_reload", prefix + "update_success"}


async def test_a_new_service_and_its_route_come_without_a_failed_request(setting: Setting) -> None:
    load = await setting.load()
    first = setting.gateway.services[0]
    async with load.running():
        for number in range(10):
            service = Service(f"web-{number}", first.endpoints)
            await setting.change(
                replace(setting.gateway, services=[service], routes=[Route("/", service.name)])
            )
            await load.count(20)
    assert set(load.seen) == {(200, "aaaa", "one")}
    stats = await setting.envoy.admin.stats(r"^cluster_manager\.")
    assert stats["cluster_manager.active_clusters"] == 2  # the service and the xDS server
    assert stats["cluster_manager.warming_clusters"] == 0


async def test_a_changed_cluster_is_warm_at_once(setting: Setting) -> None:
    load = await setting.load()
    assert await load.once() == (200, "aaaa", "one")
    changed = Service("web", setting.gateway.services[0].endpoints, http2=True)
    await setting.change(replace(setting.gateway, services=[changed]))
    stats = await setting.envoy.admin.stats("cluster_manager.warming_clusters")
    assert stats == {"cluster_manager.warming_clusters": 0}
    assert (await load.once())[0] != 200  # the upstream speaks HTTP/1.1 only


async def test_a_changed_listener_is_warm_at_once(setting: Setting, tmp_path: Path) -> None:
    load = await setting.load()
    log = tmp_path / "access.log"
    async with load.running():
        changed = replace(setting.gateway, access_log=AccessLog(str(log), "%RESPONSE_CODE%\n"))
        await setting.change(changed)
        stats = await setting.envoy.admin.stats("total_listeners_(warming|active)$")
        assert stats == {
            "listener_manager.total_listeners_active": 1,
            "listener_manager.total_listeners_warming": 0,
        }
        # Open connections end their days with the old listener; new ones meet the new one.
        async with asyncio.timeout(5):
            while not _text(log):
                assert await load.once() == (200, "aaaa", "one")
    assert set(load.seen) == {(200, "aaaa", "one")}
    assert set(_text(log).split()) == {"200"}


async def test_a_thousand_updates_in_a_row(setting: Setting) -> None:
    load = await setting.load()
    before = await setting.updates()
    async with load.running(clients=1):
        for number in range(1000):
            route = Route("/", "web", timeout=10 + number)
            await setting.change(replace(setting.gateway, routes=[route]))
    assert set(load.seen) == {(200, "aaaa", "one")}
    updates = await setting.updates()
    name = "http.http.rds.http.update_success"
    assert updates[name] - before[name] == 1000
    node = setting.server.nodes.get(NODE)
    assert node is not None
    assert node.rejections == ()


async def test_a_storm_of_updates_is_taken_as_it_comes(setting: Setting) -> None:
    load = await setting.load()
    async with load.running(clients=1):
        for number in range(1000):
            route = Route("/", "web", timeout=10 + number)
            setting.server.cache.set(replace(setting.gateway, routes=[route]).snapshot())
            if number % 10 == 0:
                await asyncio.sleep(0)
        await setting.change(setting.gateway)
    assert set(load.seen) == {(200, "aaaa", "one")}


async def test_restarts_and_changes_meanwhile_fail_no_request(setting: Setting) -> None:
    """Each time the server comes back, the service is another and the routes lead there."""
    load = await setting.load()
    first = setting.gateway.services[0]
    async with load.running():
        for number in range(5):
            await setting.server.stop()
            await load.count(50)
            service = Service(f"web-{number}", first.endpoints)
            # What led to the old service is the last to go, also when nobody remembers it.
            both = [*setting.gateway.services[-1:], service]
            setting.gateway = replace(
                setting.gateway, services=both, routes=[Route("/", service.name)]
            )
            setting.server = XdsServer(port=setting.server.port)
            await setting.server.start()
            await setting.change(setting.gateway)
            await load.count(50)
    await setting.server.stop()
    assert set(load.seen) == {(200, "aaaa", "one")}


async def test_a_service_that_went_while_the_server_was_down_fails_no_request() -> None:
    """The incremental variant alone knows what the node holds: routes leave the service first."""
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(upstream())
        endpoints = [Endpoint("127.0.0.1", port)]
        server = XdsServer()
        await server.start()
        gateway = HttpGateway(
            port=0, services=[Service("web", endpoints)], routes=[Route("/", "web")]
        )
        bootstrap = Bootstrap(
            node=Node(NODE),
            xds=TcpAddress("127.0.0.1", server.port),
            reconnect_max=0.5,
            delta=True,
        )
        server.cache.set(gateway.snapshot())
        envoy = await stack.enter_async_context(EnvoyProcess(bootstrap))
        setting = Setting(gateway, server, envoy)
        await setting.settled(gateway.snapshot())
        load = await setting.load()
        async with load.running():
            for number in range(5):
                await setting.server.stop()
                setting.server = XdsServer(port=setting.server.port)
                await setting.server.start()
                name = f"web-{number}"
                await setting.change(
                    replace(gateway, services=[Service(name, endpoints)], routes=[Route("/", name)])
                )
                await load.count(50)
        await setting.server.stop()
        stats = await envoy.admin.stats(r"^cluster_manager\.active_clusters$")
        assert stats == {"cluster_manager.active_clusters": 2}
    assert {status for status, _, _ in load.seen} == {200}


@asynccontextmanager
async def lending(
    gateway: HttpGateway, type_url: str, *, delta: bool
) -> AsyncIterator[tuple[XdsServer, EnvoyProcess]]:
    """An Envoy that has some resources for a second at a time, and has had them for three."""
    resources = [
        Resource.of(type_url, one.name, one.value, one.references, ttl=1.0)
        if one.type_url == type_url
        else one
        for one in gateway.snapshot()
    ]
    snapshot = Snapshot(resources)
    async with XdsServer() as server:
        server.cache.set(snapshot)
        xds = TcpAddress("127.0.0.1", server.port)
        async with EnvoyProcess(Bootstrap(node=Node(NODE), xds=xds, delta=delta)) as envoy:
            async with asyncio.timeout(10):
                await server.nodes.wait_settled(snapshot.version, NODE)
            await asyncio.sleep(3)
            node = server.nodes.get(NODE)
            assert node is not None
            assert node.rejections == ()
            yield server, envoy


@pytest.mark.parametrize("delta", [False, True])
async def test_a_lent_listener_stays_as_long_as_the_server(delta: bool) -> None:
    gateway = HttpGateway(
        port=0, services=[Service("web", [Endpoint("127.0.0.1", 9)])], routes=[Route("/", "web")]
    )
    async with lending(gateway, LISTENER, delta=delta) as (server, envoy):
        assert set(await envoy.admin.listeners()) == {"http"}
        stats = await envoy.admin.stats(r"^listener_manager\.listener_(modified|added)$")
        assert stats["listener_manager.listener_added"] == 1
        assert stats["listener_manager.listener_modified"] == 0
        await server.stop()
        async with asyncio.timeout(5):
            while await envoy.admin.listeners():
                await asyncio.sleep(0.1)


@pytest.mark.parametrize("delta", [False, True])
async def test_a_lent_plugin_stays_as_long_as_the_server(delta: bool) -> None:
    async with upstream() as port:
        gateway = HttpGateway(
            port=0,
            services=[Service("web", [Endpoint("127.0.0.1", port)])],
            routes=[Route("/", "web")],
            plugins=[plugin("aaaa", "one")],
        )
        async with lending(gateway, EXTENSION, delta=delta) as (server, envoy):
            address = (await envoy.admin.listeners())["http"]
            assert isinstance(address, TcpAddress)
            load = Load(address.port)
            assert await load.once() == (200, "aaaa", "one")
            await server.stop()
            async with asyncio.timeout(5):
                while (await load.once())[0] == 200:
                    await asyncio.sleep(0.1)


async def test_an_idle_connection_is_kept_alive_by_pings() -> None:
    async with XdsServer() as server:
        server.cache.set(Snapshot([]))
        bootstrap = Bootstrap(node=Node(NODE), xds=TcpAddress("127.0.0.1", server.port))
        static = json.dumps(bootstrap.to_dict()["static_resources"])
        often = json.loads(static.replace('"interval": "30s"', '"interval": "0.1s"'))
        assert often != json.loads(static)
        changed = replace(bootstrap, extra={"static_resources": often})
        async with EnvoyProcess(changed) as envoy:
            await asyncio.sleep(1.5)
            stats = await envoy.admin.stats(r"^cluster\.xds_cluster\.upstream_cx_total$")
    assert stats == {"cluster.xds_cluster.upstream_cx_total": 1}


async def test_of_two_plugins_that_change_together_the_bad_one_is_found(setting: Setting) -> None:
    two = replace(plugin("bbbb", "one"), name="two")
    await setting.change(replace(setting.gateway, plugins=[plugin("aaaa", "one"), two]))
    # Sorted by name, the good one comes first; Envoy must not take the bad one for known after it.
    bad = replace(two, configuration=b"bad")
    await setting.change(replace(setting.gateway, plugins=[plugin("aaaa", "new"), bad]))
    node = setting.server.nodes.get(NODE)
    assert node is not None
    assert [one.name for one in node.rejections] == ["two"]
    load = await setting.load()
    assert await load.once() == (200, "bbbb", "one")
