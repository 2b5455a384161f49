"""What an operator and a client see when a filter raises."""

import ast
from pathlib import Path

import pytest

from mixer2.testhost import ConfigurationRefusedError, Host, LogLevel
from mixer2.testhost.plugin import Load

pytestmark = pytest.mark.cpython

FILTER = "failing.py"
SOURCE = Path(__file__).with_name(FILTER)
ERRORS = "mixer2_callback_errors_total{plugin=failing}"


def lines_of(class_name: str, callback: str) -> tuple[int, int]:
    """Where the callback calls `_callback`, and where that raises."""
    tree = ast.parse(SOURCE.read_text())
    (found,) = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == class_name)
    methods = {n.name: n for n in found.body if isinstance(n, ast.FunctionDef)}
    called = next(
        n.lineno for n in methods[callback].body if ast.unparse(n).startswith("self._callback(")
    )
    (raised,) = (n.lineno for n in ast.walk(methods["_callback"]) if isinstance(n, ast.Raise))
    return called, raised


def traceback(class_name: str, callback: str) -> str:
    called, raised = lines_of(class_name, callback)
    return (
        "Traceback (most recent call last):\n"
        f'  File "failing.py", line {called}, in {callback}\n'
        f'  File "failing.py", line {raised}, in _callback\n'
        f"failing.FailingError: in {callback}"
    )


def assert_told_once(host: Host, class_name: str, callback: str) -> None:
    (line,) = host.log
    assert line.level is LogLevel.ERROR
    assert line.message == traceback(class_name, callback)
    assert host.stats[ERRORS] == 1


@pytest.mark.simulated("one part of a body is one callback, as in HTTP/2")
@pytest.mark.parametrize(
    "callback", ["on_request_headers", "on_request_body", "on_response_headers", "on_log"]
)
def test_by_default_the_request_passes(load: Load, callback: str) -> None:
    host = load(FILTER, {"raise_in": callback})

    response = host.post("/", body=[b"data"])

    assert response.status == 200
    assert host.upstream_requests[0].body == b"data"
    assert_told_once(host, "Failing", callback)


@pytest.mark.parametrize("callback", ["on_request_headers", "on_request_body"])
def test_a_plugin_may_refuse_the_request_instead(load: Load, callback: str) -> None:
    host = load(FILTER, {"raise_in": callback, "refuse": True})

    exchange = host.open("POST", "/", body=[b"data"])

    assert exchange.response.status == 500
    assert exchange.details == "mixer2_callback_error"
    assert_told_once(host, "Failing", callback)


def test_a_refused_response_is_replaced(load: Load) -> None:
    host = load(FILTER, {"raise_in": "on_response_headers", "refuse": True})

    assert host.get("/").status == 500
    assert host.stats[ERRORS] >= 1


@pytest.mark.parametrize(("refuse", "status"), [(False, 200), (True, 500)])
def test_a_context_that_cannot_be_made(load: Load, refuse: bool, status: int) -> None:
    host = load(FILTER, {"raise_in": "create_http_context", "refuse": refuse})

    assert host.get("/").status == status
    assert_told_once(host, "FailingPlugin", "create_http_context")


def test_the_vm_survives(load: Load) -> None:
    host = load(FILTER, {"raise_in": "on_request_headers"})

    assert [host.get("/").status for _ in range(20)] == [200] * 20
    assert host.stats[ERRORS] == 20


@pytest.mark.parametrize(
    ("raise_in", "last_line"),
    [
        ("on_configure", "failing.FailingError: in on_configure"),
        ("refuse on_configure", "configuration refused: on_configure returned False"),
    ],
)
def test_a_configuration_is_refused(load: Load, raise_in: str, last_line: str) -> None:
    with pytest.raises(ConfigurationRefusedError) as refused:
        load(FILTER, {"raise_in": raise_in})

    assert str(refused.value).endswith(last_line)
