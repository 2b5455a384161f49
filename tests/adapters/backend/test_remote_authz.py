"""The kind `remote_authz`, natively and as Wasm."""

from typing import Any

import pytest
from envoy.service.auth.v3 import external_auth_pb2
from envoy.type.v3 import http_status_pb2

from mixer2.testhost import (
    ConfigurationRefusedError,
    GrpcError,
    Host,
    Request,
    Response,
    UpstreamFailure,
)
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/checking.py"
CLIENT = {
    "method": "PUT",
    "path": "/users/7?x=1",
    "principal": "spiffe://shop/cart",
    "source": "10.0.0.7",
    "authorization": "Bearer abc",
    "x_plan": "gold",
}


def asking(load: Load, answer: Any, **settings: Any) -> Host:
    configuration = {
        "kind": "remote_authz",
        "settings": {"cluster": "authz", **settings},
        "names": ["authorization", "x_plan"],
    }
    if settings.get("protocol") == "http":
        return load(FILTER, configuration, clusters={"authz": answer})
    return load(FILTER, configuration, grpc_services={"authz": answer})


def denial() -> bytes:
    response = external_auth_pb2.CheckResponse()
    response.status.code = 16
    response.denied_response.status.code = http_status_pb2.Unauthorized
    response.denied_response.body = "who are you?"
    header = response.denied_response.headers.add().header
    header.key, header.value = "www-authenticate", "Bearer"
    data: bytes = response.SerializeToString()
    return data


def permission() -> bytes:
    response = external_auth_pb2.CheckResponse()
    header = response.ok_response.headers.add().header
    header.key, header.value = "x-user", "ann"
    data: bytes = response.SerializeToString()
    return data


def test_over_grpc_the_service_learns_who_wants_what(load: Load) -> None:
    host = asking(load, permission())
    assert host.get("/", CLIENT).status == 200
    assert host.upstream_requests[0].headers["x-user"] == "ann"
    assert host.log_lines == ["True 5000 0 "]
    (call,) = host.grpc_calls
    assert (call.request.service, call.request.method) == (
        "envoy.service.auth.v3.Authorization",
        "Check",
    )
    check = external_auth_pb2.CheckRequest.FromString(call.request.message).attributes
    http = check.request.http
    assert (http.method, http.host, http.path) == ("PUT", "example.com", "/users/7?x=1")
    assert dict(http.headers) == {"authorization": "Bearer abc", "x-plan": "gold"}
    assert check.source.principal == "spiffe://shop/cart"
    assert check.source.address.socket_address.address == "10.0.0.7"


def test_over_grpc_the_services_denial_is_the_answer(load: Load) -> None:
    host = asking(load, denial(), valid="30s")
    response = host.get("/", CLIENT)
    assert (response.status, response.body) == (401, b"who are you?")
    assert response.headers["www-authenticate"] == "Bearer"
    assert host.log_lines == ["False 30000 0 denied_by_service"]


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (GrpcError(14, "gone"), "failed: authz: gRPC status 14 gone{via_upstream}"),
        (b"<html>", "failed: authz: field 7: wire type 4"),
        (bytes(10 * 1024 * 1024), "failed: authz: gRPC status 8 an answer of 10485760 bytes"),
    ],
    ids=["down", "garbage", "10 MB"],
)
def test_over_grpc_what_is_no_answer_is_a_failure(
    load: Load, answer: bytes | GrpcError, line: str
) -> None:
    host = asking(load, answer)
    assert host.get("/", CLIENT).status == 599
    assert host.log_lines[0] == line


def test_over_http_the_service_learns_who_wants_what(load: Load) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(204, {"x-user": "ann", "x-other": "no"})

    host = asking(
        load,
        answer,
        protocol="http",
        path_prefix="/check",
        upstream_headers=["X-User", "x-role"],
    )
    assert host.get("/", {**CLIENT, "x-role": "root"}).status == 200
    upstream = host.upstream_requests[0].headers
    assert (upstream["x-user"], upstream["x-role"]) == ("ann", "")
    assert "x-other" not in upstream
    (request,) = seen
    assert (request.method, request.path) == ("PUT", "/check/users/7?x=1")
    assert request.headers["authorization"] == "Bearer abc"
    assert request.headers["x-plan"] == "gold"
    assert request.headers["x-forwarded-host"] == "example.com"
    assert request.headers["x-forwarded-for"] == "10.0.0.7"


def test_over_http_the_services_denial_is_the_answer(load: Load) -> None:
    answer = Response(302, {"location": "/login", "x-secret": "1"}, b"go there")
    host = asking(load, answer, protocol="http", valid="0s")
    response = host.get("/", CLIENT)
    assert (response.status, response.body) == (302, b"go there")
    assert response.headers["location"] == "/login"
    assert "x-secret" not in response.headers
    assert host.log_lines == ["False 0 0 denied_by_service"]


def test_over_http_a_long_denial_is_without_its_body(load: Load) -> None:
    host = asking(load, Response(403, {}, bytes(10 * 1024 * 1024)), protocol="http")
    response = host.get("/", CLIENT)
    assert (response.status, response.body) == (403, b"")


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (UpstreamFailure.REFUSED, "failed: authz: unreachable"),
        (UpstreamFailure.TIMEOUT, "failed: authz: timeout"),
        (UpstreamFailure.RESET, "failed: authz: broken"),
        (Response(500), "failed: authz: HTTP status 500"),
        (Response(100), "failed: authz: HTTP status 100"),
    ],
)
def test_over_http_what_is_no_answer_is_a_failure(
    load: Load, answer: Response | UpstreamFailure, line: str
) -> None:
    host = asking(load, answer, protocol="http")
    assert host.get("/", CLIENT).status == 599
    assert host.log_lines[0] == line


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"cluster": ""}, "settings.cluster: expected a text, got none"),
        ({"protocol": "soap"}, "settings.protocol: expected grpc or http, got soap"),
        ({"path_prefix": "x"}, "settings.path_prefix: expected a path"),
        ({"upstream_headers": ["a", "b c"]}, "settings.upstream_headers[1]: not a header name"),
        ({"valid": "long"}, "settings.valid: expected a duration"),
    ],
)
def test_settings_without_meaning_are_refused(
    load: Load, settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ConfigurationRefusedError) as caught:
        asking(load, b"", **settings)
    assert reason in str(caught.value)
