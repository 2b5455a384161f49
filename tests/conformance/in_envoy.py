"""Cases in the real Envoy: one process for many, each case with a listener of its own."""

import base64
import http.client
import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from mixer2.envoy.binary import find_envoy
from tests.conformance.case import REQUEST_ID, Case, Connection, Message, Observation
from tests.conformance.services import Services, running_services
from tests.conformance.wire import TcpUpstream, UpstreamServer, receive, run_connection, send

_START_TIMEOUT = 120.0
_AT_ONCE = 8
Upstream: TypeAlias = UpstreamServer | TcpUpstream
ENVOY_DIED = "Envoy died"
_TYPE = "type.googleapis.com/envoy.extensions"


def observe_in_envoy(cases: Sequence[Case]) -> list[Observation]:
    """Run cases in one Envoy, several at a time; those that may kill it in one of their own.

    Raises:
        RuntimeError: Envoy did not start, with what it logged.
    """
    deadly = [case for case in cases if case.is_deadly]
    harmless = [case for case in cases if not case.is_deadly]
    observed = {case.name: _observe_alone(case) for case in deadly}
    with _running(harmless) as envoy, ThreadPoolExecutor(_AT_ONCE) as pool:
        for case, observation in zip(harmless, pool.map(envoy.observe, harmless), strict=True):
            observed[case.name] = observation
    return [observed[case.name] for case in cases]


def _observe_alone(case: Case) -> Observation:
    with _running([case]) as envoy:
        observation = envoy.observe(case)
        return observation if envoy.is_alive else Observation([ENVOY_DIED], [], [])


@contextmanager
def _running(cases: Sequence[Case]) -> Iterator["_Envoy"]:
    upstreams: dict[str, Upstream] = {
        case.name: TcpUpstream()
        if isinstance(case.request, Connection)
        else UpstreamServer(case.response)
        for case in cases
    }
    with running_services() as services, tempfile.TemporaryDirectory(prefix="mixer2-") as folder:
        envoy = _Envoy(Path(folder), cases, upstreams, services)
        try:
            yield envoy
        finally:
            envoy.stop()
            for upstream in upstreams.values():
                upstream.close()


class _Envoy:
    def __init__(
        self,
        folder: Path,
        cases: Sequence[Case],
        upstreams: dict[str, Upstream],
        services: Services,
    ) -> None:
        self._services = services
        self._index = {case.name: index for index, case in enumerate(cases)}
        self._upstreams = upstreams
        self._log = folder / "envoy.log"
        self._admin = folder / "admin.sock"
        configuration = folder / "envoy.json"
        configuration.write_text(json.dumps(_bootstrap(cases, upstreams, services, self._admin)))
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *(str(find_envoy()), "-c", str(configuration), "--concurrency", "1"),
                    *("--use-dynamic-base-id", "--log-format", "%t %v"),
                ],
                stdout=log,
                stderr=log,
            )
        try:
            self._ports = self._wait()
        except BaseException:
            self.stop()
            raise

    def observe(self, case: Case) -> Observation:
        index = self._index[case.name]
        upstream = self._upstreams[case.name]
        client: list[str] = []
        if isinstance(case.request, Connection) and isinstance(upstream, TcpUpstream):
            client = run_connection(self._ports[f"case-{index}"], case.request, upstream)
        elif isinstance(case.request, Message):
            for _ in range(case.repeat):
                client += self._exchange(case, case.request)
        else:
            time.sleep(case.wait)
        time.sleep(0.05)
        called = self._services.received.get(f"/{case.slug}", [])
        lines = upstream.lines() + [line for request in called for line in request.lines()]
        return Observation(self._records(index, case), lines, client)

    def _exchange(self, case: Case, message: Message) -> list[str]:
        """Send a request; what the client got."""
        port = self._ports[f"case-{self._index[case.name]}"]
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.settimeout(case.wait)
            headers = [("host", "example.com"), ("x-request-id", REQUEST_ID), *message.headers]
            send(wire, f"{message.start} HTTP/1.1", replace(message, headers=headers), False)
            received = receive(wire, not message.start.startswith("HEAD"))
        return [] if received is None else received.lines()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _records(self, index: int, case: Case) -> list[str]:
        """What the worker's VM logged; the main thread's two VMs ran the start as well."""
        lines = self._log.read_text("utf-8", "replace").splitlines()
        main_thread = lines[0].split()[0]
        end = f"vm-{index}: "
        probe = case.probe
        return [
            probe.decode(line.partition(end)[2]).replace(f"upstream-{index}", "upstream")
            for line in lines
            if end in line and "wasm log" in line and line.split()[0] != main_thread
        ]

    def _wait(self) -> dict[str, int]:
        deadline = time.monotonic() + _START_TIMEOUT
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                if self._get("/ready").startswith("LIVE"):
                    listeners = json.loads(self._get("/listeners?format=json"))
                    return {
                        listener["name"]: listener["local_address"]["socket_address"]["port_value"]
                        for listener in listeners["listener_statuses"]
                    }
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"Envoy did not start:\n{self._log.read_text()[-4000:]}")

    def _get(self, path: str) -> str:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(5)
            wire.connect(str(self._admin))
            connection = http.client.HTTPConnection("localhost")
            connection.sock = wire
            connection.request("GET", path, headers={"connection": "close"})
            return connection.getresponse().read().decode()


