"""Several plugin contexts in one VM, whose streams have no contexts of their own (pal.roots)."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from mixer2.compiler import build
from mixer2.envoy.bootstrap import Bootstrap, Node
from mixer2.envoy.process import EnvoyProcess

SOURCE = Path(__file__).parents[1] / "pal" / "naming.py"
_TYPE = "type.googleapis.com/"
_HTTP = _TYPE + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"


def listener(name: str, plugin_name: str, module: Path) -> dict[str, Any]:
    """A listener whose plugin is configured with a name; Envoy knows it by another."""
    plugin = {
        "name": plugin_name,
        "vm_config": {
            "vm_id": "naming",
            "runtime": "envoy.wasm.runtime.v8",
            "code": {"local": {"filename": str(module)}},
        },
        "configuration": {"@type": _TYPE + "google.protobuf.StringValue", "value": name},
    }
    route = {"match": {"prefix": "/"}, "direct_response": {"status": 200}}
    filters = [
        (
            "naming",
            {"@type": _TYPE + "envoy.extensions.filters.http.wasm.v3.Wasm", "config": plugin},
        ),
        ("router", {"@type": _TYPE + "envoy.extensions.filters.http.router.v3.Router"}),
    ]
    manager = {
        "@type": _HTTP,
        "stat_prefix": name,
        "http_filters": [{"name": n, "typed_config": config} for n, config in filters],
        "route_config": {"virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [route]}]},
    }
    return {
        "@type": _TYPE + "envoy.config.listener.v3.Listener",
        "name": name,
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }


class Listeners:
    """The listeners of an Envoy, which it reads from a file.

    Args:
        folder: Where that is, and the module.
        plugin_name: That of every plugin; its listener's when there is none.
    """

    def __init__(self, folder: Path, plugin_name: str | None) -> None:
        self._plugin_name = plugin_name
        self.module = folder / "naming.wasm"
        self._file = folder / "listeners.json"
        self._next = folder / "next.json"

    @property
    def bootstrap(self) -> Bootstrap:
        """That of an Envoy with these listeners."""
        source = {"path_config_source": {"path": str(self._file)}}
        return Bootstrap(node=Node("n"), extra={"dynamic_resources": {"lds_config": source}})

    def write(self, names: Iterable[str]) -> None:
        """Have those of these names."""
        resources = [listener(name, self._plugin_name or name, self.module) for name in names]
        self._next.write_text(json.dumps({"resources": resources}), encoding="utf-8")
        self._next.rename(self._file)

    async def change(self, envoy: EnvoyProcess, names: set[str]) -> None:
        """Have those of these names, and wait until Envoy has, and nothing of others."""
        self.write(sorted(names))
        async with asyncio.timeout(20):
            while (await envoy.admin.listeners()).keys() != names or await _drains(envoy):
                await asyncio.sleep(0.05)


async def _drains(envoy: EnvoyProcess) -> bool:
    draining = "listener_manager.total_listeners_draining"
    return (await envoy.admin.stats(draining))[draining] > 0


async def answers(envoy: EnvoyProcess, order: str) -> list[str]:
    """What the plugins of these listeners say, one request after the other."""
    addresses = await envoy.admin.listeners()
    said = []
    async with aiohttp.ClientSession() as client:
        for name in order:
            async with client.get(f"http://{addresses[name]}/") as response:
                said.append(response.headers["x-name"])
    return said


@pytest.mark.envoy
@pytest.mark.parametrize("plugin_name", ["naming", None])
async def test_every_stream_is_its_plugins(tmp_path: Path, plugin_name: str | None) -> None:
    artefact = build(SOURCE, cache_folder=tmp_path / "cache")
    assert b"proxy_on_context_create" not in artefact.wasm
    listeners = Listeners(tmp_path, plugin_name)
    listeners.module.write_bytes(artefact.wasm)
    listeners.write("a")

    drain = ("--drain-time-s", "1")
    async with EnvoyProcess(listeners.bootstrap, extra_args=drain) as envoy:
        assert await answers(envoy, "aa") == ["a 1", "a 2"]

        await listeners.change(envoy, {"a", "b", "c"})
        assert await answers(envoy, "abcabcc") == ["a 3", "b 1", "c 1", "a 4", "b 2", "c 2", "c 3"]

        # The first plugin context, which has no expression, goes; then there is a new one.
        await listeners.change(envoy, {"b", "c"})
        assert await answers(envoy, "bcb") == ["b 3", "c 4", "b 4"]
        await listeners.change(envoy, {"c", "d"})
        assert await answers(envoy, "cdc") == ["c 5", "d 1", "c 6"]
        await listeners.change(envoy, {"d"})
        assert await answers(envoy, "dd") == ["d 2", "d 3"]
        await listeners.change(envoy, {"d", "e"})
        assert await answers(envoy, "edd") == ["e 1", "d 4", "d 5"]
        stats = await envoy.admin.stats("wasm.envoy.wasm.runtime.v8.active")

    # Canary and all plugins of a thread share one VM.
    assert stats["wasm.envoy.wasm.runtime.v8.active"] <= 3
