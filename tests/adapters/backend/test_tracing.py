"""The kind `tracing`, natively and as Wasm."""

import json
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from mixer2.testhost import ConfigurationRefusedError, GrpcError, Host, Response, UpstreamFailure
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/reporting.py"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
ACCEPTED = Response(202)
TRACEPARENT = f"00-{TRACE}-{SPAN}-01"


def tracing(load: Load, *names: str, receiver: Any = ACCEPTED, **settings: object) -> Host:
    configuration = {
        "kind": "tracing",
        "settings": {"cluster": "collector", "format": "zipkin", "service": "shop", **settings},
        "names": names,
        "ints": ["attempt"],
    }
    clusters = {"collector": receiver}
    return load(FILTER, configuration, clusters=clusters, leak_check=receiver is ACCEPTED)


def spans(host: Host) -> list[dict[str, Any]]:
    return [span for one in host.http_callouts for span in json.loads(one.request.body)]


def upstream_headers(host: Host) -> Any:
    return host.upstream_requests[-1].headers


def test_a_trace_is_continued(load: Load) -> None:
    host = tracing(load)
    host.get("/users/7?secret=1", {"traceparent": TRACEPARENT, "tracestate": "a=1,b=2"})

    (span,) = spans(host)
    assert (span["traceId"], span["parentId"], span["kind"]) == (TRACE, SPAN, "SERVER")
    assert span["localEndpoint"] == {"serviceName": "shop"}
    assert span["id"] != SPAN
    sent = upstream_headers(host)
    assert sent["traceparent"] == f"00-{TRACE}-{span['id']}-01"
    assert sent["tracestate"] == "a=1,b=2"
    assert "b3" not in sent
    callout = host.http_callouts[0].request
    assert (callout.method, callout.path, callout.authority) == (
        "POST",
        "/api/v2/spans",
        "collector",
    )
    assert callout.headers["content-type"] == "application/json"


def test_a_trace_is_started(load: Load) -> None:
    host = tracing(load)
    for _ in range(3):
        host.get("/")
    found = spans(host)
    assert len({span["traceId"] for span in found}) == 3
    assert len({span["id"] for span in found}) == 3
    for span, request in zip(found, host.upstream_requests, strict=True):
        assert "parentId" not in span
        assert request.headers["traceparent"] == f"00-{span['traceId']}-{span['id']}-01"


@pytest.mark.simulated("identifiers are others in each host")
def test_workers_give_no_equal_identifiers(load: Load) -> None:
    configuration = {"kind": "tracing", "settings": {"cluster": "c"}}
    host = load(FILTER, configuration, clusters={"c": Response(200)}, workers=4)
    for number in range(8):
        host.request("GET", "/", worker=number % 4)
    sent = [request.headers["traceparent"] for request in host.upstream_requests]
    assert len({one[3:35] for one in sent}) == 8
    assert len({one[36:52] for one in sent}) == 8


def test_attributes_are_those_of_the_conventions(load: Load) -> None:
    host = tracing(load, "route", "client", "plan", "attempt")
    headers = {
        "user-agent": "curl/8",
        "route": "/users/{id}",
        "client": "10.0.0.7",
        "plan": "gold",
        "attempt": "2",
    }
    host.request("PUT", "/users/7?x=1", headers, upstream=Response(201))

    (span,) = spans(host)
    assert span["name"] == "PUT /users/{id}"
    assert span["tags"] == {
        "http.request.method": "PUT",
        "url.scheme": "http",
        "url.path": "/users/7",
        "server.address": span["tags"]["server.address"],
        "user_agent.original": "curl/8",
        "http.route": "/users/{id}",
        "client.address": "10.0.0.7",
        "plan": "gold",
        "attempt": "2",
        "http.response.status_code": "201",
    }


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("server", 200, None),
        ("server", 404, None),
        ("server", 503, "503"),
        ("client", 404, "404"),
    ],
)
def test_which_exchanges_are_errors(load: Load, kind: str, status: int, error: str | None) -> None:
    host = tracing(load, kind=kind)
    host.get("/", upstream=Response(status))
    (span,) = spans(host)
    assert span["kind"] == kind.upper()
    assert span["tags"].get("error.type") == error
    assert ("error" in span["tags"]) == (error is not None)


def test_a_method_that_is_none_is_not_the_spans_name(load: Load) -> None:
    host = tracing(load)
    host.request("BREW", "/pot")
    (span,) = spans(host)
    assert span["name"] == "HTTP"
    assert span["tags"]["http.request.method"] == "_OTHER"
    assert span["tags"]["http.request.method_original"] == "BREW"


def test_a_grpc_call_is_named_by_its_method(load: Load) -> None:
    host = tracing(load, "route")
    headers = {"content-type": "application/grpc", "route": "/x"}
    answer = Response(200, {"content-type": "application/grpc", "grpc-status": "14"})
    host.request("POST", "/shop.v1.Cart/Add", headers, upstream=answer)
    (span,) = spans(host)
    assert span["name"] == "shop.v1.Cart/Add"
    tags = span["tags"]
    assert (tags["rpc.system"], tags["rpc.service"]) == ("grpc", "shop.v1.Cart")
    assert (tags["rpc.method"], tags["rpc.grpc.status_code"]) == ("Add", "14")
    assert tags["error.type"] == "14"


def test_the_senders_decision_counts(load: Load) -> None:
    host = tracing(load, sample=0.0)
    host.get("/", {"traceparent": TRACEPARENT})
    host.get("/", {"b3": "1"})
    host.get("/", {"traceparent": TRACEPARENT[:-1] + "0"})
    host.get("/", {"b3": "0"})
    host.get("/")
    assert len(spans(host)) == 2
    decisions = [one.headers["traceparent"][-2:] for one in host.upstream_requests]
    assert decisions == ["01", "01", "00", "00", "00"]


