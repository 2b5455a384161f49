"""What the builders build, read back as protobuf. (The real Envoy takes it: test_with_envoy.)"""

from dataclasses import replace
from typing import Any

import pytest
from google.protobuf import json_format

from mixer2.xds import protos
from mixer2.xds.builders.cluster import eds_cluster
from mixer2.xds.builders.endpoint import Endpoint, load_assignment
from mixer2.xds.builders.extension import HTTP_WASM, FailurePolicy, WasmPlugin, wasm_filter
from mixer2.xds.builders.listener import AccessLog, http_listener
from mixer2.xds.builders.route import Route, route_configuration
from mixer2.xds.errors import DuplicateResource, InconsistentSnapshot, InvalidResource
from mixer2.xds.gateway import HttpGateway, Service
from mixer2.xds.resource import (
    CLUSTER,
    ENDPOINTS,
    EXTENSION,
    LISTENER,
    ROUTES,
    Reference,
    Resource,
)
from tests.xds.probe import probe

GATEWAY = HttpGateway(
    port=8080,
    services=[Service("web", [Endpoint("127.0.0.1", 9000)])],
    routes=[Route("/", "web")],
    plugins=[WasmPlugin(name="probe", module=probe("aaaa"))],
)


def as_json(message: Any) -> dict[str, Any]:
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def wasm_of(resource: Resource) -> Any:
    """The plugin configuration inside an ECDS resource."""
    config = protos.TypedExtensionConfig.FromString(resource.value)
    assert config.name == resource.name
    assert config.typed_config.type_url == HTTP_WASM
    return protos.HttpWasm.FromString(config.typed_config.value).config


def test_endpoints() -> None:
    resource = load_assignment("web", [Endpoint("127.0.0.1", 80), Endpoint("::1", 81, weight=3)])
    assert (resource.type_url, resource.name, resource.references) == (ENDPOINTS, "web", ())
    (locality,) = as_json(protos.ClusterLoadAssignment.FromString(resource.value))["endpoints"]
    addresses = [one["endpoint"]["address"]["socket_address"] for one in locality["lb_endpoints"]]
    assert addresses == [
        {"address": "127.0.0.1", "port_value": 80},
        {"address": "::1", "port_value": 81},
    ]
    assert [one["load_balancing_weight"] for one in locality["lb_endpoints"]] == [1, 3]


def test_a_service_may_be_down() -> None:
    message = protos.ClusterLoadAssignment.FromString(load_assignment("web", []).value)
    assert as_json(message) == {"cluster_name": "web", "endpoints": [{}]}


def test_endpoints_have_addresses_not_names() -> None:
    with pytest.raises(InvalidResource, match="localhost:80: expected an IP address"):
        Endpoint("localhost", 80)


def test_a_cluster_refers_to_its_endpoints() -> None:
    resource = eds_cluster("web", connect_timeout=0.25)
    assert resource.references == (Reference(ENDPOINTS, "web"),)
    assert as_json(protos.Cluster.FromString(resource.value)) == {
        "name": "web",
        "type": "EDS",
        "connect_timeout": "0.250s",
        "eds_cluster_config": {"eds_config": {"ads": {}, "resource_api_version": "V3"}},
    }
    assert eds_cluster("web", http2=True) != resource


def test_routes_refer_to_each_cluster_once() -> None:
    resource = route_configuration(
        "r", [Route("/a", "x", timeout=0), Route("/", "y"), Route("/b", "x")]
    )
    assert resource.references == (Reference(CLUSTER, "x"), Reference(CLUSTER, "y"))
    (host,) = as_json(protos.RouteConfiguration.FromString(resource.value))["virtual_hosts"]
    assert host["domains"] == ["*"]
    assert host["routes"][0] == {
        "match": {"prefix": "/a"},
        "route": {"cluster": "x", "timeout": "0s"},
    }


def test_a_prefix_starts_with_a_slash() -> None:
    with pytest.raises(InvalidResource, match="route prefix 'a': expected a leading slash"):
        Route("a", "x")


