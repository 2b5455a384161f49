"""The server with the rate limit filter that Envoy itself has."""

from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
from mixer2.envoy.process import EnvoyProcess
from mixer2.quota.configuration import parse_limits
from mixer2.quota.redis_store import RedisStore
from mixer2.quota.server import QuotaServer
from tests.redis_server import RedisServer
from tests.xds.probe import upstream

pytestmark = pytest.mark.envoy

LIMITS = """
domain: shop
descriptors:
- {key: user, rate_limit: {unit: year, requests_per_unit: 5}}
"""
TYPES = "type.googleapis.com/envoy.extensions"
SOCKET = {"address": "127.0.0.1"}


def cluster(name: str, port: int, *, http2: bool = False) -> dict[str, Any]:
    endpoint = {"address": {"socket_address": {**SOCKET, "port_value": port}}}
    found: dict[str, Any] = {
        "name": name,
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}],
        },
    }
    if http2:
        options = f"{TYPES}.upstreams.http.v3.HttpProtocolOptions"
        found["typed_extension_protocol_options"] = {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": options,
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        }
    return found


def listener() -> dict[str, Any]:
    by_user = {"request_headers": {"header_name": "x-user", "descriptor_key": "user"}}
    route = {"match": {"prefix": "/"}, "route": {"cluster": "web", "rate_limits": []}}
    route["route"]["rate_limits"] = [{"actions": [by_user]}]  # type: ignore[index] # it is a dict
    rate_limit = {
        "@type": f"{TYPES}.filters.http.ratelimit.v3.RateLimit",
        "domain": "shop",
        "failure_mode_deny": True,
        "enable_x_ratelimit_headers": "DRAFT_VERSION_03",
        "timeout": "5s",
        "rate_limit_service": {
            "transport_api_version": "V3",
            "grpc_service": {"envoy_grpc": {"cluster_name": "quota"}},
        },
    }
    router = {"@type": f"{TYPES}.filters.http.router.v3.Router"}
    manager = {
        "@type": f"{TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "http",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [
            {"name": "ratelimit", "typed_config": rate_limit},
            {"name": "router", "typed_config": router},
        ],
    }
    return {
        "name": "http",
        "address": {"socket_address": {**SOCKET, "port_value": 0}},
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }


async def test_two_proxies_and_two_servers_share_one_limit(running_redis: RedisServer) -> None:
    limits = parse_limits(LIMITS, "limits.yaml")
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(upstream())
        urls = []
        for number in range(2):
            store = RedisStore(running_redis.url, timeout=5)
            server = await stack.enter_async_context(QuotaServer(limits, store))
            static = {
                "listeners": [listener()],
                "clusters": [cluster("web", web), cluster("quota", server.port, http2=True)],
            }
            bootstrap = Bootstrap(node=Node(f"edge-{number}"), static_resources=static)
            envoy = await stack.enter_async_context(EnvoyProcess(bootstrap))
            address = (await envoy.admin.listeners())["http"]
            assert isinstance(address, TcpAddress)
            urls.append(f"http://{address}/")
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def ask(number: int, user: str) -> tuple[int, str]:
            async with session.get(urls[number % 2], headers={"x-user": user}) as response:
                return response.status, response.headers["x-ratelimit-remaining"]

        answers = [await ask(number, "ann") for number in range(7)]
        other = await ask(0, "bob")

    assert answers == [(200, str(left)) for left in (4, 3, 2, 1, 0)] + [(429, "0")] * 2
    assert other == (200, "4")