def test_a_share_of_the_traces_is_sampled(load: Load) -> None:
    host = tracing(load, sample=0.25)
    for _ in range(400):
        host.get("/")
    assert 60 <= len(spans(host)) <= 140


def test_what_came_in_b3_goes_on_in_b3(load: Load) -> None:
    host = tracing(load)
    host.get("/", {"b3": f"{TRACE}-{SPAN}-1"})
    host.get("/", {"x-b3-traceid": TRACE, "x-b3-spanid": SPAN, "x-b3-sampled": "1"})
    one, other = spans(host)
    first, second = (request.headers for request in host.upstream_requests)
    assert first["b3"] == f"{TRACE}-{one['id']}-1-{SPAN}"
    assert (second["x-b3-spanid"], second["x-b3-parentspanid"]) == (other["id"], SPAN)
    assert first["traceparent"].startswith(f"00-{TRACE}-{one['id']}")


def test_all_formats_can_be_sent(load: Load) -> None:
    host = tracing(load, propagate=["b3", "b3multi"])
    host.get("/")
    (span,) = spans(host)
    sent = upstream_headers(host)
    assert "traceparent" not in sent
    assert sent["b3"] == f"{span['traceId']}-{span['id']}-1"
    assert (sent["x-b3-traceid"], sent["x-b3-sampled"]) == (span["traceId"], "1")


def test_a_state_without_its_context_is_dropped(load: Load) -> None:
    host = tracing(load)
    host.get("/", {"tracestate": "a=1"})
    assert "tracestate" not in upstream_headers(host)


def otlp_names(data: bytes) -> list[str]:
    request = ExportTraceServiceRequest.FromString(data)
    names = []
    for resource_spans in request.resource_spans:
        (scope_spans,) = getattr(resource_spans, resource_spans.DESCRIPTOR.fields_by_number[2].name)
        names += [span.name for span in scope_spans.spans]
    return names


def test_otlp_over_http(load: Load) -> None:
    host = tracing(load, format="otlp_http")
    host.get("/")
    (callout,) = host.http_callouts
    assert callout.request.path == "/v1/traces"
    assert callout.request.headers["content-type"] == "application/x-protobuf"
    assert otlp_names(callout.request.body) == ["GET"]
    assert host.log_lines == ["delivered"]


def over_grpc(load: Load, answer: bytes | GrpcError | None) -> Host:
    settings = {"cluster": "collector", "format": "otlp_grpc"}
    configuration = {"kind": "tracing", "settings": settings}
    services = {"collector": answer}
    return load(FILTER, configuration, grpc_services=services, leak_check=answer == b"")


def test_otlp_over_grpc(load: Load) -> None:
    host = over_grpc(load, b"")
    host.get("/")
    (call,) = host.grpc_calls
    service = "opentelemetry.proto.collector.trace.v1.TraceService"
    assert (call.request.service, call.request.method) == (service, "Export")
    assert otlp_names(call.request.message) == ["GET"]
    assert host.log_lines == ["delivered"]


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (GrpcError(14, "gone"), "failed: collector: gRPC status 14 gone{via_upstream}"),
        (GrpcError(3, "what"), "refused: collector: gRPC status 3 what{via_upstream}"),
        (b"<html>", "failed: collector: field 7: wire type 4"),
        (bytes(10 * 1024 * 1024), "failed: collector: gRPC status 8 an answer of 10485760 bytes"),
        (b"\x0a\x02\x08\x05", "collector rejected 5 spans"),
    ],
    ids=["down", "refusing", "garbage", "10 MB", "partial"],
)
def test_collectors_that_fail(load: Load, answer: bytes | GrpcError, line: str) -> None:
    host = over_grpc(load, answer)
    assert host.get("/").status == 200
    assert host.log_lines[0] == line


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (UpstreamFailure.REFUSED, "failed: collector: unreachable"),
        (UpstreamFailure.TIMEOUT, "failed: collector: timeout"),
        (UpstreamFailure.RESET, "failed: collector: broken"),
        (Response(503), "failed: collector: HTTP status 503"),
        (Response(429), "failed: collector: HTTP status 429"),
        (Response(400), "refused: collector: HTTP status 400"),
        (Response(200, {}, bytes(10 * 1024 * 1024)), "delivered"),
    ],
    ids=["down", "slow", "reset", "503", "429", "400", "10 MB"],
)
def test_receivers_that_fail(load: Load, answer: Response | UpstreamFailure, line: str) -> None:
    host = tracing(load, receiver=answer)
    assert host.get("/").status == 200
    assert host.log_lines[0] == line


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"format": "jaeger"}, "settings.format: expected one of otlp_http, otlp_grpc, zipkin"),
        ({"cluster": ""}, "settings.cluster: expected a text, got none"),
        ({"sample": 1.5}, "settings.sample: expected 0 to 1, got 1.5"),
        ({"propagate": ["w3c", "w4c"]}, "settings.propagate[1]: expected one of w3c, b3, b3multi"),
        ({"kind": "producer"}, "settings.kind: expected one of server, client, got producer"),
    ],
)
def test_settings_without_meaning_are_refused(
    load: Load, settings: dict[str, object], reason: str
) -> None:
    with pytest.raises(ConfigurationRefusedError) as caught:
        tracing(load, **settings)
    assert reason in str(caught.value)
