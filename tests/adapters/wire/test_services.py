"""What is said to and by Envoy's rate limit and authorisation services, against their protos."""

import pytest
from envoy.config.core.v3 import base_pb2
from envoy.service.auth.v3 import external_auth_pb2
from envoy.service.ratelimit.v3 import rls_pb2
from envoy.type.v3 import http_status_pb2
from google.protobuf import duration_pb2
from hypothesis import given
from hypothesis import strategies as st

from adapters.wire import ext_authz, rate_limit_service
from adapters.wire.ext_authz import AuthzAnswer, AuthzQuestion
from adapters.wire.protobuf import ProtobufError
from adapters.wire.rate_limit_service import LimitAnswer, LimitStatus
from tests.adapters.wire.strategies import clean, texts

pairs = st.lists(st.tuples(texts, texts), max_size=4)


@given(texts, st.lists(pairs, max_size=4), st.integers(0, 2**32 - 1))
def test_a_rate_limit_request(
    domain: str, descriptors: list[list[tuple[str, str]]], hits: int
) -> None:
    request = rls_pb2.RateLimitRequest()
    request.ParseFromString(rate_limit_service.encode_request(domain, descriptors, hits))

    assert (request.domain, request.hits_addend) == (clean(domain), hits)
    found = [[(entry.key, entry.value) for entry in one.entries] for one in request.descriptors]
    assert found == [[(clean(key), clean(value)) for key, value in one] for one in descriptors]


units = {0: 0, 1: 1, 2: 60, 3: 3600, 4: 86400, 5: 30 * 86400, 6: 365 * 86400, 7: 7 * 86400}
counts = st.integers(0, 2**32 - 1)
statuses = st.tuples(
    st.sampled_from([0, 1, 2]),
    counts,
    st.sampled_from(sorted(units)),
    counts,
    st.integers(0, 10**9),
    counts,
)


@given(st.sampled_from([0, 1, 2]), st.lists(statuses, max_size=4))
def test_a_rate_limit_response(code: int, given: list[tuple[int, int, int, int, int, int]]) -> None:
    response = rls_pb2.RateLimitResponse(overall_code=code)
    for status, requests, unit, remaining, us, granted in given:
        response.statuses.append(
            rls_pb2.RateLimitResponse.DescriptorStatus(
                code=status,
                current_limit=rls_pb2.RateLimitResponse.RateLimit(
                    requests_per_unit=requests, unit=unit, name="n"
                ),
                limit_remaining=remaining,
                duration_until_reset=duration_pb2.Duration(
                    seconds=us // 10**6, nanos=us % 10**6 * 1000
                ),
                quota=rls_pb2.RateLimitResponse.Quota(requests=granted),
            )
        )

    assert rate_limit_service.decode_response(response.SerializeToString()) == LimitAnswer(
        code,
        [
            LimitStatus(status, requests, units[unit], remaining, -(-us // 1000), granted)
            for status, requests, unit, remaining, us, granted in given
        ],
    )


def test_the_tightest_limit_is_shown() -> None:
    def status(code: int, limit: int, remaining: int) -> LimitStatus:
        return LimitStatus(code, limit, 60, remaining, 1_000)

    free = status(1, 0, 0)
    wide = status(1, 100, 90)
    tight = status(1, 10, 3)
    over = status(2, 50, 0)
    assert LimitAnswer(1, [free, wide, tight]).tightest() is tight
    assert LimitAnswer(2, [free, wide, over, tight]).tightest() is over
    assert LimitAnswer(1, [free]).tightest() is None


@given(texts, texts, texts, texts, texts, pairs)
def test_a_check_request(
    method: str, host: str, path: str, principal: str, source: str, headers: list[tuple[str, str]]
) -> None:
    question = AuthzQuestion(method, host, path, principal, source, headers)
    request = external_auth_pb2.CheckRequest()
    request.ParseFromString(ext_authz.encode_request(question))

    http = request.attributes.request.http
    assert (http.method, http.host, http.path) == (clean(method), clean(host), clean(path))
    assert dict(http.headers) == {clean(name): clean(value) for name, value in headers}
    peer = request.attributes.source
    assert peer.principal == clean(principal)
    assert peer.address.socket_address.address == clean(source)


def option(name: str, value: str) -> base_pb2.HeaderValueOption:
    return base_pb2.HeaderValueOption(header=base_pb2.HeaderValue(key=name, value=value))


def test_an_answer_that_allows() -> None:
    response = external_auth_pb2.CheckResponse()
    response.ok_response.headers.append(option("x-user", "ann"))
    raw = base_pb2.HeaderValueOption(header=base_pb2.HeaderValue(key="x-raw", raw_value=b"\xff"))
    response.ok_response.headers.append(raw)

    assert ext_authz.decode_response(response.SerializeToString()) == AuthzAnswer(
        True, 403, b"", [("x-user", "ann"), ("x-raw", "�")]
    )
    assert ext_authz.decode_response(b"").allowed


def test_an_answer_that_denies() -> None:
    response = external_auth_pb2.CheckResponse()
    response.status.code = 16
    response.denied_response.status.code = http_status_pb2.Unauthorized
    response.denied_response.headers.append(option("www-authenticate", "Bearer"))
    response.denied_response.body = "who are you?"

    assert ext_authz.decode_response(response.SerializeToString()) == AuthzAnswer(
        False, 401, b"who are you?", [("www-authenticate", "Bearer")]
    )


def test_a_denial_without_details_is_403() -> None:
    response = external_auth_pb2.CheckResponse()
    response.status.code = 7

    assert ext_authz.decode_response(response.SerializeToString()) == AuthzAnswer(
        False, 403, b"", []
    )


def test_a_duration_beyond_all_durations_is_refused() -> None:
    response = rls_pb2.RateLimitResponse()
    response.statuses.add().duration_until_reset.seconds = 2**61
    with pytest.raises(ProtobufError, match="a duration of"):
        rate_limit_service.decode_response(response.SerializeToString())


def test_the_least_grant_counts() -> None:
    statuses = [LimitStatus(1, 9, 1, 1, 1, granted) for granted in (0, 7, 3)]
    assert LimitAnswer(1, statuses).granted() == 3
    assert LimitAnswer(1, statuses[:1]).granted() == 0