def test_a_listener_refers_to_its_routes_and_plugins() -> None:
    resource = http_listener("l", address="::", port=80, routes="r", plugins=["a", "b"])
    assert resource.references == (
        Reference(ROUTES, "r"),
        Reference(EXTENSION, "a"),
        Reference(EXTENSION, "b"),
    )
    listener = protos.Listener.FromString(resource.value)
    (chain,) = listener.filter_chains
    manager = protos.HttpConnectionManager()
    chain.filters[0].typed_config.Unpack(manager)
    assert [one.name for one in manager.http_filters] == ["a", "b", "envoy.filters.http.router"]
    assert list(manager.http_filters[0].config_discovery.type_urls) == [HTTP_WASM]
    assert not manager.access_log


def test_a_listener_may_write_an_access_log() -> None:
    log = AccessLog("/dev/stdout", "%PROTOCOL%\n")
    resource = http_listener("l", address="127.0.0.1", port=80, routes="r", access_log=log)
    assert b"/dev/stdout" in resource.value
    assert b"%PROTOCOL%\n" in resource.value


def test_a_plugin_names_its_code_by_its_digest() -> None:
    resource = wasm_filter(WasmPlugin(name="probe", module=probe("aaaa")))
    config = wasm_of(resource)
    assert config.vm_config.vm_id == f"mixer2-{probe('aaaa').digest[:16]}"
    assert config.vm_config.code.local.inline_bytes == probe("aaaa").code
    assert (config.name, config.root_id) == ("probe", "probe")
    assert config.allow_on_headers_stop_iteration.value is True
    other = wasm_of(wasm_filter(WasmPlugin(name="probe", module=probe("bbbb"))))
    assert other.vm_config.vm_id != config.vm_config.vm_id


@pytest.mark.parametrize("policy", FailurePolicy)
def test_the_failure_policy_is_explicit(policy: FailurePolicy) -> None:
    names = {
        FailurePolicy.RELOAD: "FAIL_RELOAD",
        FailurePolicy.CLOSED: "FAIL_CLOSED",
        FailurePolicy.OPEN: "FAIL_OPEN",
    }
    plugin = WasmPlugin(name="probe", module=probe("aaaa"), failure_policy=policy)
    assert as_json(wasm_of(wasm_filter(plugin)))["failure_policy"] == names[policy]


@pytest.mark.parametrize(
    ("configuration", "kind"),
    [(b"{}", "StringValue"), (b"", "StringValue"), (b"\xff", "BytesValue")],
)
def test_the_configuration_arrives_as_it_is(configuration: bytes, kind: str) -> None:
    plugin = WasmPlugin(name="probe", module=probe("aaaa"), configuration=configuration)
    packed = wasm_of(wasm_filter(plugin)).configuration
    assert packed.type_url == f"type.googleapis.com/google.protobuf.{kind}"
    value = getattr(protos, kind).FromString(packed.value).value
    assert (value.encode() if kind == "StringValue" else value) == configuration


def test_the_same_gateway_is_the_same_snapshot() -> None:
    assert GATEWAY.snapshot().version == replace(GATEWAY).snapshot().version
    assert len(GATEWAY.snapshot()) == 5


def test_another_configuration_changes_the_plugin_alone() -> None:
    plugin = replace(GATEWAY.plugins[0], configuration=b"other")
    before, after = GATEWAY.snapshot(), replace(GATEWAY, plugins=[plugin]).snapshot()
    changed = [
        url
        for url in (CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES)
        if before.version_of_type(url) != after.version_of_type(url)
    ]
    assert changed == [EXTENSION]


def test_a_route_to_nowhere_is_refused() -> None:
    with pytest.raises(InconsistentSnapshot, match="RDS 'http' refers to CDS 'nowhere'"):
        replace(GATEWAY, routes=[Route("/", "nowhere")]).snapshot()


def test_two_plugins_of_one_name_are_refused() -> None:
    with pytest.raises(DuplicateResource, match="ECDS 'probe' is in the snapshot twice"):
        replace(GATEWAY, plugins=[*GATEWAY.plugins, *GATEWAY.plugins]).snapshot()
