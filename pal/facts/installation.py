"""Attributes of the proxy's configuration: node, listener, route, cluster, plugin."""

from pal import attributes


def plugin_name() -> str | None:
    """Name under which the operator installed the plugin."""
    return attributes.get_str("plugin_name")


def plugin_root_id() -> str | None:
    """Root id of the plugin's installation."""
    return attributes.get_str("plugin_root_id")


def plugin_vm_id() -> str | None:
    """Id of the VM that the plugin runs in."""
    return attributes.get_str("plugin_vm_id")


def node_id() -> str | None:
    """Id of the proxy."""
    return attributes.get_str("xds.node.id")


def node_cluster() -> str | None:
    """Group of the proxy."""
    return attributes.get_str("xds.node.cluster")


def node_zone() -> str | None:
    """Zone of the proxy."""
    return attributes.get_str("xds.node.locality.zone")


def node_metadata(name: str) -> str | None:
    """A text of the proxy's metadata."""
    return attributes.get_str(f"xds\0node\0metadata\0{name}")


def cluster_name() -> str | None:
    """Cluster that the request goes to."""
    return attributes.get_str("xds.cluster_name")


def cluster_metadata() -> bytes | None:
    """Its metadata, a serialised `core.v3.Metadata`."""
    return attributes.get_bytes("xds.cluster_metadata")


def route_name() -> str | None:
    """Name of the route."""
    return attributes.get_str("xds.route_name")


def route_metadata() -> bytes | None:
    """Its metadata, a serialised `core.v3.Metadata`."""
    return attributes.get_bytes("xds.route_metadata")


def virtual_host_name() -> str | None:
    """Name of the virtual host."""
    return attributes.get_str("xds.virtual_host_name")


def virtual_host_metadata() -> bytes | None:
    """Its metadata, a serialised `core.v3.Metadata`."""
    return attributes.get_bytes("xds.virtual_host_metadata")


def listener_direction() -> int | None:
    """0 unspecified, 1 inbound, 2 outbound."""
    return attributes.get_int("xds.listener_direction")


def listener_metadata() -> bytes | None:
    """Its metadata, a serialised `core.v3.Metadata`."""
    return attributes.get_bytes("xds.listener_metadata")


def filter_chain_name() -> str | None:
    """Name of the filter chain."""
    return attributes.get_str("xds.filter_chain_name")


def upstream_host_metadata() -> bytes | None:
    """Metadata of the endpoint, a serialised `core.v3.Metadata`."""
    return attributes.get_bytes("xds.upstream_host_metadata")


def upstream_locality_metadata() -> bytes | None:
    """Metadata of the endpoint's locality, a serialised `core.v3.Metadata`."""
    return attributes.get_bytes("xds.upstream_host_locality_metadata")
