"""The kinds `global_rate_limit` and `quota`, natively and as Wasm."""

from collections.abc import Callable
from typing import Any

import pytest
from envoy.service.ratelimit.v3 import rls_pb2

from mixer2.testhost import ConfigurationRefusedError, GrpcError, GrpcRequest, Host
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/checking.py"
RateLimitResponse: Any = rls_pb2.RateLimitResponse
OK = RateLimitResponse.OK
OVER = RateLimitResponse.OVER_LIMIT


def answer(code: int, remaining: int = 0, granted: int = 0, reset_ms: int = 1_500) -> bytes:
    response = RateLimitResponse(overall_code=code)
    status = response.statuses.add(code=code, limit_remaining=remaining)
    status.current_limit.requests_per_unit = 10
    status.current_limit.unit = RateLimitResponse.RateLimit.MINUTE
    status.duration_until_reset.FromMilliseconds(reset_ms)
    if granted:
        status.quota.requests = granted
    data: bytes = response.SerializeToString()
    return data


def asking(
    load: Load, service: bytes | GrpcError | Callable[[GrpcRequest], bytes] | None, kind: str
) -> Host:
    configuration = {
        "kind": kind,
        "settings": {"cluster": "quota", "domain": "edge"},
        "names": ["user", "plan"],
    }
    return load(FILTER, configuration, grpc_services={"quota": service})


def test_the_service_is_asked_about_the_values(load: Load) -> None:
    seen: list[GrpcRequest] = []

    def answering(request: GrpcRequest) -> bytes:
        seen.append(request)
        return answer(OK, remaining=7)

    host = asking(load, answering, "global_rate_limit")
    response = host.get("/", {"user": "ann", "plan": "gold"})

    assert response.status == 200
    assert response.headers["x-ratelimit-limit"] == "10, 10;w=60"
    assert response.headers["x-ratelimit-remaining"] == "7"
    assert response.headers["x-ratelimit-reset"] == "2"
    request = rls_pb2.RateLimitRequest.FromString(seen[0].message)
    assert (request.domain, request.hits_addend) == ("edge", 1)
    (descriptor,) = request.descriptors
    entries = [(entry.key, entry.value) for entry in descriptor.entries]
    assert entries == [("user", "ann"), ("plan", "gold")]
    assert (seen[0].service, seen[0].method) == (
        "envoy.service.ratelimit.v3.RateLimitService",
        "ShouldRateLimit",
    )
    assert seen[0].timeout == 200
    # An answer that allows is for this request only.
    assert host.log_lines[0] == "True 0 0 "


def test_a_refusal_holds_until_the_window_ends(load: Load) -> None:
    host = asking(load, answer(OVER), "global_rate_limit")
    response = host.get("/", {"user": "ann"})
    assert response.status == 429
    assert response.headers["retry-after"] == "2"
    assert host.log_lines[0] == "False 1500 0 rate_limited"
    assert host.upstream_requests == []


def test_a_quota_grants_uses_for_the_rest_of_the_window(load: Load) -> None:
    host = asking(load, answer(OK, granted=40), "quota")
    assert host.get("/", {"user": "ann", "x-amount": "100"}).status == 200
    assert host.log_lines[0] == "True 1500 40 "
    call = host.grpc_calls[0]
    request = rls_pb2.RateLimitRequest.FromString(call.request.message)
    assert request.hits_addend == 100
    assert (call.request.service, call.request.method) == ("mixer2.quota.v1.QuotaService", "Take")


def test_without_a_limit_a_quota_allows_for_a_second(load: Load) -> None:
    unlimited = RateLimitResponse(overall_code=OK, statuses=[{"code": OK}]).SerializeToString()
    host = asking(load, unlimited, "quota")
    assert host.get("/").status == 200
    assert host.log_lines[0] == "True 1000 0 "


def test_a_service_that_grants_nothing_ahead_is_asked_each_time(load: Load) -> None:
    host = asking(load, answer(OK, remaining=3), "quota")
    assert host.get("/", {"x-amount": "100"}).status == 200
    assert host.log_lines[0] == "True 0 0 "


FAILURES = [
    (GrpcError(14, "gone"), "failed: quota: gRPC status 14 gone{via_upstream}"),
    (b"<html>", "failed: quota: field 7: wire type 4"),
    (b"", "failed: quota: answer of unknown code 0"),
    (bytes(10 * 1024 * 1024), "failed: quota: gRPC status 8 an answer of 10485760 bytes"),
]


@pytest.mark.parametrize(("service", "reason"), FAILURES, ids=["down", "html", "empty", "10 MB"])
def test_what_is_no_answer_is_a_failure(
    load: Load, service: bytes | GrpcError, reason: str
) -> None:
    host = asking(load, service, "global_rate_limit")
    assert host.get("/").status == 599
    assert host.log_lines[0] == reason


def test_a_slow_service_is_a_failure(load: Load) -> None:
    host = asking(load, None, "global_rate_limit")
    exchange = host.open()
    assert exchange.request_is_held
    host.advance(0.2)
    assert exchange.response.status == 599


def test_a_service_that_the_proxy_does_not_know_is_a_failure(load: Load) -> None:
    configuration = {"kind": "quota", "settings": {"cluster": "nowhere"}, "names": ["user"]}
    host = load(FILTER, configuration)
    assert host.get("/").status == 599


@pytest.mark.parametrize(
    ("settings", "names", "reason"),
    [
        ({}, ["user"], "settings.cluster: expected a text, got none"),
        ({"cluster": "c"}, [], "settings.domain: a rule without values has no descriptor"),
        ({"cluster": "c", "burst": 1}, ["user"], "settings.burst: unknown field"),
    ],
)
def test_settings_without_meaning_are_refused(
    load: Load, settings: dict[str, object], names: list[str], reason: str
) -> None:
    configuration = {"kind": "quota", "settings": settings, "names": names}
    with pytest.raises(ConfigurationRefusedError) as caught:
        load(FILTER, configuration)
    assert reason in str(caught.value)
