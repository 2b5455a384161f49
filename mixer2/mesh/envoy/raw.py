"""Resources that people wrote in Envoy's own YAML."""

from mixer2.mesh.envoy.json import Json, resource_of
from mixer2.xds.envoy_json import InvalidJson
from mixer2.xds.resource import CLUSTER, ENDPOINTS, EXTENSION, LISTENER, ROUTES, Resource

_NAMES = {
    CLUSTER: "name",
    ENDPOINTS: "cluster_name",
    EXTENSION: "name",
    LISTENER: "name",
    ROUTES: "name",
}


def raw_resource(value: Json) -> Resource:
    """Make a resource of what somebody wrote.

    Raises:
        InvalidJson: it is no resource, or not what its `@type` says.
    """
    type_url = value.get("@type")
    key = _NAMES.get(str(type_url))
    if key is None or type_url is None:
        expected = ", ".join(one.rpartition(".")[2] for one in _NAMES)
        raise InvalidJson(f"expected the `@type` of a resource: {expected}", ("@type",))
    name = value.get(key)
    if not isinstance(name, str) or not name:
        raise InvalidJson(f"a {type_url.rpartition('.')[2]} needs a `{key}`")
    return resource_of(type_url, name, {one: what for one, what in value.items() if one != "@type"})
