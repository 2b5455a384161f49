"""Native: what a stock Envoy can be configured to do."""

from bench.variants.variant import TYPE, Chain, Json, Setting, Variant
from bench.works import F1, F2, F3, HEADER, Work

_STATS = "envoy.extensions.access_loggers.stats.v3.Config"
_HEADER_MUTATION = "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation"
_LOCAL_RATE_LIMIT = "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"

_F2_LABELS = {
    "tenant": "%REQ(x-tenant)%",
    "method": "%REQ(:method)%",
    "host": "%REQ(:authority)%",
    "agent": "%REQ(user-agent)%",
    "code": "%RESPONSE_CODE%",
    "flags": "%RESPONSE_FLAGS%",
    "protocol": "%PROTOCOL%",
    "route": "%ROUTE_NAME%",
}


def native_f1(work: Work = F1) -> Variant:
    """The stats access logger and the header mutation filter."""

    def chain(_: Setting) -> Chain:
        return Chain(
            filters=tuple(_add_header(number) for number in range(work.stack)),
            access_log=tuple(_count_per_tenant() for _ in range(work.stack)),
        )

    return Variant(
        "native",
        work,
        chain,
        note="stats access logger + header_mutation; the logger keeps no bound on tenants",
    )


def native_f2() -> Variant:
    """The stats access logger."""
    return Variant(
        "native",
        F2,
        lambda _: Chain(access_log=(_telemetry(),)),
        note="stats access logger; counts response bytes only, and duration in ms",
    )


def native_f3() -> Variant:
    """The local rate limit filter: one bucket for all workers, in atomics."""

    def chain(setting: Setting) -> Chain:
        bucket = setting.bucket
        share = {"default_value": {"numerator": 100}}
        return Chain(
            filters=(
                _filter(
                    "bench.rate_limit",
                    _LOCAL_RATE_LIMIT,
                    stat_prefix="bench_f3",
                    token_bucket={
                        "max_tokens": bucket.capacity,
                        "tokens_per_fill": max(1, bucket.per_second // 20),
                        "fill_interval": "0.05s" if bucket.per_second else "3600s",
                    },
                    filter_enabled=share,
                    filter_enforced=share,
                ),
            )
        )

    return Variant("native", F3, chain, note="local_ratelimit")


def _filter(name: str, message: str, **fields: object) -> Json:
    return {"name": name, "typed_config": {"@type": TYPE + message, **fields}}


def _add_header(number: int) -> Json:
    name, value = HEADER
    append = {
        "header": {"key": name, "value": value},
        "append_action": "APPEND_IF_EXISTS_OR_ADD",
    }
    mutations = {"response_mutations": [{"append": append}]}
    return _filter(f"bench.header_{number}", _HEADER_MUTATION, mutations=mutations)


def _count_per_tenant() -> Json:
    stat = {
        "name": "requests_total",
        "tags": [{"name": "tenant", "value_format": "%REQ(x-tenant)%"}],
    }
    return _filter(
        "bench.stats",
        _STATS,
        stat_prefix="bench_f1",
        counters=[{"stat": stat, "value_fixed": 1}],
    )


def _telemetry() -> Json:
    tags = [{"name": name, "value_format": value} for name, value in _F2_LABELS.items()]
    logger = _filter(
        "bench.stats",
        _STATS,
        stat_prefix="bench_f2",
        counters=[{"stat": {"name": "bytes_total", "tags": tags}, "value_format": "%BYTES_SENT%"}],
        histograms=[{"stat": {"name": "duration_ms", "tags": tags}, "value_format": "%DURATION%"}],
    )
    health_check = {
        "name": ":path",
        "string_match": {"exact": "/healthz"},
        "invert_match": True,
    }
    return {**logger, "filter": {"header_filter": {"header": health_check}}}
