"""The example of docs/mesh.md, served to real Envoys."""

import re
from pathlib import Path

import pytest

from tests.control.mesh_stage import envoy, free_port, get, served, settled, write_probe
from tests.control.upstreams import Upstream
from tests.mesh.example import example
from tests.xds.certificates import Authority

pytestmark = pytest.mark.envoy

TELEMETRY = '''\
"""Says hello in a response header."""

from pal import Action, HttpContext, PluginContext


class Hello(HttpContext):
    def on_response_headers(self, end_of_stream: bool) -> Action:
        self.response_headers.set("x-module", "hello")
        return Action.CONTINUE


class HelloPlugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Hello(self)
'''


def lay_out(folder: Path, ports: dict[str, int], upstream: Upstream) -> Path:
    """Write the example and all that it names, with ports and certificates of this machine."""
    authority = Authority()
    authority.sign("edge.example").write(folder, "edge")
    for name in ("ca", "partners"):
        folder.joinpath(f"{name}.crt").write_bytes(authority.certificate)
    folder.joinpath("filters").mkdir()
    folder.joinpath("filters/telemetry.py").write_text(TELEMETRY)
    write_probe(folder).rename(folder / "filters/api_key.wasm")
    folder.joinpath("endpoints").mkdir()
    folder.joinpath("endpoints/cart.json").write_text(f'["{upstream.address}"]')
    text = example().replace("/etc/certs", str(folder))
    text = re.sub(r"port: (8080|8443|9092)\b", lambda match: f"port: {ports[match[1]]}", text)
    path = folder / "mesh.yaml"
    path.write_text(text.replace("127.0.0.1:9001", upstream.address))
    return path


async def test_envoys_take_all_of_it(tmp_path: Path, one: Upstream) -> None:
    ports = {name: free_port() for name in ("8080", "8443", "9092")}
    path = lay_out(tmp_path, ports, one)
    async with (
        served(path) as running,
        envoy(running, "edge-1", metadata={"labels": {"track": "canary"}}) as edge,
    ):
        await settled(running, "edge-1")
        async with envoy(
            running, "batch-1", cluster="data", metadata={"team": {"name": "data"}}
        ) as batch:
            # The port of the ledger is that of the first: only what it was given is looked at.
            await settled(running, "batch-1")
            stats = await batch.admin.stats(r"^cluster\.(spare|shop)\.membership_total$")
            assert stats == {"cluster.spare.membership_total": 0}
        assert set(await edge.admin.listeners()) == {"web", "partners", "ledger"}
        status = running.xds.nodes.get("edge-1")
        assert status is not None
        assert status.rejections == ()
        assert (await get(ports["8080"], "/healthz"))[:2] == (200, "fine")
        # One request in twenty goes to cart-v2, which nobody serves here.
        answers = {(await get(ports["8080"], "/cart"))[1:3] for _ in range(8)}
        assert ("one", "hello") in answers
        # Telemetry is off here; an endpoint of the shop may be one that is not there.
        assert {(await get(ports["8080"], "/"))[2] for _ in range(4)} == {""}
