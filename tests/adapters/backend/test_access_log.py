"""The kind `access_log`, natively and as Wasm."""

import json

import pytest

from mixer2.testhost import ConfigurationRefusedError, Host, Response, UpstreamFailure
from mixer2.testhost.plugin import Load

FILTER = "tests/adapters/backend/reporting.py"


def logging(load: Load, batch: int = 1, **settings: object) -> Host:
    configuration = {
        "kind": "access_log",
        "settings": settings,
        "names": ["x-user"],
        "batch": batch,
    }
    return load(FILTER, configuration, clusters={"logs": Response(204)})


def test_lines_of_json_in_the_proxys_log(load: Load) -> None:
    host = logging(load)
    host.get("/a", {"x-user": "ann"}, upstream=Response(404))
    (line,) = host.log_lines
    found = json.loads(line)
    assert (found["path"], found["code"], found["x-user"]) == ("/a", 404, "ann")
    assert "request_bytes" not in found


def test_lines_of_a_template(load: Load) -> None:
    host = logging(load, template="{method} {path} {code} {response_bytes} {x-user}")
    host.get("/a", upstream=Response(200, {}, b"12345"))
    method, path, code, size, user = host.log_lines[0].split()
    assert (method, path, code, user) == ("GET", "/a", "200", "-")
    assert int(size) >= 5


def test_batches_over_http(load: Load) -> None:
    host = logging(load, batch=3, cluster="logs", path="/ingest", sizes=True)
    for number in range(6):
        host.get(f"/{number}")
    first, second = (one.request for one in host.http_callouts)
    assert (first.method, first.path, first.authority) == ("POST", "/ingest", "logs")
    assert first.headers["content-type"] == "application/x-ndjson"
    lines = (first.body + second.body).decode().splitlines()
    assert [json.loads(line)["path"] for line in lines] == [f"/{n}" for n in range(6)]
    assert json.loads(lines[0])["request_bytes"] > 0


def test_a_template_is_sent_as_text(load: Load) -> None:
    host = logging(load, cluster="logs", template="{path}")
    host.get("/x")
    request = host.http_callouts[0].request
    assert (request.body, request.headers["content-type"]) == (
        b"/x\n",
        "text/plain; charset=utf-8",
    )


def test_a_receiver_that_is_down_does_not_hold_traffic(load: Load) -> None:
    configuration = {"kind": "access_log", "settings": {"cluster": "logs"}}
    clusters = {"logs": UpstreamFailure.REFUSED}
    host = load(FILTER, configuration, clusters=clusters, leak_check=False)
    assert host.get("/").status == 200
    assert host.log_lines == ["failed: logs: unreachable"]


def test_a_template_without_meaning_is_refused(load: Load) -> None:
    with pytest.raises(ConfigurationRefusedError) as caught:
        logging(load, template="{user}")
    assert "settings.template: unknown field {user}; there are time" in str(caught.value)
