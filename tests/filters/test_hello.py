"""The filter of the README."""

import pytest

from mixer2.testhost import Response
from mixer2.testhost.plugin import Load

pytestmark = pytest.mark.cpython

HELLO = "filters/hello.py"


def test_every_response_says_hello(load: Load) -> None:
    host = load(HELLO)

    assert host.get("/").headers["x-hello"] == "from Python"
    assert host.post("/", body=b"data").headers["x-hello"] == "from Python"
    assert host.get("/", upstream=Response(503)).headers["x-hello"] == "from Python"


def test_the_rest_stays_as_it_was(load: Load) -> None:
    host = load(HELLO)
    upstream = Response(404, {"x-hello": "from upstream", "x-other": "1"}, b"no such thing")

    response = host.get("/where", headers={"x-a": "b"}, upstream=upstream)

    assert response.status == 404
    assert response.body == b"no such thing"
    assert response.headers["x-other"] == "1"
    assert response.headers.get_all("x-hello") == ["from Python"]
    assert host.upstream_requests[0].path == "/where"
    assert host.upstream_requests[0].headers["x-a"] == "b"
    assert host.log == []