def _bootstrap(
    cases: Sequence[Case], upstreams: dict[str, Upstream], services: Services, admin: Path
) -> dict[str, Any]:
    return {
        "admin": {"address": {"pipe": {"path": str(admin)}}},
        "node": {"id": "test-node", "cluster": "test-cluster"},
        "static_resources": {
            "listeners": [_listener(index, case) for index, case in enumerate(cases)],
            "clusters": [
                *(
                    _cluster(f"upstream-{index}", upstreams[case.name].port)
                    for index, case in enumerate(cases)
                ),
                *(_cluster(name, port) for name, port in services.ports.items()),
            ],
        },
    }


def _cluster(name: str, port: int) -> dict[str, Any]:
    protocol = {
        "@type": f"{_TYPE}.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http2_protocol_options": {}}
        if name.startswith("grpc")
        else {"http_protocol_options": {"enable_trailers": True}},
    }
    return {
        "name": name,
        "type": "STATIC",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": _address(port)}]}],
        },
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": protocol
        },
    }


def _address(port: int) -> dict[str, Any]:
    return {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}


def _listener(index: int, case: Case) -> dict[str, Any]:
    filters = _tcp_filters if isinstance(case.request, Connection) else _http_filters
    return {
        "name": f"case-{index}",
        **_address(0),
        "filter_chains": [{"filters": filters(index, case)}],
    }


def _tcp_filters(index: int, case: Case) -> list[dict[str, Any]]:
    proxy: dict[str, Any] = {
        "@type": f"{_TYPE}.filters.network.tcp_proxy.v3.TcpProxy",
        "stat_prefix": "test",
        "cluster": f"upstream-{index}",
    }
    if isinstance(case.request, Connection) and case.request.early_data:
        proxy["max_early_data_bytes"] = 65536
    wasm = {
        "@type": f"{_TYPE}.filters.network.wasm.v3.Wasm",
        "config": plugin_config(index, case),
    }
    return [{"name": "wasm", "typed_config": wasm}, {"name": "tcp", "typed_config": proxy}]


def _http_filters(index: int, case: Case) -> list[dict[str, Any]]:
    route = {"match": {"prefix": "/"}, "route": {"cluster": f"upstream-{index}"}}
    wasm = {
        "@type": f"{_TYPE}.filters.http.wasm.v3.Wasm",
        "config": plugin_config(index, case),
    }
    manager = {
        "@type": f"{_TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "test",
        "http_protocol_options": {"enable_trailers": True},
        "preserve_external_request_id": True,
        "route_config": {
            "virtual_hosts": [{"name": "default", "domains": ["*"], "routes": [route]}]
        },
        "http_filters": [
            {"name": "wasm", "typed_config": wasm},
            {
                "name": "router",
                "typed_config": {"@type": f"{_TYPE}.filters.http.router.v3.Router"},
            },
        ],
    }
    return [{"name": "http", "typed_config": manager}]


def plugin_config(index: int, case: Case) -> dict[str, Any]:
    """The `PluginConfig` of a case."""
    wrapper = "type.googleapis.com/google.protobuf.StringValue"
    settings = case.settings
    config: dict[str, Any] = {
        "name": "plugin",
        "root_id": "root",
        "allow_on_headers_stop_iteration": settings.get("allow_stop_iteration", True),
        "vm_config": {
            "vm_id": f"vm-{index}",
            "runtime": "envoy.wasm.runtime.v8",
            "code": {"local": {"inline_bytes": base64.b64encode(case.probe.wasm()).decode()}},
            "configuration": {"@type": wrapper, "value": settings.get("vm_configuration", "")},
            "environment_variables": {"key_values": settings.get("environment", {})},
        },
        "configuration": {"@type": wrapper, "value": settings.get("configuration", "")},
    }
    if "failure_policy" in settings:
        config["failure_policy"] = settings["failure_policy"].name
    if "reload_after" in settings:
        interval = {"base_interval": f"{settings['reload_after']}s"}
        config["reload_config"] = {"backoff": interval}
    if "capabilities" in settings:
        config["capability_restriction_config"] = {
            "allowed_capabilities": {name: {} for name in settings["capabilities"]}
        }
    return config
