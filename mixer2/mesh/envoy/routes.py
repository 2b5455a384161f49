"""Route tables."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mixer2.mesh.envoy.json import EXTENSIONS, Json, given, percentage, resource_of, seconds
from mixer2.mesh.schema.routes import (
    Fault,
    HeaderMatch,
    Headers,
    Match,
    Redirect,
    Retry,
    Rule,
    VirtualHost,
)
from mixer2.xds.resource import CLUSTER, ROUTES, Reference, Resource

FAULT_FILTER = "envoy.filters.http.fault"
_FILTER_CONFIG = "type.googleapis.com/envoy.config.route.v3.FilterConfig"
_REDIRECTS = {
    301: "MOVED_PERMANENTLY",
    302: "FOUND",
    303: "SEE_OTHER",
    307: "TEMPORARY_REDIRECT",
    308: "PERMANENT_REDIRECT",
}


def has_faults(table: Sequence[VirtualHost]) -> bool:
    """Tell whether some rule makes faults on purpose."""
    return any(rule.fault is not None for host in table for rule in host.rules)


def route_table(
    name: str, table: Sequence[VirtualHost], filters: Mapping[str, Collection[str]]
) -> Resource:
    """Build a route table.

    Args:
        name: The RDS name.
        table: Its virtual hosts.
        filters: For each filter of the mesh, the names that it has on listeners.
    """
    hosts = [
        {
            "name": f"{name}-{index}",
            "domains": host.hosts,
            "routes": [route for rule in host.rules for route in _routes(rule, filters)],
        }
        for index, host in enumerate(table)
    ]
    services = (one.service for host in table for rule in host.rules for one in rule.to or ())
    references = dict.fromkeys(Reference(CLUSTER, service) for service in services)
    value = {"name": name, "virtual_hosts": hosts}
    return resource_of(ROUTES, name, value, references)


def _routes(rule: Rule, filters: Mapping[str, Collection[str]]) -> list[Json]:
    per_filter: Json = {}
    for name, on in rule.filters.items():
        for known_as in filters.get(name, ()):
            per_filter[known_as] = _switch(on=on)
    if rule.fault is not None:
        per_filter[FAULT_FILTER] = _fault(rule.fault)
    route = given(
        match=_match(rule.match),
        typed_per_filter_config=per_filter or None,
        **_headers("request", rule.request_headers),
        **_headers("response", rule.response_headers),
        **_action(rule),
    )
    return [route]


def _switch(*, on: bool) -> Json:
    # With `config`, even an empty one, Envoy takes it for "on here".
    return (
        {"@type": _FILTER_CONFIG, "config": {}}
        if on
        else {"@type": _FILTER_CONFIG, "disabled": True}
    )


def _match(match: Match) -> Json:
    if match.path is not None:
        path: Json = {"path": match.path}
    elif match.regex is not None:
        path = {"safe_regex": {"regex": match.regex}}
    else:
        path = {"prefix": match.prefix or "/"}
    headers = [_header(name, one) for name, one in match.headers.items()]
    if match.methods:
        headers.append(_header(":method", HeaderMatch(regex="|".join(match.methods))))
    query = [
        {"name": name, "string_match": {"exact": value}} for name, value in match.query.items()
    ]
    return given(**path, headers=headers or None, query_parameters=query or None)


def _header(name: str, match: HeaderMatch) -> Json:
    if match.present is not None:
        return {"name": name, "present_match": match.present}
    if match.regex is not None:
        text: Json = {"safe_regex": {"regex": match.regex}}
    elif match.prefix is not None:
        text = {"prefix": match.prefix}
    else:
        text = {"exact": match.exact}
    return {"name": name, "string_match": text}


def _action(rule: Rule) -> Json:
    if rule.redirect is not None:
        return {"redirect": _redirect(rule.redirect)}
    if rule.respond is not None:
        body = {"inline_string": rule.respond.body} if rule.respond.body else None
        return {"direct_response": given(status=rule.respond.status, body=body)}
    return {"route": _forward(rule)}


def _redirect(redirect: Redirect) -> Json:
    return given(
        host_redirect=redirect.host,
        path_redirect=redirect.path,
        https_redirect=True if redirect.https else None,
        response_code=_REDIRECTS[redirect.status],
    )


def _forward(rule: Rule) -> Json:
    services = rule.to or ()
    destination: Json
    if len(services) == 1:
        destination = {"cluster": services[0].service}
    else:
        clusters = [{"name": one.service, "weight": one.weight} for one in services]
        destination = {"weighted_clusters": {"clusters": clusters}}
    hashing = [{"header": {"header_name": rule.hash_header}}] if rule.hash_header else None
    return given(
        **destination,
        timeout=seconds(rule.timeout),
        prefix_rewrite=rule.rewrite_prefix,
        host_rewrite_literal=rule.rewrite_host,
        hash_policy=hashing,
        retry_policy=_retry(rule.retry) if rule.retry else None,
    )


def _retry(retry: Retry) -> Json:
    back_off = {"base_interval": seconds(retry.back_off)} if retry.back_off else None
    conditions: list[str] = list(retry.on)
    if retry.statuses and "retriable-status-codes" not in conditions:
        conditions.append("retriable-status-codes")
    return given(
        retry_on=",".join(conditions),
        num_retries=retry.attempts,
        retriable_status_codes=retry.statuses or None,
        per_try_timeout=seconds(retry.per_try_timeout) if retry.per_try_timeout else None,
        retry_back_off=back_off,
    )


def _fault(fault: Fault) -> Json:
    abort = delay = None
    if fault.abort is not None:
        share = percentage(fault.abort.percent)
        abort = {"http_status": fault.abort.status, "percentage": share}
    if fault.delay is not None:
        share = percentage(fault.delay.percent)
        delay = {"fixed_delay": seconds(fault.delay.by), "percentage": share}
    return {
        "@type": EXTENSIONS + "filters.http.fault.v3.HTTPFault",
        **given(abort=abort, delay=delay),
    }


def _headers(side: str, headers: Headers | None) -> dict[str, Any]:
    if headers is None:
        return {}
    to_set = [
        {"header": {"key": name, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
        for name, value in headers.set.items()
    ]
    return given(
        **{f"{side}_headers_to_add": to_set or None},
        **{f"{side}_headers_to_remove": headers.remove or None},
    )
