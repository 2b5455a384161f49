"""The parts of the world, their ports and files: the same for processes and for containers.

Containers share the network of the machine, so an address is the same from everywhere.
"""

import json
import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from e2e.world.identities import Identities
from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress, XdsTls
from mixer2.envoy.stat_tags import WELL_KNOWN_LABELS

HOST = "127.0.0.1"
LABELS = (*WELL_KNOWN_LABELS, "api", "closed_by", "rule", "handler", "backend", "kind")

SERVER = "server"
EDGE = "edge"
INNER = "inner"
UPSTREAM = "upstream"
COLLECTOR = "collector"
PROMETHEUS = "prometheus"
REDIS = "redis"
QUOTA = "quota"
KAFKA = "kafka"

ANY_NODE = "node"
"""Whose certificate Envoys show where a mesh file has one path for all of them."""

ALWAYS = (UPSTREAM, COLLECTOR, SERVER, EDGE, INNER)

USER_LIMIT = 100
LIMITS = f"""
domain: world
descriptors:
- {{key: user, rate_limit: {{unit: year, requests_per_unit: {USER_LIMIT}}}}}
"""

_PORTS = (
    *("xds", "status", "modules", "edge_http", "edge_tls", "edge_sniff", "edge_kafka"),
    *("edge_admin", "inner_http", "inner_tls", "inner_admin", "upstream", "upstream_tls"),
    *("collector", "prometheus", "redis", "quota", "kafka"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Addresses and files.

    Attributes:
        folder: All files; containers see it under the same path.
        identities: Certificates of the parts.
        ports: TCP ports on the loopback interface, by use.
    """

    folder: Path
    identities: Identities
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path) -> "Plan":
        """Choose free ports, and write the files that the parts start with."""
        plan = cls(folder, Identities(folder / "identities"), free_ports(_PORTS))
        for part in (SERVER, QUOTA, EDGE, INNER, ANY_NODE, UPSTREAM):
            plan.identities.issue(part)
        plan._write_bootstraps()
        plan._write_prometheus()
        plan.mesh.write_text("version: 1\n", encoding="utf-8")
        plan.limits.write_text(LIMITS, encoding="utf-8")
        # Containers run as somebody else.
        folder.chmod(0o755)
        (folder / "state").mkdir()
        (folder / "state").chmod(0o777)
        return plan

    @property
    def mesh(self) -> Path:
        """The mesh file."""
        return self.folder / "mesh.yaml"

    @property
    def limits(self) -> Path:
        """What the quota server counts."""
        return self.folder / "limits.yaml"

    @property
    def state(self) -> Path:
        """What the server keeps."""
        return self.folder / "state"

    def bootstrap(self, node: str) -> Path:
        """What an Envoy starts with."""
        return self.folder / f"{node}.json"

    def environment(self) -> dict[str, str]:
        """Ports and files as the variables of the compose file."""
        ports = {f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        folders = {"FOLDER": str(self.folder), "IDENTITIES": str(self.identities.folder)}
        return {**os.environ, **ports, **folders}

    def write_mesh(self, text: str) -> None:
        """Put another mesh file in place of the last one, at once."""
        new = self.mesh.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.mesh)

    def _write_bootstraps(self) -> None:
        for node in (EDGE, INNER):
            internal = {
                "name": "envoy.bootstrap.internal_listener",
                "typed_config": {
                    "@type": "type.googleapis.com/"
                    "envoy.extensions.bootstrap.internal_listener.v3.InternalListener"
                },
            }
            admin = TcpAddress(HOST, self.ports[f"{node}_admin"])
            own = self.identities.of(node)
            bootstrap = Bootstrap(
                # Where the server asks for stats (`observe` of the mesh file).
                node=Node(node, metadata={"admin": str(admin)}),
                xds=TcpAddress(HOST, self.ports["xds"]),
                xds_tls=XdsTls(
                    str(self.identities.ca),
                    str(own.certificate),
                    str(own.key),
                    server_name=self.identities.dns_name(SERVER),
                ),
                admin=admin,
                labels=LABELS,
                reconnect_max=1.0,
                extra={"bootstrap_extensions": [internal]},
            )
            self.bootstrap(node).write_text(bootstrap.to_json(), encoding="utf-8")

    def _write_prometheus(self) -> None:
        targets = [f"{HOST}:{self.ports[f'{node}_admin']}" for node in (EDGE, INNER)]
        # JSON is YAML.
        configuration = {
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [
                {
                    "job_name": "envoy",
                    "metrics_path": "/stats/prometheus",
                    "static_configs": [{"targets": targets}],
                }
            ],
        }
        path = self.folder / "prometheus.yaml"
        path.write_text(json.dumps(configuration), encoding="utf-8")


def free_ports(names: tuple[str, ...]) -> dict[str, int]:
    """A free TCP port for each name."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in names]
        for one in sockets:
            one.bind((HOST, 0))
        return {name: one.getsockname()[1] for name, one in zip(names, sockets, strict=True)}
