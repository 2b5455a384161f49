"""The parts of the world, their ports and files: the same for processes and for containers.

Containers share the network of the machine, so an address is the same from everywhere.
"""

import json
import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from mixer2.envoy.bootstrap import Bootstrap, Node, TcpAddress
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
KAFKA = "kafka"

ALWAYS = (UPSTREAM, COLLECTOR, SERVER, EDGE, INNER)

_PORTS = (
    *("xds", "status", "modules", "edge_http", "edge_sniff", "edge_kafka", "edge_admin"),
    *("inner_http", "inner_admin", "upstream", "collector", "prometheus", "redis"),
    "kafka",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Addresses and files.

    Attributes:
        folder: All files; containers see it under the same path.
        ports: TCP ports on the loopback interface, by use.
    """

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def make(cls, folder: Path) -> "Plan":
        """Choose free ports, and write the files that the parts start with."""
        plan = cls(folder, free_ports(_PORTS))
        plan._write_bootstraps()
        plan._write_prometheus()
        plan.mesh.write_text("version: 1\n", encoding="utf-8")
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
    def state(self) -> Path:
        """What the server keeps."""
        return self.folder / "state"

    def bootstrap(self, node: str) -> Path:
        """What an Envoy starts with."""
        return self.folder / f"{node}.json"

    def environment(self) -> dict[str, str]:
        """Ports and files as the variables of the compose file."""
        ports = {f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        return {**os.environ, **ports, "FOLDER": str(self.folder)}

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
            bootstrap = Bootstrap(
                node=Node(node),
                xds=TcpAddress(HOST, self.ports["xds"]),
                admin=TcpAddress(HOST, self.ports[f"{node}_admin"]),
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
