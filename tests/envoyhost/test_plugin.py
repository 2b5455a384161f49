"""`pytest --envoy`: one test body in three hosts, and what differs between them is shown."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.envoy

FILTER = """
from pal import Action, HttpContext, PluginContext, log
from pal.metrics import Counter


class Greeting(HttpContext):
    def __init__(self, plugin: "GreetingPlugin") -> None:
        super().__init__(plugin)
        self._counter = plugin.greetings

    def on_request_headers(self, end_of_stream: bool) -> Action:
        if self.request_headers.get("x-lost") is not None:
            return self.send_local_response(403, b"lost")
        return Action.CONTINUE

    def on_response_headers(self, end_of_stream: bool) -> Action:
        self._counter.increment()
        log.info("hello")
        self.response_headers.set("x-hello", "from Python")
        return Action.CONTINUE


class GreetingPlugin(PluginContext):
    def on_configure(self) -> bool:
        self.greetings = Counter("greetings_total")
        return self.configuration != b"refuse"

    def create_http_context(self) -> HttpContext:
        return Greeting(self)
"""

EQUAL = """
import pytest
from mixer2.testhost import ConfigurationRefusedError, Response, UpstreamFailure


def test_a_response(load):
    host = load("greeting.py")
    response = host.get("/x", {"x-a": "1"}, upstream=Response(201, body=b"hi"))
    assert (response.status, response.body) == (201, b"hi")
    assert response.headers["x-hello"] == "from Python"
    assert host.upstream_requests[0].headers["x-a"] == "1"
    assert host.stats["greetings_total"] == 1
    assert host.log_lines == ["hello"]
    assert any("proxy_on_response_headers" in line for line in host.transcript.lines)


def test_bodies_and_trailers(load):
    host = load("greeting.py")
    answer = Response(200, body=[b"c", b"d"], trailers={"x-u": "2"})
    response = host.post("/", [b"a", b"b"], upstream=answer)
    assert host.upstream_requests[0].body == b"ab"
    assert (response.body, response.trailers) == (b"cd", {"x-u": "2"})


def test_a_local_response(load):
    host = load("greeting.py")
    assert host.get("/", {"x-lost": "1"}).status == 403
    assert host.upstream_requests == []


@pytest.mark.parametrize("failure", [UpstreamFailure.REFUSED, UpstreamFailure.CLOSED])
def test_failures(load, failure):
    assert load("greeting.py").get("/", upstream=failure).status == 503


def test_step_by_step(load):
    host = load("greeting.py")
    exchange = host.open("POST", "/", body=None)
    exchange.send_data(b"a")
    exchange.send_data(b"b", True)
    assert exchange.upstream_request.body == b"ab"
    exchange.respond(Response(204))
    assert exchange.response.status == 204


def test_the_next_test_starts_at_zero(load):
    host = load("greeting.py")
    host.get("/")
    assert host.stats["greetings_total"] == 1


def test_refused(load):
    with pytest.raises(ConfigurationRefusedError, match="configure base Wasm plugin"):
        load("greeting.py", "refuse")


def test_two_proxies(load):
    one, other = load("greeting.py"), load("greeting.py")
    one.get("/")
    assert (one.stats["greetings_total"], other.stats.get("greetings_total", 0)) == (1, 0)
"""

DIFFERENT = """
from mixer2.testhost import HeaderMap
from mixer2.testhost.exchange import Exchange


def test_a_lie(load, monkeypatch):
    host = load("greeting.py")
    if type(host).__module__.startswith("mixer2.testhost"):
        # As if the test host did not do as Envoy.
        host.open("GET", "/", {"x-other": "1"})
    else:
        host.open("GET", "/")


def test_an_assertion_that_fails_in_envoy_only(load):
    host = load("greeting.py")
    host.get("/")
    assert type(host).__module__.startswith("mixer2.testhost")


def test_of_the_clock(load):
    host = load("greeting.py")
    host.advance(3600)


def test_of_attributes(load):
    load("greeting.py", attributes={"source.address": "1.2.3.4:5"})
"""


def run(folder: Path, tests: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "greeting.py").write_text(FILTER)
    (folder / "test_greeting.py").write_text(tests)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_equal_passes_three_times(tmp_path: Path) -> None:
    ran = run(tmp_path, EQUAL, "--envoy")

    assert ran.returncode == 0, ran.stdout
    assert "27 passed" in ran.stdout


def test_without_the_option_there_is_no_envoy(tmp_path: Path) -> None:
    ran = run(tmp_path, EQUAL)

    assert "18 passed" in ran.stdout, ran.stdout


def test_what_differs_is_shown_and_what_cannot_be_done_is_skipped(tmp_path: Path) -> None:
    ran = run(tmp_path, DIFFERENT, "--envoy")

    assert ran.returncode == 1
    assert "1 failed, 9 passed, 2 skipped" in ran.stdout, ran.stdout
    assert "1 error" in ran.stdout
    assert "Envoy did not do as the test host" in ran.stdout
    assert "-    x-other: 1" in ran.stdout
    assert "-  [host->vm] proxy_on_request_headers(2, 7, 1)" in ran.stdout
    assert "+  [host->vm] proxy_on_request_headers(2, 6, 1)" in ran.stdout
    assert "test_an_assertion_that_fails_in_envoy_only[envoy]" in ran.stdout
    assert "not in Envoy: Envoy's clock cannot be moved" in ran.stdout
    assert "not in Envoy: load(attributes=...) is for the test hosts only" in ran.stdout


ASKS_FOR_THE_LEVEL = """
def test_the_level(load):
    host = load("asking.py")
    host.get("/")
    assert host.log_lines == ["debug is off"]
"""


def test_a_plugin_that_asks_for_the_log_level_sees_the_tests(tmp_path: Path) -> None:
    said = 'log.info("debug is " + ("on" if log.enabled(log.DEBUG) else "off"))'
    (tmp_path / "asking.py").write_text(FILTER.replace('log.info("hello")', said))

    ran = run(tmp_path, ASKS_FOR_THE_LEVEL, "--envoy")

    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout
