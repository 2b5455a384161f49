"""One port of a real Envoy for every protocol: each reaches the right backend."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from e2e.services.backends import MYSQL, MYSQL_GREETING, ask, backends
from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
from mixer2.envoy.process import EnvoyProcess
from tests.adapters.ingestion.sniff.samples import (
    client_hello,
    http2_request,
    kafka_request,
    postgresql_startup,
)

pytestmark = pytest.mark.envoy

ROOT = Path(__file__).parents[2]
TYPE = "type.googleapis.com/envoy.extensions"
RELEASE_AFTER_MS = 50
BACKENDS = ["redis", "postgresql", "kafka", "tls", "unknown", "http2", MYSQL]


def listeners(module: Path) -> list[dict[str, Any]]:
    routes = {name: name for name in BACKENDS if name != MYSQL}
    routes |= {"http1": "http", "server_first": MYSQL}
    wasm = {
        "@type": f"{TYPE}.filters.network.wasm.v3.Wasm",
        "config": {
            "name": "sniff",
            "vm_config": {
                "runtime": "envoy.wasm.runtime.v8",
                "code": {"local": {"filename": str(module)}},
            },
            "configuration": {
                "@type": "type.googleapis.com/google.protobuf.StringValue",
                "value": json.dumps({"routes": routes, "release_after_ms": RELEASE_AFTER_MS}),
            },
        },
    }
    tcp_proxy = {
        "@type": f"{TYPE}.filters.network.tcp_proxy.v3.TcpProxy",
        "stat_prefix": "sniffed",
        "cluster": "unknown",
        "max_early_data_bytes": 65_536,
    }
    virtual_host = {
        "name": "all",
        "domains": ["*"],
        "routes": [
            {
                "match": {"prefix": "/"},
                "direct_response": {"status": 200, "body": {"inline_string": "http"}},
            }
        ],
    }
    manager = {
        "@type": f"{TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "http",
        "route_config": {"virtual_hosts": [virtual_host]},
        "http_filters": [
            {"name": "router", "typed_config": {"@type": f"{TYPE}.filters.http.router.v3.Router"}}
        ],
    }
    return [
        {
            "name": "sniffing",
            "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
            "filter_chains": [
                {
                    "filters": [
                        {"name": "sniff", "typed_config": wasm},
                        {"name": "tcp_proxy", "typed_config": tcp_proxy},
                    ]
                }
            ],
        },
        {
            "name": "http",
            "internal_listener": {},
            "filter_chains": [{"filters": [{"name": "manager", "typed_config": manager}]}],
        },
    ]


def cluster(name: str, address: dict[str, Any]) -> dict[str, Any]:
    endpoint = {"endpoint": {"address": address}}
    return {
        "name": name,
        "connect_timeout": "1s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


def bootstrap(module: Path, ports: dict[str, int]) -> Bootstrap:
    internal = {"envoy_internal_address": {"server_listener_name": "http"}}
    clusters = [
        cluster(name, {"socket_address": {"address": "127.0.0.1", "port_value": port}})
        for name, port in ports.items()
    ]
    extension = {
        "name": "envoy.bootstrap.internal_listener",
        "typed_config": {
            "@type": f"{TYPE}.bootstrap.internal_listener.v3.InternalListener",
        },
    }
    return Bootstrap(
        node=Node("sniffing"),
        static_resources={
            "listeners": listeners(module),
            "clusters": [*clusters, cluster("http", internal)],
        },
        extra={"bootstrap_extensions": [extension]},
    )


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sniff") / "sniff.wasm"
    command = [sys.executable, "-m", "mixer2", "build", "filters/sniff.py", "-o", str(path)]
    subprocess.run(command, cwd=ROOT, check=True)
    return path


async def test_every_protocol_reaches_its_backend(module: Path) -> None:
    heads = {
        "redis": b"*1\r\n$4\r\nPING\r\n",
        "postgresql": postgresql_startup(),
        "kafka": kafka_request(18, 3, b"adminclient-1", b"\0\x05java"),
        "tls": client_hello("orders.example.com", ["h2"]),
        "http2": http2_request("application/json", huffman=True),
        "unknown": b"\xff\xfe\xfd\xfc garbage",
    }
    async with backends(BACKENDS) as ports, EnvoyProcess(bootstrap(module, ports)) as envoy:
        listener = (await envoy.admin.listeners())["sniffing"]
        assert isinstance(listener, TcpAddress)
        port = listener.port
        for name, head in heads.items():
            expected = name.encode() + b"|" + head
            assert await ask(port, [head], len(expected)) == expected
            cuts = [head[:1], head[1:3], head[3:]]
            assert (await ask(port, cuts, 1)).startswith(name.encode() + b"|")

        answer = await ask(port, [b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"], 20)
        assert answer.startswith(b"HTTP/1.1 200")

        assert await ask(port, [], len(MYSQL_GREETING)) == MYSQL_GREETING
        assert (await ask(port, [b"\0\0"], 1)).startswith(b"unknown|")

        stats = await envoy.admin.stats("wasmcustom.mixer2_sniff_decisions")
        counted = {
            name.partition("protocol=")[2].rstrip("}"): value for name, value in stats.items()
        }
        assert counted == dict.fromkeys(heads, 2) | {
            "unknown": 3,
            "http1": 1,
            "server_first": 1,
        }
