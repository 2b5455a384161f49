"""The protobuf messages of xDS, and our own messages to and from their bytes.

The only module that imports the generated code of xds-protos. That has no type stubs, so its
classes are Any here; a wrong field name raises ValueError where the message is built.
"""

from typing import Any

from envoy.admin.v3 import config_dump_shared_pb2
from envoy.config.accesslog.v3 import accesslog_pb2
from envoy.config.cluster.v3 import cluster_pb2
from envoy.config.core.v3 import (
    address_pb2,
    base_pb2,
    config_source_pb2,
    extension_pb2,
    http_uri_pb2,
    protocol_pb2,
    substitution_format_string_pb2,
)
from envoy.config.endpoint.v3 import endpoint_components_pb2, endpoint_pb2
from envoy.config.listener.v3 import listener_components_pb2, listener_pb2
from envoy.config.route.v3 import route_components_pb2, route_pb2
from envoy.extensions.access_loggers.file.v3 import file_pb2
from envoy.extensions.access_loggers.wasm.v3 import wasm_pb2 as access_log_wasm_pb2
from envoy.extensions.filters.http.lua.v3 import lua_pb2
from envoy.extensions.filters.http.router.v3 import router_pb2
from envoy.extensions.filters.http.wasm.v3 import wasm_pb2 as http_wasm_pb2
from envoy.extensions.filters.network.http_connection_manager.v3 import (
    http_connection_manager_pb2,
)
from envoy.extensions.filters.network.rbac.v3 import rbac_pb2
from envoy.extensions.filters.network.wasm.v3 import wasm_pb2 as network_wasm_pb2
from envoy.extensions.upstreams.http.v3 import http_protocol_options_pb2
from envoy.extensions.wasm.v3 import wasm_pb2
from envoy.service.discovery.v3 import discovery_pb2
from envoy.service.status.v3 import csds_pb2
from google.protobuf import any_pb2, duration_pb2, json_format, wrappers_pb2
from google.protobuf.message import DecodeError, Message

from mixer2.xds.errors import ProtocolError
from mixer2.xds.messages import DeltaRequest, Node, Request, Response
from mixer2.xds.resource import Resource

AccessLog: Any = accesslog_pb2.AccessLog
Address: Any = address_pb2.Address
AggregatedConfigSource: Any = config_source_pb2.AggregatedConfigSource
AsyncDataSource: Any = base_pb2.AsyncDataSource
BoolValue: Any = wrappers_pb2.BoolValue
BytesValue: Any = wrappers_pb2.BytesValue
CapabilityRestriction: Any = wasm_pb2.CapabilityRestrictionConfig
ClientConfig: Any = csds_pb2.ClientConfig
ClientResourceStatus: Any = config_dump_shared_pb2.ClientResourceStatus
ClientStatusRequest: Any = csds_pb2.ClientStatusRequest
ClientStatusResponse: Any = csds_pb2.ClientStatusResponse
Cluster: Any = cluster_pb2.Cluster
ClusterLoadAssignment: Any = endpoint_pb2.ClusterLoadAssignment
ConfigStatus: Any = csds_pb2.ConfigStatus
ConfigSource: Any = config_source_pb2.ConfigSource
DataSource: Any = base_pb2.DataSource
DeltaDiscoveryRequest: Any = discovery_pb2.DeltaDiscoveryRequest
DeltaDiscoveryResponse: Any = discovery_pb2.DeltaDiscoveryResponse
DiscoveryRequest: Any = discovery_pb2.DiscoveryRequest
DiscoveryResource: Any = discovery_pb2.Resource
DiscoveryResponse: Any = discovery_pb2.DiscoveryResponse
Endpoint: Any = endpoint_components_pb2.Endpoint
EnvironmentVariables: Any = wasm_pb2.EnvironmentVariables
ExtensionConfigSource: Any = config_source_pb2.ExtensionConfigSource
FileAccessLog: Any = file_pb2.FileAccessLog
Filter: Any = listener_components_pb2.Filter
FilterChain: Any = listener_components_pb2.FilterChain
Http2ProtocolOptions: Any = protocol_pb2.Http2ProtocolOptions
HttpConnectionManager: Any = http_connection_manager_pb2.HttpConnectionManager
HttpFilter: Any = http_connection_manager_pb2.HttpFilter
HttpProtocolOptions: Any = http_protocol_options_pb2.HttpProtocolOptions
HttpUri: Any = http_uri_pb2.HttpUri
HttpWasm: Any = http_wasm_pb2.Wasm
LbEndpoint: Any = endpoint_components_pb2.LbEndpoint
Listener: Any = listener_pb2.Listener
LocalityLbEndpoints: Any = endpoint_components_pb2.LocalityLbEndpoints
Lua: Any = lua_pb2.Lua
NetworkRbac: Any = rbac_pb2.RBAC
NetworkWasm: Any = network_wasm_pb2.Wasm
PluginConfig: Any = wasm_pb2.PluginConfig
Rds: Any = http_connection_manager_pb2.Rds
RemoteDataSource: Any = base_pb2.RemoteDataSource
Route: Any = route_components_pb2.Route
RouteAction: Any = route_components_pb2.RouteAction
RouteConfiguration: Any = route_pb2.RouteConfiguration
RouteMatch: Any = route_components_pb2.RouteMatch
Router: Any = router_pb2.Router
SanitizationConfig: Any = wasm_pb2.SanitizationConfig
SocketAddress: Any = address_pb2.SocketAddress
StringValue: Any = wrappers_pb2.StringValue
SubstitutionFormatString: Any = substitution_format_string_pb2.SubstitutionFormatString
TypedExtensionConfig: Any = extension_pb2.TypedExtensionConfig
UInt32Value: Any = wrappers_pb2.UInt32Value
VirtualHost: Any = route_components_pb2.VirtualHost
VmConfig: Any = wasm_pb2.VmConfig
WasmAccessLog: Any = access_log_wasm_pb2.WasmAccessLog

