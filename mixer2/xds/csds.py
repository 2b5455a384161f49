"""The client status discovery service: what every node has of every resource, for machines.

For the most part this is the server's view: whether a resource is with the node (SYNCED), on its
way (STALE), refused (ERROR), or asked for and not to be had (NOT_SENT).

Source: envoy/service/status/v3/csds.proto; type/matcher/v3/{node,string,struct,value}.proto.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mixer2.xds import protos
from mixer2.xds.errors import Overloaded, ProtocolError
from mixer2.xds.messages import Node
from mixer2.xds.nodes import NodeStatus
from mixer2.xds.rejections import Rejection
from mixer2.xds.resource import Resource
from mixer2.xds.type_status import TypeStatus

SERVICE = "envoy.service.status.v3.ClientStatusDiscoveryService"

_MOST_BYTES = 64 << 20  # of resources in one response


def client_status(data: bytes, nodes: Iterable[NodeStatus]) -> bytes:
    """Answer a ClientStatusRequest.

    Args:
        data: The request.
        nodes: All nodes.

    Returns:
        A ClientStatusResponse: of the nodes that any matcher fits, or of all when there is none.

    Raises:
        ProtocolError: it is no request, or has a matcher that there is not here.
        Overloaded: that would be more than 64 MiB; it could leave out the contents.
    """
    request = protos.parsed(protos.ClientStatusRequest, data)
    matchers = [_node_matcher(one) for one in request.node_matchers]
    response = protos.ClientStatusResponse()
    size = 0
    for status in nodes:
        if matchers and not any(fits(status.node) for fits in matchers):
            continue
        config = response.config.add()
        protos.set_node(config.node, status.node)
        for of_type in status.types.values():
            for one in _configs(of_type, contents=not request.exclude_resource_contents):
                size += len(one.xds_config.value)
                config.generic_xds_configs.append(one)
        if size > _MOST_BYTES:
            raise Overloaded(
                f"more than {_MOST_BYTES >> 20} MiB of resources: ask for fewer nodes, or with "
                "exclude_resource_contents"
            )
    return protos.serialised(response)


def _configs(status: TypeStatus, *, contents: bool) -> Iterator[Any]:
    held, sent = status.held, {one.name: one for one in status.sent}
    rejections = {one.name: one for one in status.rejections}
    for name in sorted({*held, *sent, *rejections, *status.names}):
        one = protos.ClientConfig.GenericXdsConfig(type_url=status.type_url, name=name)
        resource = held.get(name)
        if resource is not None:
            _describe(one, resource, contents=contents)
        if status.acked_at is not None:
            one.last_updated.FromDatetime(status.acked_at)
        one.config_status, one.client_status = _state(
            resource, sent.get(name), rejections.get(name)
        )
        rejection = rejections.get(name)
        if rejection is not None:
            one.error_state.details = rejection.reason
            one.error_state.version_info = rejection.version
            one.error_state.last_update_attempt.FromDatetime(rejection.since)
        yield one


def _describe(one: Any, resource: Resource, *, contents: bool) -> None:
    one.version_info = resource.version
    if contents and resource.known:
        one.xds_config.type_url, one.xds_config.value = resource.type_url, resource.value


def _state(
    held: Resource | None, sent: Resource | None, rejection: Rejection | None
) -> tuple[int, int]:
    server, client = protos.ConfigStatus, protos.ClientResourceStatus
    if sent is not None and sent != held:
        return server.Value("STALE"), client.Value("REQUESTED")
    if rejection is not None:
        return server.Value("ERROR"), client.Value("NACKED")
    if held is not None:
        return server.Value("SYNCED"), client.Value("ACKED")
    return server.Value("NOT_SENT"), client.Value("DOES_NOT_EXIST")


def _node_matcher(matcher: Any) -> Callable[[Node], bool]:
    by_id = _string_matcher(matcher.node_id) if matcher.HasField("node_id") else None
    values = [
        ([segment.key for segment in one.path], _value_matcher(one.value))
        for one in matcher.node_metadatas
    ]

    def fits(node: Node) -> bool:
        return (by_id is None or by_id(node.id)) and all(
            value_fits(_at(node.metadata, path)) for path, value_fits in values
        )

    return fits


def _at(metadata: Any, path: Iterable[str]) -> Any:
    found = metadata
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _value_matcher(matcher: Any) -> Callable[[Any], bool]:
    match matcher.WhichOneof("match_pattern"):
        case "null_match":
            return lambda value: value is None
        case "bool_match":
            return lambda value: value is matcher.bool_match
        case "present_match":
            return lambda value: (value is not None) is matcher.present_match
        case "string_match":
            fits = _string_matcher(matcher.string_match)
            return lambda value: isinstance(value, str) and fits(value)
        case other:
            raise ProtocolError(
                f"metadata can be matched by string, bool, null, present; not {other}"
            )


def _string_matcher(matcher: Any) -> Callable[[str], bool]:
    kind = matcher.WhichOneof("match_pattern")
    tests: dict[str, Callable[[str, str], bool]] = {
        "exact": str.__eq__,
        "prefix": str.startswith,
        "suffix": str.endswith,
        "contains": str.__contains__,
    }
    if kind not in tests:
        # A regular expression from outside could keep the whole server busy.
        raise ProtocolError(f"text can be matched by {', '.join(tests)}; not by {kind}")
    test, pattern = tests[kind], getattr(matcher, kind)
    if matcher.ignore_case:
        return lambda text: test(text.lower(), pattern.lower())
    return lambda text: test(text, pattern)
