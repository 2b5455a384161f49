"""Writes every attribute that has a value, in the callback that the request's path names."""

from pal import Action, HttpContext, PluginContext, attributes, log
from pal.facts import connection, installation, request, response, upstream


class Facts:
    """Lines `subject.function=value`."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def text(self, name: str, value: str | None) -> None:
        if value is not None:
            self.lines.append(f"{name}={value}")

    def number(self, name: str, value: int | None) -> None:
        if value is not None:
            self.lines.append(f"{name}={value}")

    def flag(self, name: str, value: bool | None) -> None:
        if value is not None:
            self.lines.append(f"{name}={value}")

    def data(self, name: str, value: bytes | None) -> None:
        if value is not None:
            self.lines.append(f"{name}={value.decode('utf-8', 'surrogateescape')}")

    def pairs(self, name: str, values: list[tuple[str, str]]) -> None:
        for key, value in values:
            self.lines.append(f"{name}.{key}={value}")


def request_facts(facts: Facts) -> None:
    """Those of `pal.facts.request`."""
    facts.text("request.path", request.path())
    facts.text("request.url_path", request.url_path())
    facts.text("request.query", request.query())
    facts.text("request.host", request.host())
    facts.text("request.scheme", request.scheme())
    facts.text("request.method", request.method())
    facts.text("request.referer", request.referer())
    facts.text("request.user_agent", request.user_agent())
    facts.text("request.request_id", request.request_id())
    facts.text("request.protocol", request.protocol())
    facts.pairs("request.headers", request.headers())
    facts.text("request.header", request.header("X-Fact"))
    facts.number("request.started_ns", request.started_ns())
    facts.number("request.duration_ns", request.duration_ns())
    facts.number("request.body_bytes", request.body_bytes())
    facts.number("request.headers_bytes", request.headers_bytes())
    facts.number("request.total_bytes", request.total_bytes())


def response_facts(facts: Facts) -> None:
    """Those of `pal.facts.response`."""
    facts.number("response.code", response.code())
    facts.text("response.code_details", response.code_details())
    facts.number("response.grpc_status", response.grpc_status())
    facts.number("response.flags", response.flags())
    facts.pairs("response.headers", response.headers())
    facts.text("response.header", response.header("X-Fact"))
    facts.pairs("response.trailers", response.trailers())
    facts.number("response.body_bytes", response.body_bytes())
    facts.number("response.headers_bytes", response.headers_bytes())
    facts.number("response.total_bytes", response.total_bytes())
    facts.number("response.backend_latency_ns", response.backend_latency_ns())


def connection_facts(facts: Facts) -> None:
    """Those of `pal.facts.connection`."""
    facts.text("connection.source_address", connection.source_address())
    facts.number("connection.source_port", connection.source_port())
    facts.text("connection.destination_address", connection.destination_address())
    facts.number("connection.destination_port", connection.destination_port())
    facts.number("connection.number", connection.number())
    facts.flag("connection.is_mutual_tls", connection.is_mutual_tls())
    facts.text("connection.server_name", connection.server_name())
    facts.text("connection.tls_version", connection.tls_version())
    facts.text("connection.subject_local", connection.subject_local())
    facts.text("connection.subject_peer", connection.subject_peer())
    facts.text("connection.dns_san_local", connection.dns_san_local())
    facts.text("connection.dns_san_peer", connection.dns_san_peer())
    facts.text("connection.uri_san_local", connection.uri_san_local())
    facts.text("connection.uri_san_peer", connection.uri_san_peer())
    facts.text("connection.peer_digest", connection.peer_digest())
    facts.text("connection.termination_details", connection.termination_details())
    facts.text("connection.transport_failure_reason", connection.transport_failure_reason())


def upstream_facts(facts: Facts) -> None:
    """Those of `pal.facts.upstream`."""
    facts.text("upstream.address", upstream.address())
    facts.number("upstream.port", upstream.port())
    facts.text("upstream.local_address", upstream.local_address())
    facts.number("upstream.pool_ready_duration_ns", upstream.pool_ready_duration_ns())
    facts.number("upstream.endpoint_count", upstream.endpoint_count())
    facts.number("upstream.request_attempt_count", upstream.request_attempt_count())
    facts.text("upstream.zone", upstream.zone())
    facts.text("upstream.region", upstream.region())
    facts.text("upstream.sub_zone", upstream.sub_zone())
    facts.text("upstream.tls_version", upstream.tls_version())
    facts.text("upstream.subject_local", upstream.subject_local())
    facts.text("upstream.subject_peer", upstream.subject_peer())
    facts.text("upstream.dns_san_local", upstream.dns_san_local())
    facts.text("upstream.dns_san_peer", upstream.dns_san_peer())
    facts.text("upstream.uri_san_local", upstream.uri_san_local())
    facts.text("upstream.uri_san_peer", upstream.uri_san_peer())
    facts.text("upstream.peer_digest", upstream.peer_digest())
    facts.text("upstream.transport_failure_reason", upstream.transport_failure_reason())


def installation_facts(facts: Facts) -> None:
    """Those of `pal.facts.installation`."""
    facts.text("installation.plugin_name", installation.plugin_name())
    facts.text("installation.plugin_root_id", installation.plugin_root_id())
    facts.text("installation.plugin_vm_id", installation.plugin_vm_id())
    facts.text("installation.node_id", installation.node_id())
    facts.text("installation.node_cluster", installation.node_cluster())
    facts.text("installation.node_zone", installation.node_zone())
    facts.text("installation.node_metadata", installation.node_metadata("K"))
    facts.text("installation.cluster_name", installation.cluster_name())
    facts.data("installation.cluster_metadata", installation.cluster_metadata())
    facts.text("installation.route_name", installation.route_name())
    facts.data("installation.route_metadata", installation.route_metadata())
    facts.text("installation.virtual_host_name", installation.virtual_host_name())
    facts.data("installation.virtual_host_metadata", installation.virtual_host_metadata())
    facts.number("installation.listener_direction", installation.listener_direction())
    facts.data("installation.listener_metadata", installation.listener_metadata())
    facts.text("installation.filter_chain_name", installation.filter_chain_name())
    facts.data("installation.upstream_host_metadata", installation.upstream_host_metadata())
    facts.data("installation.upstream_locality_metadata", installation.upstream_locality_metadata())


def all_facts() -> str:
    """All of them, and values of other kinds."""
    facts = Facts()
    request_facts(facts)
    response_facts(facts)
    connection_facts(facts)
    upstream_facts(facts)
    installation_facts(facts)
    double = attributes.get_double("test.double")
    if double is not None:
        facts.text("double", repr(double))
    for name, value in attributes.get_map("test.map"):
        facts.data(f"map.{name}", value)
    for item in attributes.get_list("test.list"):
        facts.data("list", item)
    return "\n".join(facts.lines)


class Stating(HttpContext):
    def __init__(self, plugin: PluginContext) -> None:
        super().__init__(plugin)
        self._when = ""

    def on_request_headers(self, end_of_stream: bool) -> Action:
        self._when = self.request_headers.get(":path") or ""
        self._state("/request?q=1")
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        self._state("/response")
        return Action.CONTINUE

    def on_log(self) -> None:
        self._state("/log?q=1")

    def _state(self, when: str) -> None:
        if self._when == when:
            log.info(all_facts())


class StatingPlugin(PluginContext):
    def create_http_context(self) -> HttpContext:
        return Stating(self)