_MOST_METADATA = 64 * 1024  # bytes of a node's metadata; Envoy's own is empty

_LONGEST_ID = 1024  # characters

API_V3: int = config_source_pb2.ApiVersion.V3


def pack(message: Message) -> any_pb2.Any:
    """Return `message` in an Any."""
    packed = any_pb2.Any()
    packed.Pack(message, deterministic=True)
    return packed


def serialised(message: Message) -> bytes:
    """Return the bytes of `message`; the same message always has the same bytes."""
    return message.SerializeToString(deterministic=True)


def seconds(value: float) -> duration_pb2.Duration:
    """Return `value` seconds as a Duration."""
    duration = duration_pb2.Duration()
    duration.FromNanoseconds(round(value * 1e9))
    return duration


def from_json(fields: dict[str, Any], message: Any) -> Any:
    """Fill a message from its JSON, with or without the type that stands in an `Any`'s."""
    named = {name: value for name, value in fields.items() if name != "@type"}
    return json_format.ParseDict(named, message)


def parsed(message: Any, data: bytes) -> Any:
    """Read a message of a class.

    Raises:
        ProtocolError: `data` is none.
    """
    try:
        return message.FromString(data)
    except DecodeError as error:
        raise ProtocolError(f"not a {message.DESCRIPTOR.name}: {error}") from error


def set_node(message: Any, node: Node) -> None:
    """Write a node into a core.v3.Node."""
    message.id, message.cluster, message.user_agent_name = node.id, node.cluster, node.agent
    json_format.ParseDict(dict(node.metadata), message.metadata)
    message.locality.region = node.region
    message.locality.zone, message.locality.sub_zone = node.zone, node.sub_zone


def from_ads() -> Any:
    """Return the ConfigSource that means: over the stream on which this came."""
    return ConfigSource(ads=AggregatedConfigSource(), resource_api_version=API_V3)


def decode_request(data: bytes) -> Request:
    """Read a DiscoveryRequest.

    Raises:
        ProtocolError: `data` is none.
    """
    message = parsed(DiscoveryRequest, data)
    return Request(
        type_url=message.type_url,
        names=tuple(message.resource_names),
        version=message.version_info,
        nonce=message.response_nonce,
        error=message.error_detail.message if message.HasField("error_detail") else None,
        node=_node(message.node) if message.HasField("node") else None,
    )


def decode_delta_request(data: bytes) -> DeltaRequest:
    """Read a DeltaDiscoveryRequest.

    Raises:
        ProtocolError: `data` is none.
    """
    message = parsed(DeltaDiscoveryRequest, data)
    return DeltaRequest(
        type_url=message.type_url,
        subscribe=tuple(message.resource_names_subscribe),
        unsubscribe=tuple(message.resource_names_unsubscribe),
        held=dict(message.initial_resource_versions),
        nonce=message.response_nonce,
        error=message.error_detail.message if message.HasField("error_detail") else None,
        node=_node(message.node) if message.HasField("node") else None,
    )


def encode_response(response: Response, node: Node) -> bytes:
    """Return the bytes of a DiscoveryResponse for a node."""
    message = DiscoveryResponse(
        type_url=response.type_url, version_info=response.version, nonce=response.nonce
    )
    for one in response.resources:
        if one.ttl is not None and node.expires:
            wrapped = DiscoveryResource(name=one.name, version=response.version)
            wrapped.resource.type_url, wrapped.resource.value = one.type_url, one.value
            wrapped.ttl.CopyFrom(seconds(one.ttl))
            message.resources.append(pack(wrapped))
        else:
            message.resources.add(type_url=one.type_url, value=one.value)
    return serialised(message)


def encode_delta_response(response: Response, _node: Node) -> bytes:
    """Return the bytes of a DeltaDiscoveryResponse."""
    message = DeltaDiscoveryResponse(
        type_url=response.type_url,
        system_version_info=response.version,
        nonce=response.nonce,
        removed_resources=response.removed,
    )
    for one in response.resources:
        added = message.resources.add(name=one.name, version=one.version)
        added.resource.type_url, added.resource.value = one.type_url, one.value
        _set_ttl(added, one)
    for one in response.heartbeats:
        _set_ttl(message.resources.add(name=one.name, version=one.version), one)
    return serialised(message)


def _set_ttl(message: Any, resource: Resource) -> None:
    if resource.ttl is not None:
        message.ttl.CopyFrom(seconds(resource.ttl))


def _node(message: Any) -> Node:
    if message.metadata.ByteSize() > _MOST_METADATA:
        raise ProtocolError(f"node.metadata has more than {_MOST_METADATA} bytes")
    if max(len(message.id), len(message.cluster)) > _LONGEST_ID:
        raise ProtocolError(f"node.id and node.cluster have more than {_LONGEST_ID} characters")
    version = message.user_agent_build_version.version
    release = f"{version.major_number}.{version.minor_number}.{version.patch}"
    return Node(
        id=message.id,
        cluster=message.cluster,
        metadata=json_format.MessageToDict(message.metadata),
        region=message.locality.region,
        zone=message.locality.zone,
        sub_zone=message.locality.sub_zone,
        features=frozenset(message.client_features),
        agent=f"{message.user_agent_name} {message.user_agent_version or release}".strip(),
    )
