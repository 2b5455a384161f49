"""The mixer for TCP in a real Envoy that listens on IPv6."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from e2e.services.backends import backends
from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
from mixer2.envoy.process import EnvoyProcess

pytestmark = pytest.mark.envoy

ROOT = Path(__file__).parents[2]
TYPE = "type.googleapis.com/envoy.extensions.filters.network."
CONFIGURATION = {
    "attributes": [{"name": "client", "subnet": {"v6": 64}}],
    "handlers": {
        "limit": {"rate_limit": {"requests": 2, "per": "1h"}},
        "seen": {"counter": {"metric": "seen_total"}},
    },
    "rules": [
        {"check": "limit", "with": {"client": "client"}},
        {
            "report": "seen",
            "with": {"client": "client", "by": "connection.closed_by", "ip": "source.ip"},
        },
    ],
}


def address(host: str, port: int) -> dict[str, Any]:
    return {"socket_address": {"address": host, "port_value": port}}


def bootstrap(module: Path, upstream: int) -> Bootstrap:
    wasm = {
        "@type": TYPE + "wasm.v3.Wasm",
        "config": {
            "name": "mixer",
            "vm_config": {
                "runtime": "envoy.wasm.runtime.v8",
                "code": {"local": {"filename": str(module)}},
            },
            "configuration": {
                "@type": "type.googleapis.com/google.protobuf.StringValue",
                "value": json.dumps(CONFIGURATION),
            },
        },
    }
    proxy = {"@type": TYPE + "tcp_proxy.v3.TcpProxy", "stat_prefix": "tcp", "cluster": "upstream"}
    filters = [{"name": "mixer", "typed_config": wasm}, {"name": "tcp", "typed_config": proxy}]
    endpoint = {"endpoint": {"address": address("127.0.0.1", upstream)}}
    cluster = {
        "name": "upstream",
        "load_assignment": {
            "cluster_name": "upstream",
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
    }
    listener = {
        "name": "v6",
        "address": address("::1", 0),
        "filter_chains": [{"filters": filters}],
    }
    return Bootstrap(
        node=Node("v6"), static_resources={"listeners": [listener], "clusters": [cluster]}
    )


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "tcp_mixer.wasm"
    command = [sys.executable, "-m", "mixer2", "build", "filters/tcp_mixer.py", "-o", str(path)]
    subprocess.run(command, cwd=ROOT, check=True)
    return path


async def test_clients_of_ipv6_are_limited_by_their_network(module: Path) -> None:
    async with (
        backends(["service"]) as ports,
        EnvoyProcess(bootstrap(module, ports["service"]), concurrency=1) as envoy,
    ):
        listener = (await envoy.admin.listeners())["v6"]
        assert isinstance(listener, TcpAddress)

        async def answer() -> bytes:
            reader, writer = await asyncio.open_connection("::1", listener.port)
            try:
                writer.write(b"hello")
                return await asyncio.wait_for(reader.read(100), 5.0)
            except ConnectionResetError:
                return b""
            finally:
                writer.close()

        assert [await answer() for _ in range(3)] == [b"service|hello", b"service|hello", b""]

        async def seen() -> dict[str, int]:
            stats = await envoy.admin.stats("seen_total")
            return {name.partition("{")[2]: count for name, count in stats.items()}

        expected = {
            "client=::/64,by=downstream,ip=::1}": 2,
            "client=::/64,by=proxy,ip=::1}": 1,
        }
        deadline = asyncio.get_running_loop().time() + 10
        while await seen() != expected and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.05)
        assert await seen() == expected
